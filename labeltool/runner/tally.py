"""Running sums over graded cases: everything the results say beside the cases themselves."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from labeltool.config import Price
from labeltool.model.base import TIERS, Tier
from labeltool.model.result import CaseResult, HumanMeets, Latency, Spend
from labeltool.model.rubric import Rubric
from labeltool.rules.gate import Counts
from labeltool.runner.grade import Graded


@dataclass
class TierTally:
    passed: int = 0
    failed: int = 0
    errors: int = 0
    open: int = 0
    open_passed: int = 0
    score_sum: float = 0.0

    def add(self, result: CaseResult) -> None:
        """Open cases are counted apart: they run and are reported, and gate nothing."""
        if result.status == "open":
            self.open += 1
            self.open_passed += result.passed is True
            return
        if result.error is not None:
            self.errors += 1
            return
        self.passed += result.passed is True
        self.failed += result.passed is False
        self.score_sum += float(result.passed is True) if result.score is None else result.score

    @property
    def ran(self) -> int:
        return self.passed + self.failed + self.errors

    def counts(self, *, not_run: int = 0, left_out: int = 0) -> Counts:
        return Counts(self.passed, self.failed, self.errors, self.score_sum, not_run, left_out)


@dataclass
class Tally:
    """Of one run. Memory grows with latencies only, eight bytes each."""

    rubric: Rubric
    tiers: dict[Tier, TierTally] = field(
        default_factory=lambda: {tier: TierTally() for tier in TIERS}
    )
    graded: int = 0
    calls: int = 0
    judged: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    latencies: array[float] = field(default_factory=lambda: array("d"))
    humans: int = 0
    compared: int = 0
    passed_differs: int = 0
    hidden: int = 0
    criteria: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, graded: Graded, *, live: bool) -> None:
        result, answer = graded.result, graded.answer
        self.graded += 1
        self.tiers[result.tier].add(result)
        self.judged += graded.judged
        self.hidden += graded.hidden
        self.calls += live
        if live and answer is not None:
            if answer.latency_ms is not None:
                self.latencies.append(answer.latency_ms)
            if answer.usage is not None:
                self.input_tokens += answer.usage.input_tokens
                self.output_tokens += answer.usage.output_tokens
        if result.human is not None:
            self._meet(result)

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

    def system_spend(self, price: Price | None) -> Spend:
        """USD at `price` per million tokens. Without a price the cost of a call is not known."""
        if price is None and self.calls:
            why = "no price is set for this system"
            return Spend(
                calls=self.calls,
                input_tokens=self.input_tokens,
                output_tokens=self.output_tokens,
                cost_usd=None,
                list_cost_usd=None,
                why=why,
            )
        price = price or Price()
        cost = (self.input_tokens * price.input + self.output_tokens * price.output) / 1e6
        return Spend(
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost_usd=cost,
            list_cost_usd=cost,
        )

    def judge_spend(self) -> Spend:
        """The embedded judge costs nothing."""
        return Spend(calls=self.judged)

    def latency(self, concurrency: int) -> Latency:
        if not self.latencies:
            return Latency(n=0, concurrency=concurrency, why="no live call")
        ordered = sorted(self.latencies)
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
