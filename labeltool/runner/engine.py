"""One run from its plan to its verdict, as events."""

from __future__ import annotations

from array import array
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeltool.config import Price
from labeltool.model.base import Tier
from labeltool.model.case import Case
from labeltool.model.dataset import Gate
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.result import CaseResult, Correction, GitState, Results
from labeltool.rules.gate import NOT_ASKED
from labeltool.rules.trust import JudgeTrust
from labeltool.runner.grade import Graded, Grading
from labeltool.runner.log import RunLog
from labeltool.runner.marks import Marks
from labeltool.runner.outcome import Outcome
from labeltool.runner.plan import Plan
from labeltool.runner.pool import Stop, bounded
from labeltool.runner.repeats import Repeats
from labeltool.runner.results import document, write_results
from labeltool.runner.resume import Resumed, meta_of
from labeltool.runner.tally import Tally
from labeltool.systems.base import Answer


@dataclass(frozen=True)
class Started:
    """`expected` cases, exactly or at most."""

    run_id: str
    expected: int


@dataclass(frozen=True)
class CaseDone:
    """`answer` is None where the system gave none."""

    result: CaseResult
    answer: Answer | None


@dataclass(frozen=True)
class Finished:
    """`results` has no cases in it: they are in the log, and `cases` and `save` read them from
    there.
    """

    results: Results
    log: RunLog
    signum: int | None
    unsettled: array[int]

    def cases(self) -> Iterator[CaseResult]:
        return (CaseResult.model_validate_json(data) for data in self.log.results())

    def notable(self) -> Iterator[CaseResult]:
        """The cases that did not pass, and the open ones, in the order of the plan."""
        for n in sorted(self.unsettled):
            yield CaseResult.model_validate_json(self.log.result(n))

    def save(self, path: Path) -> None:
        """Writes the results document. Raises StorageError."""
        write_results(path, self.document())

    def document(self) -> Iterator[bytes]:
        return document(self.results, self.log.results())


Event = Started | CaseDone | Finished


@dataclass(frozen=True)
class Identity:
    """What a run is called and what it was made of."""

    run_id: str
    created_at: str
    version: str
    git: GitState
    settings: Mapping[str, Any]

    @property
    def settings_hash(self) -> str:
        """The same in every shard of a run."""
        shared = {name: value for name, value in self.settings.items() if name != "shard"}
        return text_hash(canonical_json(shared))


@dataclass(frozen=True)
class JudgeUsed:
    name: str
    kind: str
    fingerprint: str
    trust: JudgeTrust
    price: Price | None = None
    correction: Correction = NOT_ASKED


@dataclass(frozen=True)
class Most:
    """Where a run stops by itself: USD, and tokens, of its live calls. Calls that are on their way
    then still end, so a little more may be spent.
    """

    usd: float | None = None
    tokens: int | None = None


@dataclass(frozen=True)
class Run:
    """Everything one run needs, decided before it starts."""

    identity: Identity
    plan: Plan
    grading: Grading
    gates: Mapping[Tier, Gate]
    judge: JudgeUsed
    price: Price | None
    concurrency: int
    runs: Path
    clock: Callable[[], float]
    notices: tuple[str, ...] = ()
    marks: Marks = field(default_factory=lambda: Marks(None, "no baseline was asked for"))
    repeat: int = 1
    limits: Most = Most()
    resumed: Resumed | None = None

    async def events(self, stop: Stop) -> AsyncGenerator[Event, None]:
        """Started, a CaseDone for each case, Finished. The log of Finished is the caller's to
        close.

        Raises DataError for a broken file met on the way, StorageError when the log cannot be
        written.
        """
        log = self._log()
        handed_over = False
        try:
            yield Started(self.identity.run_id, self.plan.expected)
            outcome = Outcome(self)
            unsettled = array("q")
            repeats = Repeats(self.grading, self.repeat, self.marks.breaks)
            async with aclosing(
                bounded(
                    self._restored(enumerate(outcome.seen.count(self.plan)), outcome, unsettled),
                    repeats.grade,
                    concurrency=self.concurrency,
                    stop=stop,
                )
            ) as grades:
                async for graded in grades:
                    log.append(graded.n, graded.result.model_dump_json().encode(), meta_of(graded))
                    self._count(graded, outcome, unsettled)
                    self._stop_where_due(graded, outcome.tally, stop)
                    yield CaseDone(graded.result, graded.answer)
            log.sync()
            results = outcome.results(stopped=stop.asked, why=stop.why)
            handed_over = True
            yield Finished(results, log, stop.signum, unsettled)
        finally:
            if not handed_over:
                log.close()

    async def close(self) -> None:
        """Lets go of the system, the judge and the cache."""
        await self.grading.system.close()
        if self.grading.judge is not None:
            await self.grading.judge.close()
        if self.grading.replies is not None:
            self.grading.replies.close()

    def _log(self) -> RunLog:
        if self.resumed is not None:
            return self.resumed.log
        return RunLog(self.runs, self.identity.run_id, self._header(), clock=self.clock)

    def _restored(
        self, planned: Iterable[tuple[int, Case]], outcome: Outcome, unsettled: array[int]
    ) -> Iterator[tuple[int, Case]]:
        """The cases that are still to be graded; the others are counted as they are met."""
        for n, case in planned:
            found = None if self.resumed is None else self.resumed.graded(n, case)
            if found is None:
                yield n, case
            else:
                self._count(found, outcome, unsettled)

    def _count(self, graded: Graded, outcome: Outcome, unsettled: array[int]) -> None:
        outcome.tally.add(graded)
        self.marks.add(graded.result)
        if not graded.result.passed or graded.result.status == "open":
            unsettled.append(graded.n)

    def _stop_where_due(self, graded: Graded, tally: Tally, stop: Stop) -> None:
        """Where going on is no use, or costs more than was allowed."""
        if graded.ends is not None:
            stop.end(graded.ends)
        most = self.limits
        if most.tokens is not None and tally.system.tokens + tally.judge.tokens >= most.tokens:
            stop.end(f"--max-tokens {most.tokens:,} is reached")
        if most.usd is not None and self.cost(tally) >= most.usd:
            stop.end(f"--max-cost {most.usd:g} USD is reached")

    def cost(self, tally: Tally) -> float:
        """USD of the live calls so far, as far as prices are known."""
        sides = ((tally.system, self.price), (tally.judge, self.judge.price))
        return sum(calls.cost(price) for calls, price in sides if price is not None)

    def _header(self) -> dict[str, Any]:
        identity = self.identity
        return {
            "schema": "labeltool/log@1",
            "run_id": identity.run_id,
            "created_at": identity.created_at,
            "labeltool_version": identity.version,
            "settings_hash": identity.settings_hash,
            "settings": dict(identity.settings),
        }
