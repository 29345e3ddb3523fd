"""Judges as the runner asks them: one output at a time, a fault being that case's error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labeltool.model.case import Case, Document
from labeltool.model.rubric import Rubric
from labeltool.runner.grade import Judgement

if TYPE_CHECKING:
    from labeltool.graders.judging import Judge


@dataclass(frozen=True)
class EmbeddedJudge:
    """A judge that computes in this process; it sees the case's documents and the system's own."""

    name: str
    rubric: Rubric
    inner: Judge

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    async def judge(
        self, case: Case, output: str, context: Sequence[Document], *, repeat: int, fresh: bool
    ) -> Judgement:
        """Always computed: it is quicker than a look into a cache."""
        documents = [document.text for document in (*case.context, *context)]
        try:
            said = self.inner.grade(
                self.rubric, case.input_text, documents, case.acceptable, output
            )
        except Exception as error:  # noqa: BLE001 - whatever a text does to it is that case's error
            return Judgement(error=f"the judge failed: {type(error).__name__}: {error}")
        return Judgement(said.scores, said.rationale, said.evidence)

    async def close(self) -> None:
        return
