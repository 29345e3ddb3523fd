"""What the next labels would settle, and the order that settles it soonest.

A judge's trust needs labels (design: n >= 30 current human scores of a criterion and at least 5
outputs on each side of pass_at); an inconclusive gate wants its tier looked at; a disagreement
wants another opinion.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from labeltool.model.base import Score, Tier
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.queue import Item

TRUST_LABELS = 30
TRUST_SIDE = 5


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a criterion lacks before a judge can be measured on it. `n`: outputs that have a human
    score of it, `met` and `missed` of them at and under pass_at.
    """

    criterion: str
    n: int
    met: int
    missed: int

    @property
    def labels(self) -> int:
        """The fewest further labels that could do."""
        sides = max(0, TRUST_SIDE - self.met) + max(0, TRUST_SIDE - self.missed)
        return max(TRUST_LABELS - self.n, sides, 0)

    @property
    def side(self) -> str | None:
        """`failing` or `passing` where only labels of that kind still help."""
        if TRUST_LABELS - self.n > 0:
            return None
        if self.missed < TRUST_SIDE:
            return "failing"
        return "passing" if self.met < TRUST_SIDE else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What labels could settle.

    shortages: of criteria that a judge scores and is not trusted on. scored: {case: criteria that
    have a human score}. inconclusive: tiers whose gate could not be decided. disagreed: cases whose
    labels differ. failing: cases that the last run found failing.
    """

    shortages: tuple[Shortage, ...] = ()
    scored: Mapping[str, Collection[str]] = field(default_factory=dict)
    inconclusive: frozenset[Tier] = frozenset()
    disagreed: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()


def shortage(criterion: Criterion, scores: Sequence[Score]) -> Shortage:
    """From the human scores of a criterion; `na` is none."""
    numbers = [score for score in scores if score != "na"]
    met = sum(number >= criterion.met_at for number in numbers)
    return Shortage(criterion.id, len(numbers), met, len(numbers) - met)


def shortages(
    rubric: Rubric, scores: Mapping[str, Sequence[Score]], trusted: Collection[str]
) -> tuple[Shortage, ...]:
    """Criteria that a judge scores, is not trusted on and lacks labels for; the least lack first.

    scores: {criterion: human scores}.
    """
    found = (
        shortage(criterion, scores.get(criterion.id, ()))
        for criterion in rubric.criteria
        if criterion.grader == "judge" and criterion.id not in trusted
    )
    return tuple(sorted((one for one in found if one.labels), key=lambda one: one.labels))


def by_what_settles(items: Sequence[Item], wanted: Wanted) -> tuple[Item, ...]:
    """The open outputs, what settles most first, and then the others. Equals keep their order."""
    return tuple(sorted(items, key=lambda item: (not item.open, *_rank(item, wanted))))


def _rank(item: Item, wanted: Wanted) -> tuple[int, ...]:
    """Smaller is sooner: it serves the criterion nearest to being decided, then more of them."""
    has = wanted.scored.get(item.case, ())
    helps = [place for place, one in enumerate(wanted.shortages) if one.criterion not in has]
    sides = {one.side for one in wanted.shortages}
    fails = item.case in wanted.failing
    likely = ("failing" in sides and fails) or ("passing" in sides and not fails)
    return (
        item.case not in wanted.disagreed,
        not likely if helps else True,
        item.tier not in wanted.inconclusive,
        helps[0] if helps else len(wanted.shortages),
        -len(helps),
    )


def settles(items: Sequence[Item], wanted: Wanted, *, round: int | None = None) -> str:
    """In one sentence, what the labels of this queue decide."""
    waiting = [item for item in items if item.open]
    if round is not None:
        if not waiting:
            return f"round {round} has all your labels: closing it says where people agree"
        return f"{_more(len(waiting))} of yours complete round {round}, which keeps its own order"
    for said in (_trust(waiting, wanted), _disagreements(waiting, wanted), _gates(waiting, wanted)):
        if said:
            return said
    if not waiting:
        return "every output here has your label"
    return "nothing waits on a label: every judged criterion has enough of them"


def _trust(waiting: Sequence[Item], wanted: Wanted) -> str:
    if not wanted.shortages:
        return ""
    least = wanted.shortages[0]
    names = [one.criterion for one in wanted.shortages if one.labels == least.labels]
    kind = f" {least.side}" if least.side else ""
    decides = "decides" if least.labels == 1 else "decide"
    said = f"{_more(least.labels, kind)} {decides} {_and(names)}"
    most = wanted.shortages[-1]
    if most.labels > least.labels:
        said += f", {most.labels} decide all"
    useful = sum(least.criterion not in wanted.scored.get(item.case, ()) for item in waiting)
    if useful < least.labels:
        here = "1 output is" if useful == 1 else f"{useful or 'no'} outputs are"
        said += f"; only {here} left here: record another snapshot"
        said = said.replace("only no outputs", "no outputs")
    return said


def _disagreements(waiting: Sequence[Item], wanted: Wanted) -> str:
    many = sum(item.case in wanted.disagreed for item in waiting)
    return f"{_more(many)} may settle as many disagreements" if many else ""


def _gates(waiting: Sequence[Item], wanted: Wanted) -> str:
    tiers = [tier for tier in sorted(wanted.inconclusive) if any(i.tier == tier for i in waiting)]
    if not tiers:
        return ""
    many = sum(item.tier in wanted.inconclusive for item in waiting)
    gates = "gate was" if len(tiers) == 1 else "gates were"
    return f"the {_and(tiers)} {gates} inconclusive: {_more(many)} say what its outputs are worth"


def _more(count: int, kind: str = "") -> str:
    return f"{count} more{kind} label{'' if count == 1 else 's'}"


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
