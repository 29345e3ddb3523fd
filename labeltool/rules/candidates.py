"""What each candidate of a comparison did, case by case, on the cases that all of them ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from labeltool.model.result import CaseResult, Results
from labeltool.rules.matrix import COST, LATENCY, REGRESSION, Constraint, Measure

WARM_UP_FROM = 5
"""Live calls for each one at once, from which the first of them can be spared."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One case of one candidate. An error never counts as a pass, and scores 0. `criteria`: each
    score on its own scale, 0..1. latency_ms: of a live call, else None.
    """

    tier: str
    tags: tuple[str, ...]
    case_hash: str
    passed: bool
    score: float
    criteria: Mapping[str, float]
    latency_ms: float | None
    output_hash: str | None
    error: bool


@dataclass(frozen=True)
class Candidate:
    """`name`: what it is called in the table. cost_per_1k: USD of its own calls (not the judge's)
    as if none had been cached. Where a number is None its `why` says so.
    """

    name: str
    head: Results
    facts: Mapping[str, Fact]
    concurrency: int
    cost_per_1k: float | None
    cost_why: str | None
    judge_per_1k: float | None
    latency_why: str | None

    @classmethod
    def of(cls, name: str, head: Results, cases: Iterable[CaseResult]) -> Candidate:
        """`open` and retired cases gate nothing and are left out."""
        live = head.latency_ms.n > 0
        facts = {case.id: _fact(head, case, live=live) for case in cases if case.status == "active"}
        timed = [id for id, fact in facts.items() if fact.latency_ms is not None]
        at_once = head.latency_ms.concurrency
        if len(timed) >= WARM_UP_FROM * at_once:
            for id in timed[:at_once]:
                facts[id] = _untimed(facts[id])
        spend = head.usage.system
        calls = spend.calls + spend.cached
        known = spend.list_cost_usd is not None and calls > 0
        judge = head.usage.judge
        judged = judge.calls + judge.cached
        why = spend.why or "no call of it was counted: a recorded system costs nothing to read"
        return cls(
            name,
            head,
            facts,
            at_once,
            1000 * (spend.list_cost_usd or 0.0) / calls if known else None,
            None if known else why,
            1000 * judge.list_cost_usd / judged
            if judge.list_cost_usd is not None and judged
            else None,
            None if timed else head.latency_ms.why or "no live call was timed",
        )


@dataclass(frozen=True)
class Paired:
    """`ids`: active cases that all candidates ran, in order, unchanged between them. left_out:
    {candidate: how many of its cases are not among them}.
    """

    candidates: tuple[Candidate, ...]
    ids: tuple[str, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Paired:
        first, *others = candidates
        ids = tuple(
            id
            for id, fact in first.facts.items()
            if all(id in o.facts and o.facts[id].case_hash == fact.case_hash for o in others)
        )
        left = {c.name: len(c.facts) - len(ids) for c in candidates if len(c.facts) > len(ids)}
        return cls(tuple(candidates), ids, left)

    @property
    def tiers(self) -> tuple[str, ...]:
        """Each case's tier."""
        facts = self.candidates[0].facts
        return tuple(facts[id].tier for id in self.ids)

    def known(self) -> dict[str, frozenset[str]]:
        """Names that a row may have: tiers, tags and criteria of these cases."""
        facts = [self.candidates[0].facts[id] for id in self.ids]
        tiers = frozenset(fact.tier for fact in facts)
        return {
            "tier": tiers,
            "score": tiers,
            "tag": frozenset(tag for fact in facts for tag in fact.tags),
            "criterion": frozenset(
                id for c in self.candidates for one in self.ids for id in c.facts[one].criteria
            ),
        }

    def values(self, measure: Measure, candidate: Candidate) -> list[float | None]:
        """One number of each case; None where the case says nothing about the row."""
        return [_value(measure, candidate, candidate.facts[id]) for id in self.ids]

    def value(self, measure: Measure, candidate: Candidate) -> float | None:
        """The row's value as people read it: a rate of 0..1, milliseconds, USD."""
        found = [one for one in self.values(measure, candidate) if one is not None]
        if not found:
            return None
        if measure.kind == "latency":
            return sorted(found)[ceil(0.95 * len(found)) - 1]
        return sum(found) / len(found)

    def differ(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """(case, who passes, who fails) of the cases where candidates part."""
        rows = []
        for id in self.ids:
            passes = tuple(c.name for c in self.candidates if c.facts[id].passed)
            if 0 < len(passes) < len(self.candidates):
                fails = tuple(c.name for c in self.candidates if c.name not in passes)
                rows.append((id, passes, fails))
        return rows


def excluded(
    paired: Paired,
    candidate: Candidate,
    constraints: Iterable[tuple[Constraint, Measure]],
) -> str | None:
    """Why the candidate is ruled out, all reasons in one line; None where it is not.

    The regression tier must pass: its gate's threshold holds, 1 where it has none. A constraint on
    a number that is not known is not met.
    """
    reasons = []
    if REGRESSION in paired.known()["tier"]:
        bound = _regression_bound(candidate.head)
        rate = paired.value(Measure(REGRESSION, 0), candidate)
        if rate is not None and rate < bound - 1e-9:
            reasons.append(f"regression {rate:.3g}, must be {bound:g}")
    for constraint, measure in constraints:
        value = paired.value(measure, candidate)
        if value is None:
            reasons.append(f"{constraint} cannot be told: {_why(measure, candidate)}")
        elif not constraint.holds(value):
            reasons.append(
                f"{constraint.key} is {value:.4g}, must be {constraint.sign} {_bound(constraint)}"
            )
    return "; ".join(reasons) or None


def unknown(paired: Paired, measure: Measure) -> dict[str, str]:
    """{candidate: why} of those without a value in this row."""
    return {c.name: _why(measure, c) for c in paired.candidates if paired.value(measure, c) is None}


def _why(measure: Measure, candidate: Candidate) -> str:
    if measure.kind == "latency":
        return candidate.latency_why or "no live call of these cases was timed"
    if measure.kind == "cost":
        return candidate.cost_why or "its price is not known"
    return "no case of it has a score there"


def _bound(constraint: Constraint) -> str:
    return f"{constraint.bound:g}"


def _regression_bound(head: Results) -> float:
    tier = head.tiers.get(REGRESSION)
    return 1.0 if tier is None or tier.threshold is None else tier.threshold


def _value(measure: Measure, candidate: Candidate, fact: Fact) -> float | None:
    family, name = measure.family
    if measure.key == LATENCY:
        return fact.latency_ms
    if measure.key == COST:
        return candidate.cost_per_1k
    if family == "tag":
        return float(fact.passed) if name in fact.tags else None
    if family == "criterion":
        return fact.criteria.get(name)
    if fact.tier != name:
        return None
    return fact.score if family == "score" else float(fact.passed)


def _fact(head: Results, case: CaseResult, *, live: bool) -> Fact:
    criteria = {}
    for id, score in case.scores.items():
        scale = head.criteria.get(id)
        if scale is not None and not isinstance(score, str):
            criteria[id] = (score - scale.min) / (scale.max - scale.min)
    passed = case.passed is True and case.error is None
    return Fact(
        case.tier,
        case.tags,
        case.case_hash,
        passed,
        0.0 if case.error else float(passed) if case.score is None else case.score,
        {} if case.error else criteria,
        case.latency_ms if live else None,
        case.output_hash,
        case.error is not None,
    )


def _untimed(fact: Fact) -> Fact:
    from dataclasses import replace

    return replace(fact, latency_ms=None)
