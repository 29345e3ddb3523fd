"""`pairwise`: a judge sees two systems' outputs side by side, case by case, in both orders."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass, field

from labeltool.commands.context import Context
from labeltool.commands.pairwise_cost import Cost, estimate, payable
from labeltool.commands.pairwise_people import people
from labeltool.commands.pairwise_plan import Plan, Source, plan
from labeltool.commands.run_cost import Estimate
from labeltool.errors import IncompleteError
from labeltool.model.case import Case
from labeltool.model.rubric import Rubric
from labeltool.rules.pair_trust import PairTrust, pair_trust
from labeltool.rules.pairwise import Asked, Duel, People, Side, Tally, pair_folder, tally, turned
from labeltool.runner.answers import answered
from labeltool.runner.build import judge_name
from labeltool.runner.pair_judges import PairChoice, PairJudge, open_pair_judge
from labeltool.runner.pool import Stop, bounded
from labeltool.runner.replies import Replies
from labeltool.runner.spend import NONE, Calls
from labeltool.store.dataset import DatasetStore
from labeltool.systems.base import Answer, SystemFailure
from labeltool.systems.quiet import stdout_to_stderr

__all__ = ["Compared", "Done", "Estimate", "Request", "Started", "Stop", "pairwise"]

DEFAULT_CONCURRENCY = 8


@dataclass(frozen=True)
class Request:
    """a, b: live systems or snapshots. sample: how many cases at most, drawn by `seed`; None for
    all.
    """

    a: str
    b: str
    dataset: str | None = None
    judge: str | None = None
    tiers: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    concurrency: int = DEFAULT_CONCURRENCY
    cache: bool = True
    max_cost: float | None = None


@dataclass(frozen=True)
class Started:
    """How many pairs are to be decided."""

    expected: int


@dataclass(frozen=True)
class Done:
    """One more pair."""

    duel: Duel


@dataclass(frozen=True)
class Compared:
    """All pairs that were decided, in the order of their cases. not_run: those that the end came
    before, and `why` it came. missing: {snapshot: cases without an output}, which are left out.
    usd: None where a price is not known.
    """

    dataset: str
    rubric: Rubric
    a: str
    b: str
    judge: PairTrust
    duels: tuple[Duel, ...]
    seed: int
    not_run: int = 0
    why: str | None = None
    missing: Mapping[str, int] = field(default_factory=dict)
    calls: Calls = NONE
    usd: float | None = 0.0
    people: People | None = None
    signum: int | None = None

    @property
    def tally(self) -> Tally:
        return tally(self.duels)


async def pairwise(
    ctx: Context, request: Request, *, stop: Stop
) -> AsyncGenerator[Estimate | Started | Done | Compared, None]:
    """An Estimate where it costs something (who goes no further has called nobody), Started, a
    Done for each pair, Compared. Stopped, it tells of what was decided until then.

    Raises UnknownName, UsageError, DataError; IncompleteError where the judge cannot be asked, or
    decided no pair at all.
    """
    store = ctx.workspace.dataset(request.dataset)
    pair_folder(request.a, request.b)
    judging = judge_name(ctx.workspace, request.judge)
    replies = Replies(ctx.workspace.scratch) if request.cache else None
    with _quiet(ctx, request):
        planned = plan(ctx, store, request)
        try:
            judge = open_pair_judge(
                ctx.workspace,
                judging,
                store.rubric,
                store=store,
                env=ctx.env,
                concurrency=request.concurrency,
                replies=replies,
            )
            work = _Work(planned, judge, replies, Cost.of(ctx, request, judging, planned))
            payable(ctx, request, judging, planned)
            costs = estimate(ctx, request, judging, planned)
            if costs is not None:
                yield costs
            yield Started(len(planned.cases))
            try:
                async with aclosing(work.duels(request, stop)) as duels:
                    async for duel in duels:
                        yield Done(duel)
            finally:
                await judge.close()
        finally:
            await planned.close()
            if replies is not None:
                replies.close()
    yield _compared(ctx, store, request, planned=planned, work=work, stop=stop)


@dataclass
class _Work:
    """The pairs of one comparison as they are decided."""

    planned: Plan
    judge: PairJudge
    replies: Replies | None
    cost: Cost
    found: dict[str, Duel] = field(default_factory=dict)

    async def duels(self, request: Request, stop: Stop) -> AsyncGenerator[Duel, None]:
        async with aclosing(
            bounded(self.planned.cases, self._duel, concurrency=request.concurrency, stop=stop)
        ) as done:
            async for duel, fatal in done:
                if fatal is not None:
                    raise IncompleteError(fatal, hint="replies so far are kept: mend it, go on")
                self.found[duel.case] = duel
                yield duel
                if self.cost.over(request.max_cost):
                    stop.end(f"--max-cost {request.max_cost:g} is reached")

    async def _duel(self, case: Case) -> tuple[Duel, str | None]:
        """The pair's verdict; and why no other pair will get one, where that is so."""
        bare = Duel(case.id, case.tags)
        texts = await asyncio.gather(
            *(self._answer(side, case) for side in self.planned.sides), return_exceptions=True
        )
        answers: list[Answer] = []
        for side, text in zip(self.planned.sides, texts, strict=True):
            if isinstance(text, SystemFailure):
                why = f"{side.name}: {text.message}"
                return Duel(case.id, case.tags, error=why), why if text.fatal else None
            if isinstance(text, BaseException):
                raise text
            answers.append(text)
        a, b = answers
        if a.output == b.output:
            return Duel(case.id, case.tags, same=True), None
        forward, backward = await asyncio.gather(self._ask(case, a, b), self._ask(case, b, a))
        self.cost.judged(forward.calls + backward.calls)
        for said in (forward, backward):
            if said.error is not None:
                fatal = f"judge {self.judge.name} cannot be asked: {said.error}"
                failed = Duel(case.id, case.tags, error=f"judge: {said.error}")
                return failed, fatal if said.fatal else None
        return (
            Duel(
                bare.case,
                bare.tags,
                Asked(_side(forward, "a"), forward.rationale),
                Asked(_side(backward, "b"), backward.rationale),
            ),
            None,
        )

    async def _answer(self, side: Source, case: Case) -> Answer:
        try:
            answer = await answered(side.system, case, self.replies)
        except SystemFailure:
            self.cost.answered(side, None)
            raise
        self.cost.answered(side, answer)
        return answer

    async def _ask(self, case: Case, first: Answer, second: Answer) -> PairChoice:
        return await self.judge.choose(
            case,
            first.output,
            second.output,
            repeat=0,
            fresh=False,
            contexts=(first.context, second.context),
        )


