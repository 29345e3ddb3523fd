"""What a weighted total trades: the weights at which another system wins, and who is outdone.

Totals are linear in one row's share of all weights (the others keep their proportions), so where
the winner changes is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from labeltool.stats.ranking import totals_of

_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Flip:
    """At `flips_at` (a weight of 0..1, the others keeping their proportions) system `to` (its
    place) overtakes the leader; `weight` is the row's share of all weights now.
    """

    row: int
    weight: float
    flips_at: float
    to: int


def flips(scores: Sequence[Sequence[float]], weights: Sequence[float]) -> list[Flip]:
    """Where the leader loses its lead as one row's share goes from 0 to 1, nearest first.

    At most two a row: one below its share now, one above. To draw level at 0 or 1 is no turn.
    """
    whole = sum(weights)
    totals = totals_of(scores, weights)
    leader = max(range(len(totals)), key=totals.__getitem__)
    found: list[Flip] = []
    for place, row in enumerate(scores):
        share = weights[place] / whole
        rest = _rest(scores, weights, place)
        crossings = [
            (at, other)
            for other in range(len(totals))
            if other != leader
            and (at := _crossing(row, rest, leader, other)) is not None
            and _TIE < at < 1 - _TIE
            and abs(at - share) > _TIE
        ]
        below = [one for one in crossings if one[0] < share]
        above = [one for one in crossings if one[0] > share]
        nearest = ([max(below)] if below else []) + ([min(above)] if above else [])
        found += [Flip(place, share, at, to) for at, to in nearest]
    return sorted(found, key=lambda one: abs(one.flips_at - one.weight))


@dataclass(frozen=True, slots=True)
class Stretch:
    """From share `start` to `end` (0..1) of a row, `system` (its place) has the highest total."""

    start: float
    end: float
    system: int


def stretches(
    scores: Sequence[Sequence[float]], weights: Sequence[float], place: int
) -> list[Stretch]:
    """Who wins as row `place` has all shares from 0 to 1, in order. Of those who tie over a whole
    stretch, who leads now, else the first.
    """
    row, rest = scores[place], _rest(scores, weights, place)
    totals = totals_of(scores, weights)
    order = sorted(range(len(totals)), key=lambda one: -totals[one])
    cuts = {0.0, 1.0}
    for one, other in combinations(order, 2):
        at = _crossing(row, rest, one, other)
        if at is not None and _TIE < at < 1 - _TIE:
            cuts.add(at)
    found: list[Stretch] = []
    for start, end in pairwise(sorted(cuts)):
        if end - start < _TIE:
            continue
        middle = (start + end) / 2
        at_middle = [middle * row[n] + (1 - middle) * rest[n] for n in range(len(row))]
        best = max(at_middle)
        leader = next(n for n in order if at_middle[n] >= best - _TIE)
        if found and found[-1].system == leader:
            found[-1] = Stretch(found[-1].start, end, leader)
        else:
            found.append(Stretch(found[-1].end if found else 0.0, end, leader))
    return found


def front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Places of the points (gain, price) that no other is as good as in both and better in one."""

    def outdone(one: tuple[float, float]) -> bool:
        return any(
            gain >= one[0] and price <= one[1] and (gain, price) != one for gain, price in points
        )

    return [place for place, one in enumerate(points) if not outdone(one)]


def _rest(scores: Sequence[Sequence[float]], weights: Sequence[float], out: int) -> list[float]:
    """The totals without row `out`; equal weights where the others have none."""
    others = [row for n, row in enumerate(scores) if n != out]
    kept = [weight for n, weight in enumerate(weights) if n != out]
    if not others:
        return [0.0] * len(scores[0])
    return totals_of(others, kept if sum(kept) > 0 else [1.0] * len(kept))


def _crossing(row: Sequence[float], rest: Sequence[float], one: int, other: int) -> float | None:
    """The share w in 0..1 where w * row + (1 - w) * rest is equal for both and then is not."""
    behind = rest[one] - rest[other]
    ahead = row[one] - row[other]
    if abs(behind - ahead) < _TIE:
        return None
    at = behind / (behind - ahead)
    return at if 0 <= at <= 1 else None
