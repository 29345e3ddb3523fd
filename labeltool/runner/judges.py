"""Judges as the runner asks them: one output at a time, a fault being that case's error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from labeltool.model.case import Case, Document
from labeltool.model.rubric import Rubric
from labeltool.runner.grade import Judgement

if TYPE_CHECKING:
    from labeltool.graders.reference import ReferenceJudge


@dataclass(frozen=True)
class ReferenceAsJudge:
    """The embedded judge, loaded with the first output that it is asked about."""

    name: str
    rubric: Rubric
    kind: Literal["reference"] = "reference"

    @cached_property
    def _judge(self) -> ReferenceJudge:
        from labeltool.graders.reference import ReferenceJudge

        return ReferenceJudge()

    @property
    def fingerprint(self) -> str:
        return self._judge.fingerprint

    async def judge(self, case: Case, output: str, context: Sequence[Document]) -> Judgement:
        documents = [document.text for document in (*case.context, *context)]
        try:
            said = self._judge.grade(
                self.rubric, case.input_text, documents, case.acceptable, output
            )
        except Exception as error:  # noqa: BLE001 - whatever a text does to it is that case's error
            return Judgement(error=f"the judge failed: {type(error).__name__}: {error}")
        return Judgement(said.scores, said.rationale, said.evidence)
