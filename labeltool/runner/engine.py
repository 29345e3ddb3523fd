"""One run from its plan to its verdict, as events."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Set
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeltool.config import Price
from labeltool.model.base import TIERS, Tier
from labeltool.model.case import Case
from labeltool.model.dataset import Gate
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.result import (
    CaseResult,
    CriterionTrust,
    GitState,
    JudgeRef,
    Results,
    SystemRef,
    TierResult,
    Usage,
)
from labeltool.rules.eligible import is_verified
from labeltool.rules.gate import Counts, Ruling, judge_run, judge_ungated
from labeltool.rules.trust import JudgeTrust
from labeltool.runner.grade import Grading
from labeltool.runner.log import RunLog
from labeltool.runner.plan import Plan
from labeltool.runner.pool import Stop, bounded
from labeltool.runner.results import criteria_of, document, run_why, tier_result, write_results
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
        return text_hash(canonical_json(self.settings))


@dataclass(frozen=True)
class JudgeUsed:
    name: str
    kind: str
    fingerprint: str
    trust: JudgeTrust


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

    async def events(self, stop: Stop) -> AsyncGenerator[Event, None]:
        """Started, a CaseDone for each case, Finished. The log of Finished is the caller's to
        close.

        Raises DataError for a broken file met on the way, StorageError when the log cannot be
        written.
        """
        log = RunLog(self.runs, self.identity.run_id, self._header(), clock=self.clock)
        handed_over = False
        try:
            yield Started(self.identity.run_id, self.plan.expected)
            tally = Tally(self.grading.rubric)
            seen = _Seen()
            unsettled = array("q")
            live = self.grading.system.live
            async with aclosing(
                bounded(
                    enumerate(seen.count(self.plan)),
                    self.grading.grade,
                    concurrency=self.concurrency,
                    stop=stop,
                )
            ) as grades:
                async for graded in grades:
                    log.append(graded.n, graded.result.model_dump_json().encode())
                    tally.add(graded, live=live)
                    if not graded.result.passed or graded.result.status == "open":
                        unsettled.append(graded.n)
                    yield CaseDone(graded.result, graded.answer)
            log.sync()
            results = self._results(tally, seen, stopped=stop.asked)
            handed_over = True
            yield Finished(results, log, stop.signum, unsettled)
        finally:
            if not handed_over:
                log.close()

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

    def _results(self, tally: Tally, seen: _Seen, *, stopped: bool) -> Results:
        if stopped:
            seen.rest(self.plan)
        counts = self._counts(tally, seen)
        idle = self._idle(counts)
        tiers, rulings = self._tiers(tally, seen, counts, idle)
        if rulings:
            verdict = judge_run(rulings.values())
            why = run_why(tiers, rulings, verdict)
        else:
            ruling = judge_ungated(counts.values())
            verdict, why = ruling.verdict, ruling.why
        if stopped and verdict in ("pass", "inconclusive"):
            verdict, why = "incomplete", f"stopped after {tally.graded} of {seen.total} cases"
        identity, rubric, system = self.identity, self.grading.rubric, self.grading.system
        return Results(
            run_id=identity.run_id,
            created_at=identity.created_at,
            labeltool_version=identity.version,
            settings_hash=identity.settings_hash,
            git=identity.git,
            dataset=self.plan.store.name,
            rubric=rubric.ref,
            pass_mark=rubric.pass_mark,
            criteria=criteria_of(rubric),
            not_judged=self._not_judged(),
            scores=self.grading.scores,
            filters=self._filters(),
            system=SystemRef(name=system.name, kind=system.kind, fingerprint=system.fingerprint),
            judge=self._judge(),
            verdict=verdict,
            why=why,
            notices=(*self.notices, *self._late_notices(tally, idle)),
            tiers=tiers,
            baseline_why="no baseline was asked for",
            human=tally.human_meets(),
            usage=Usage(system=tally.system_spend(self.price), judge=tally.judge_spend()),
            latency_ms=tally.latency(self.concurrency),
        )

    def _counts(self, tally: Tally, seen: _Seen) -> dict[Tier, Counts]:
        """Of the tiers that this run is about."""
        return {
            tier: tally.tiers[tier].counts(
                not_run=seen.not_run(tier, tally.tiers[tier].ran),
                left_out=self.plan.unverified[tier],
            )
            for tier in TIERS
            if tier in self.plan.tiers and (seen.cases[tier] or not self.plan.selection.is_filter)
        }

    def _idle(self, counts: Mapping[Tier, Counts]) -> frozenset[Tier]:
        """Tiers whose gate is skipped: every case is open, retired or quarantined, nobody named the
        tier, and some other gate holds: a run in which nothing counts is never green.
        """
        gated = {tier: one for tier, one in counts.items() if tier in self.gates}
        empty = {t for t, one in gated.items() if not one.cases + one.not_run + one.left_out}
        if len(empty) == len(gated):
            return frozenset()
        return frozenset(empty.difference(self.plan.selection.tiers))

    def _tiers(
        self,
        tally: Tally,
        seen: _Seen,
        counts: Mapping[Tier, Counts],
        idle: Set[Tier],
    ) -> tuple[dict[Tier, TierResult], dict[Tier, Ruling]]:
        tiers: dict[Tier, TierResult] = {}
        rulings: dict[Tier, Ruling] = {}
        for tier, one in counts.items():
            result, ruling = tier_result(
                tally.tiers[tier],
                one,
                None if tier in idle else self.gates.get(tier),
                skipped=self.plan.skipped[tier],
                unverified=one.left_out or seen.unverified[tier],
            )
            tiers[tier] = result
            if ruling is not None:
                rulings[tier] = ruling
        return tiers, rulings

    def _judge(self) -> JudgeRef:
        trust = self.judge.trust
        return JudgeRef(
            name=self.judge.name,
            kind=self.judge.kind,
            fingerprint=self.judge.fingerprint,
            trust=trust.trust,
            trust_by_criterion={
                id: CriterionTrust(trust=one.trust, agreement=one.agreement, n=one.n, why=one.why)
                for id, one in trust.criteria.items()
            },
        )

    def _not_judged(self) -> tuple[str, ...]:
        if self.grading.scores == "human":
            return ()
        return tuple(c.id for c in self.grading.rubric.criteria if c.grader == "human")

    def _filters(self) -> dict[str, Any]:
        selection = self.plan.selection
        named = {"tier": selection.tiers, "case": selection.cases, "tag": selection.tags}
        return {name: list(values) for name, values in named.items() if values}

    def _late_notices(self, tally: Tally, idle: Set[Tier]) -> Iterator[str]:
        for tier in sorted(idle, key=TIERS.index):
            yield f"gate {tier} is skipped: all its cases are open, retired or quarantined"
        for id in self.plan.back[:5]:
            yield f"{id} runs again: its quarantine is over"
        if len(self.plan.back) > 5:
            yield f"{len(self.plan.back) - 5} more cases run again: their quarantine is over"
        skipped = self.plan.skipped.total()
        if skipped:
            yield f"{_cases(skipped)} did not run: retired or quarantined"
        unverified = self.plan.unverified.total()
        if unverified:
            yield f"{_cases(unverified)} did not run: the gate counts verified cases only"
        if tally.hidden:
            yield f"{tally.hidden} outputs are in an open round: their human scores stay hidden"
        if tally.passed_differs:
            both = f"{tally.compared} outputs that both decided"
            yield f"people and machine differ on {tally.passed_differs} of {both}"


class _Seen:
    """What the plan gave out, and what it would have given."""

    def __init__(self) -> None:
        self.cases: Counter[Tier] = Counter()
        self.gating: Counter[Tier] = Counter()
        self.unverified: Counter[Tier] = Counter()

    @property
    def total(self) -> int:
        return self.cases.total()

    def count(self, cases: Iterable[Case]) -> Iterator[Case]:
        for case in cases:
            self.add(case)
            yield case

    def add(self, case: Case) -> None:
        self.cases[case.tier] += 1
        self.gating[case.tier] += case.status != "open"
        self.unverified[case.tier] += not is_verified(case)

    def rest(self, plan: Plan) -> None:
        """Counts the whole plan anew after a stop, so that what was not run is known."""
        self.cases.clear()
        self.gating.clear()
        self.unverified.clear()
        for case in plan:
            self.add(case)

    def not_run(self, tier: Tier, ran: int) -> int:
        """Of the cases that gate; `ran` of them were graded."""
        return max(self.gating[tier] - ran, 0)


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
