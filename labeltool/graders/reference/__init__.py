"""The embedded judge: compares an output with what is expected and what was given."""

from labeltool.graders.reference.features import Features, features
from labeltool.graders.reference.judge import JudgeScores, ReferenceJudge

__all__ = ["Features", "JudgeScores", "ReferenceJudge", "features"]
