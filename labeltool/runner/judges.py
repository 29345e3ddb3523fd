"""Judges as the runner asks them: one output at a time, a fault being that case's error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labeltool.model.case import Case, Document
from labeltool.model.hashing import plain_input
from labeltool.model.rubric import Rubric
from labeltool.runner.grade import Judgement
from labeltool.runner.replies import Replies
from labeltool.runner.spend import Calls

if TYPE_CHECKING:
    from labeltool.graders.judge import Judged, ModelJudge
    from labeltool.graders.judging import Judge
    from labeltool.llm.chat import Reply


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


@dataclass(frozen=True)
class AskedJudge:
    """A judge that is a model. Its verdicts are kept in `replies`, where there are any."""

    name: str
    inner: ModelJudge
    replies: Replies | None = None

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    async def judge(
        self, case: Case, output: str, context: Sequence[Document], *, repeat: int, fresh: bool
    ) -> Judgement:
        from labeltool.graders.asking import JudgeFailure
        from labeltool.graders.prompt import Graded

        graded = Graded(
            plain_input(case.input),
            [(document.id, document.text) for document in (*case.context, *context)],
            case.acceptable,
            output,
        )
        request = "" if self.replies is None else self.inner.request(graded)
        if self.replies is not None and not fresh:
            kept = self.replies.get(self.fingerprint, request, repeat)
            if kept is not None:
                return _again(kept)
        try:
            judged = await self.inner.judge(graded)
        except JudgeFailure as failure:
            # The call that failed was made as well, though nothing came of it.
            made = live(failure.spent, failed=int(not failure.replied))
            return Judgement(error=failure.message, calls=made, fatal=failure.fatal)
        if self.replies is not None:
            self.replies.put(self.fingerprint, request, repeat, _kept(judged))
        said = judged.verdict
        return Judgement(said.scores, said.rationale, said.evidence, calls=live(judged.spent))

    async def close(self) -> None:
        await self.inner.close()


def live(spent: Sequence[Reply], *, failed: int = 0) -> Calls:
    """Of these replies, and of calls that failed."""
    return Calls(
        live=len(spent) + failed,
        input_tokens=sum(reply.input_tokens or 0 for reply in spent),
        output_tokens=sum(reply.output_tokens or 0 for reply in spent),
    )


def cached(tokens: Sequence[int]) -> Calls:
    """Of replies that were kept: how many, their input tokens, their output tokens."""
    calls, given, written = tokens
    return Calls(cached=calls, cached_input=given, cached_output=written)


def tokens(spent: Sequence[Reply]) -> list[int]:
    """What `cached` makes Calls of again."""
    calls = live(spent)
    return [calls.live, calls.input_tokens, calls.output_tokens]


def _kept(judged: Judged) -> dict[str, Any]:
    said = judged.verdict
    return {
        "scores": dict(said.scores),
        "rationale": dict(said.rationale),
        "evidence": {id: list(quotes) for id, quotes in said.evidence.items()},
        "tokens": tokens(judged.spent),
    }


def _again(kept: dict[str, Any]) -> Judgement:
    return Judgement(
        kept["scores"], kept["rationale"], kept["evidence"], calls=cached(kept["tokens"])
    )
