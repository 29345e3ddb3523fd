"""Judges of pairs as a verb asks them: two outputs in one order, a fault being the pair's error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from labeltool import config
from labeltool.errors import Where
from labeltool.model.case import Case, Document
from labeltool.model.hashing import plain_input
from labeltool.model.rubric import Rubric
from labeltool.runner.build import open_endpoint, reference
from labeltool.runner.judges import cached, live, tokens
from labeltool.runner.replies import Replies
from labeltool.runner.spend import NONE, Calls
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Workspace

if TYPE_CHECKING:
    from labeltool.graders.pairwise import ModelPairJudge, Pair, ReferencePairJudge

Winner = Literal["first", "second", "tie"]
Contexts = tuple[Sequence[Document], Sequence[Document]]
NO_CONTEXTS: Contexts = ((), ())


@dataclass(frozen=True, slots=True)
class PairChoice:
    """The better of two outputs in the order in which they were shown. `error` says why there is no
    choice (`winner` is "tie" then, and counts for nothing); `fatal`: no other pair will get one.
    """

    winner: Winner
    rationale: str = ""
    error: str | None = None
    calls: Calls = NONE
    fatal: bool = False


class PairJudge(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...

    async def choose(
        self,
        case: Case,
        first: str,
        second: str,
        *,
        repeat: int,
        fresh: bool,
        contexts: Contexts = NO_CONTEXTS,
    ) -> PairChoice:
        """One order; asking for the other one as well is the caller's. `contexts`: the documents
        that each system looked up itself. `fresh`: not from a cache.
        """

    async def close(self) -> None: ...


@dataclass(frozen=True)
class EmbeddedPairJudge:
    """Computes in this process."""

    name: str
    inner: ReferencePairJudge

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    async def choose(
        self,
        case: Case,
        first: str,
        second: str,
        *,
        repeat: int,
        fresh: bool,
        contexts: Contexts = NO_CONTEXTS,
    ) -> PairChoice:
        pair = _pair(case, first, second, contexts)
        try:
            chosen = self.inner.choose(pair, input_text=case.input_text)
        except Exception as error:  # noqa: BLE001 - whatever a text does to it is that pair's error
            return PairChoice("tie", error=f"the judge failed: {type(error).__name__}: {error}")
        return PairChoice(chosen.winner, chosen.rationale)

    async def close(self) -> None:
        return


@dataclass(frozen=True)
class AskedPairJudge:
    """Is a model. Its choices are kept in `replies`, where there are any."""

    name: str
    inner: ModelPairJudge
    replies: Replies | None = None

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    async def choose(
        self,
        case: Case,
        first: str,
        second: str,
        *,
        repeat: int,
        fresh: bool,
        contexts: Contexts = NO_CONTEXTS,
    ) -> PairChoice:
        from labeltool.graders.asking import JudgeFailure

        pair = _pair(case, first, second, contexts)
        request = self.inner.request(pair)
        if self.replies is not None and not fresh:
            kept = self.replies.get(self.fingerprint, request, repeat)
            if kept is not None:
                return PairChoice(kept["winner"], kept["rationale"], calls=cached(kept["tokens"]))
        try:
            chosen = await self.inner.choose(pair)
        except JudgeFailure as failure:
            made = live(failure.spent, failed=int(not failure.replied))
            return PairChoice("tie", error=failure.message, calls=made, fatal=failure.fatal)
        if self.replies is not None:
            kept = {
                "winner": chosen.winner,
                "rationale": chosen.rationale,
                "tokens": tokens(chosen.spent),
            }
            self.replies.put(self.fingerprint, request, repeat, kept)
        return PairChoice(chosen.winner, chosen.rationale, calls=live(chosen.spent))

    async def close(self) -> None:
        await self.inner.close()


def open_pair_judge(
    workspace: Workspace,
    name: str,
    rubric: Rubric,
    *,
    store: DatasetStore,
    env: Mapping[str, str],
    concurrency: int = 1,
    replies: Replies | None = None,
    asked: bool = True,
    fit: Mapping[str, Any] | None = None,
) -> PairJudge:
    """As `build.open_judge`, for pairs. Raises DataError, IncompleteError."""
    settings = workspace.settings.judges[name]
    if isinstance(settings, config.ReferenceJudge):
        from labeltool.graders.pairwise import ReferencePairJudge

        inner = reference(store, name, rubric, fit)
        return EmbeddedPairJudge(name, ReferencePairJudge(inner, rubric))
    from labeltool.graders.pairwise import ModelPairJudge

    endpoint = open_endpoint(settings, env, concurrency=concurrency, asked=asked)
    where = Where(paths.SETTINGS, field=f"judges.{name}")
    return AskedPairJudge(name, ModelPairJudge(settings, rubric, endpoint, where=where), replies)


def _pair(case: Case, first: str, second: str, contexts: Contexts) -> Pair:
    from labeltool.graders.pairwise import Pair

    return Pair(
        plain_input(case.input),
        _plain(case.context),
        case.acceptable,
        first,
        second,
        (_plain(contexts[0]), _plain(contexts[1])),
    )


def _plain(documents: Sequence[Document]) -> list[tuple[str, str]]:
    return [(document.id, document.text) for document in documents]
