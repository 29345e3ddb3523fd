"""The embedded judge: compares an output with what is expected and what was given."""

from labeltool.graders.reference.features import Features, features
from labeltool.graders.reference.fit import Fit, read_fit
from labeltool.graders.reference.judge import JudgeScores, ReferenceJudge

__all__ = ["Features", "Fit", "JudgeScores", "ReferenceJudge", "features", "read_fit"]