def _side(said: PairChoice, first: Side) -> Side:
    """Which system was taken, where `first` stood first."""
    if said.winner == "tie":
        return "tie"
    return first if said.winner == "first" else turned(first)


def _compared(
    ctx: Context, store: DatasetStore, request: Request, *, planned: Plan, work: _Work, stop: Stop
) -> Compared:
    duels = tuple(work.found[case.id] for case in planned.cases if case.id in work.found)
    if duels and all(duel.error is not None for duel in duels) and not stop.asked:
        raise IncompleteError(
            f"no pair has a verdict: each of {len(duels)} ended in an error: {duels[0].error}",
            hint="mend that and type it again",
        )
    snapshots = all(not side.system.live for side in planned.sides)
    return Compared(
        dataset=store.name,
        rubric=store.rubric,
        a=request.a,
        b=request.b,
        judge=pair_trust(
            store.calibration(work.judge.name),
            name=work.judge.name,
            kind=work.judge.kind,
            fingerprint=work.judge.fingerprint,
            rubric=store.rubric,
            pair=pair_folder(request.a, request.b),
        ),
        duels=duels,
        seed=request.seed,
        not_run=len(planned.cases) - len(duels),
        why=stop.why,
        missing=planned.missing,
        calls=work.cost.judge_calls + work.cost.system_calls,
        usd=work.cost.usd,
        people=people(store, request.a, request.b) if snapshots else None,
        signum=stop.signum,
    )


def _quiet(ctx: Context, request: Request) -> AbstractContextManager[None]:
    """User code in this process may print: not to the stdout that carries our document."""
    found = (ctx.workspace.settings.systems.get(name) for name in (request.a, request.b))
    kinds = {one.kind for one in found if one is not None}
    return stdout_to_stderr() if "python" in kinds else nullcontext()
