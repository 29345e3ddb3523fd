"""What each candidate of a comparison did, case by case, on the cases that all of them ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from labeltool.model.base import TIERS
from labeltool.model.result import CaseResult, ErrorKind, Results, Spend
from labeltool.rules.matrix import COST, LATENCY, REGRESSION, Constraint, Measure

WARM_UP_FROM = 5
"""Live calls for each one at once, from which the first of them can be spared."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One case of one candidate. An error never counts as a pass, and scores 0. `criteria`: each
    score on its own scale, 0..1. latency_ms: of a live call, else None. cost: USD of its own call
    as if it had not been cached, None where that is not known.
    """

    tier: str
    tags: tuple[str, ...]
    case_hash: str
    passed: bool
    score: float
    criteria: Mapping[str, float]
    latency_ms: float | None
    cost: float | None
    output_hash: str | None
    error: ErrorKind | None


@dataclass(frozen=True)
class Candidate:
    """`name`: what it is called in the table. timed: calls whose latency counts, the first of a
    long run spared. cost_per_1k: USD of its own calls (not the judge's) where only their sum is
    known. Where a number is None its `why` says so.
    """

    name: str
    head: Results
    facts: Mapping[str, Fact]
    timed: int
    cost_per_1k: float | None
    cost_why: str | None
    judge_per_1k: float | None
    latency_why: str | None

    @classmethod
    def of(cls, name: str, head: Results, cases: Iterable[CaseResult]) -> Candidate:
        """`open` and retired cases gate nothing and are left out."""
        live = head.latency_ms.n > 0
        # In the order of the plan, whatever the order of the file: the first calls warm up.
        planned = sorted(cases, key=lambda case: (TIERS.index(case.tier), case.id))
        facts = {
            case.id: _fact(head, case, live=live) for case in planned if case.status == "active"
        }
        timed = [id for id, fact in facts.items() if fact.latency_ms is not None]
        warm_up = timed[: head.latency_ms.concurrency]
        if len(timed) < WARM_UP_FROM * head.latency_ms.concurrency:
            warm_up = []
        for id in warm_up:
            facts[id] = replace(facts[id], latency_ms=None)
        by_case = any(fact.cost is not None for fact in facts.values())
        per_1k = None if by_case else _per_1k(head.usage.system)
        return cls(
            name,
            head,
            facts,
            len(timed) - len(warm_up),
            per_1k,
            None if by_case or per_1k is not None else _cost_why(head.usage.system),
            _per_1k(head.usage.judge),
            None if timed else _latency_why(head),
        )

    @property
    def concurrency(self) -> int:
        return self.head.latency_ms.concurrency


def _per_1k(spend: Spend) -> float | None:
    """USD of 1,000 calls; None where there was none, or its price or tokens are not known."""
    calls = spend.calls + spend.cached
    if spend.list_cost_usd is None or not calls:
        return None
    tokens = spend.input_tokens + spend.output_tokens
    if not spend.list_cost_usd and spend.calls and not tokens:
        return None
    return 1000 * spend.list_cost_usd / calls


def _cost_why(spend: Spend) -> str:
    if spend.why:
        return spend.why
    if spend.calls + spend.cached:
        return "its calls did not say how many tokens they took"
    return "no call of it was counted: a recorded system costs nothing to read"


def _latency_why(head: Results) -> str:
    if head.usage.system.cached and not head.latency_ms.n:
        return "every answer came from the cache: --no-cache asks again"
    return head.latency_ms.why or "no live call was timed"


@dataclass(frozen=True)
class Paired:
    """`ids`: active cases that all candidates ran, in order, unchanged between them, and that got
    a score (or an error of the system's own) from each. left_out: {candidate: how many of its cases
    not all ran}. unscored: how many have no score for some candidate.
    """

    candidates: tuple[Candidate, ...]
    ids: tuple[str, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    unscored: int = 0

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Paired:
        first, *others = candidates
        common = [
            id
            for id, fact in first.facts.items()
            if all(id in o.facts and o.facts[id].case_hash == fact.case_hash for o in others)
        ]
        ids = tuple(id for id in common if _told([c.facts[id] for c in candidates], first.head))
        left = {
            c.name: len(c.facts) - len(common) for c in candidates if len(c.facts) > len(common)
        }
        return cls(tuple(candidates), ids, left, len(common) - len(ids))

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

    def why(self, measure: Measure, candidate: Candidate) -> str | None:
        """Why a candidate has no value in a row; None where it has one."""
        return _why(measure, candidate) if self.value(measure, candidate) is None else None

    def differ(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """(case, who passes, who fails) of the cases where candidates part."""
        rows = []
        for id in self.ids:
            passes = tuple(c.name for c in self.candidates if c.facts[id].passed)
            if 0 < len(passes) < len(self.candidates):
                fails = tuple(c.name for c in self.candidates if c.name not in passes)
                rows.append((id, passes, fails))
        return rows

    def errors(self, candidate: Candidate) -> Counter[str]:
        """How many of the cases ended in which kind of error."""
        kinds = (candidate.facts[id].error for id in self.ids)
        return Counter(kind for kind in kinds if kind is not None)

    def split(self, first: Candidate, second: Candidate) -> list[Split]:
        """Where two candidates part, tag by tag, the most one-sided first."""
        sides: dict[str, list[int]] = {}
        for id in self.ids:
            one, other = first.facts[id], second.facts[id]
            for tag in one.tags:
                counts = sides.setdefault(tag, [0, 0, 0])
                counts[0] += 1
                counts[1] += one.passed and not other.passed
                counts[2] += other.passed and not one.passed
        found = [Split(tag, *counts) for tag, counts in sides.items() if counts[1] or counts[2]]
        return sorted(found, key=lambda s: (-abs(s.first - s.second), -(s.first + s.second), s.tag))


def _told(facts: Sequence[Fact], head: Results) -> bool:
    """Whether a case says anything: that nobody has scored an output says nothing of its system,
    and an output that no snapshot holds nothing of any.
    """
    silent = {"unscored", "no_output"} if head.scores == "human" else {"unscored"}
    if any(fact.error in silent for fact in facts):
        return False
    return not all(fact.error == "no_output" for fact in facts)


@dataclass(frozen=True, slots=True)
class Split:
    """Of `cases` with `tag`: how many only the first system passes, how many only the second."""

    tag: str
    cases: int
    first: int
    second: int


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
        bound = regression_bound(candidate.head)
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
    return {c.name: why for c in paired.candidates if (why := paired.why(measure, c)) is not None}


def _why(measure: Measure, candidate: Candidate) -> str:
    if measure.kind == "latency":
        return candidate.latency_why or "no live call of these cases was timed"
    if measure.kind == "cost":
        return candidate.cost_why or "its price is not known"
    return "no case of it has a score there"


def _bound(constraint: Constraint) -> str:
    return f"{constraint.bound:g}"


def regression_bound(head: Results) -> float:
    """The rate that the regression tier must hold, whatever the total: its gate's."""
    tier = head.tiers.get(REGRESSION)
    return 1.0 if tier is None or tier.threshold is None else tier.threshold


def _value(measure: Measure, candidate: Candidate, fact: Fact) -> float | None:
    family, name = measure.family
    if measure.key == LATENCY:
        return fact.latency_ms
    if measure.key == COST:
        return candidate.cost_per_1k if fact.cost is None else 1000 * fact.cost
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
        case.list_cost_usd,
        case.output_hash,
        case.error.kind if case.error else None,
    )
