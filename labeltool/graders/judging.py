"""From the settings of a judge to the judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from labeltool.config import Judge as JudgeSettings
from labeltool.config import ReferenceJudge as ReferenceSettings
from labeltool.errors import UsageError
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


def make_judge(name: str, settings: JudgeSettings) -> Judge:
    """The judge called `name`. Raises UsageError for a kind that this version has not."""
    if isinstance(settings, ReferenceSettings):
        return ReferenceJudge()
    raise UsageError(
        f"judge {name} is of kind {settings.kind}, which this version of labeltool does not run",
        hint="use --judge with one of kind reference: it needs no key and no network",
    )
