"""What a judge that computes in this process is asked, and from its settings to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from labeltool.graders.reference import JudgeScores, ReferenceJudge
from labeltool.model.rubric import Rubric


class Judge(Protocol):
    """Scores the criteria that a rubric gives to a judge."""

    @property
    def kind(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same output may get other scores."""

    def grade(
        self,
        rubric: Rubric,
        case_input: str,
        context: Sequence[str],
        expected: Sequence[str],
        output: str,
    ) -> JudgeScores: ...


def make_judge(fit: Mapping[str, Any] | None = None) -> Judge:
    """The reference judge. `fit`: what a calibration fitted it to, None where none has."""
    return ReferenceJudge(fit=fit)
