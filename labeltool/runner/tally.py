"""Running sums over graded cases: everything the results say beside the cases themselves."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import fsum

from labeltool.model.base import TIERS, Tier
from labeltool.model.result import CaseResult, HumanMeets, Latency
from labeltool.model.rubric import Rubric
from labeltool.rules.gate import Counts
from labeltool.runner.grade import Graded
from labeltool.runner.repeats import is_flaky
from labeltool.runner.spend import NONE, Calls


@dataclass
class TierTally:
    passed: int = 0
    failed: int = 0
    errors: int = 0
    open: int = 0
    open_passed: int = 0
    scores: array[float] = field(default_factory=lambda: array("d"))
    repeats: int = 0
    repeats_passed: int = 0
    flaky: list[str] = field(default_factory=list)

    def add(self, result: CaseResult) -> None:
        """Open cases are counted apart: they run and are reported, and gate nothing."""
        if result.status == "open":
            self.open += 1
            self.open_passed += result.passed is True
            return
        if result.repeats:
            self.repeats += len(result.repeats)
            self.repeats_passed += sum(one.passed is True for one in result.repeats)
            if is_flaky(result):
                self.flaky.append(result.id)
        if result.error is not None:
            self.errors += 1
            return
        self.passed += result.passed is True
        self.failed += result.passed is False
        self.scores.append(float(result.passed is True) if result.score is None else result.score)

    @property
    def score_sum(self) -> float:
        """The same in whatever order the cases came."""
        return fsum(self.scores)

    @property
    def repeat_pass_rate(self) -> float | None:
        return self.repeats_passed / self.repeats if self.repeats else None

    @property
    def ran(self) -> int:
        return self.passed + self.failed + self.errors

    def counts(self, *, not_run: int = 0, left_out: int = 0) -> Counts:
        return Counts(self.passed, self.failed, self.errors, self.score_sum, not_run, left_out)


@dataclass
class Tally:
    """Of one run. Memory grows with latencies and scores only, eight bytes each."""

    rubric: Rubric
    tiers: dict[Tier, TierTally] = field(
        default_factory=lambda: {tier: TierTally() for tier in TIERS}
    )
    graded: int = 0
    system: Calls = NONE
    judge: Calls = NONE
    restored: int = 0
    latencies: array[float] = field(default_factory=lambda: array("d"))
    humans: int = 0
    compared: int = 0
    passed_differs: int = 0
    hidden: int = 0
    criteria: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, graded: Graded) -> None:
        self.graded += 1
        self.restored += graded.restored
        self.tiers[graded.result.tier].add(graded.result)
        self.system += graded.system
        self.judge += graded.judge
        self.hidden += graded.hidden
        self.latencies.extend(graded.latencies)
        if graded.result.human is not None:
            self._meet(graded.result)

    def _meet(self, result: CaseResult) -> None:
        human = result.human
        assert human is not None
        self.humans += 1
        if human.passed is not None and result.passed is not None:
            self.compared += 1
            self.passed_differs += human.passed != result.passed
        for criterion in self.rubric.by_hand:
            ours, theirs = result.scores.get(criterion.id), human.scores.get(criterion.id)
            if ours is None or theirs is None:
                continue
            if ours == "na" or theirs == "na":
                differs = ours != theirs
            else:
                differs = abs(ours - theirs) > criterion.tolerance
            met = self.criteria.setdefault(criterion.id, {"n": 0, "differ": 0})
            met["n"] += 1
            met["differ"] += differs

    def human_meets(self) -> HumanMeets:
        return HumanMeets(
            outputs=self.humans,
            compared=self.compared,
            passed_differs=self.passed_differs,
            hidden=self.hidden,
            criteria=self.criteria,
        )

    def latency(self, concurrency: int) -> Latency:
        return latency_of(self.latencies, concurrency)


def latency_of(milliseconds: Iterable[float], concurrency: int) -> Latency:
    """Of live calls, in whatever order."""
    ordered = sorted(milliseconds)
    if not ordered:
        return Latency(n=0, concurrency=concurrency, why="no live call")
    return Latency(
        n=len(ordered),
        concurrency=concurrency,
        p50=nearest_rank(ordered, 0.50),
        p95=nearest_rank(ordered, 0.95),
    )


def nearest_rank(ordered: list[float], share: float) -> float:
    """The smallest value that at least `share` of the sorted values do not exceed."""
    rank = -(-share * len(ordered) // 1)
    return round(ordered[max(int(rank) - 1, 0)], 3)
