"""Clusters of what production asks and no case is near to: found, named, told in safe words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labeltool.commands.drift_cases import Reference
from labeltool.commands.drift_tally import Seen, Tally
from labeltool.rules.drift_names import Known, Unnamed, named
from labeltool.rules.drift_text import Words, telling
from labeltool.stats.clusters import LINKED, Group, grown, linked, packed, stacked
from labeltool.stats.shift import Centroid

CUT, NARROWEST, WIDEST = 1.8, 0.45, 0.6
"""Uncovered inputs are of one cluster below CUT times the cases' reach, within these."""
SEEDS, LEAST, LEAST_SHARE, ALWAYS = 3, 5, 0.004, 100
"""A cluster has three uncovered inputs or more, and five members; in long logs 0.4% of what is
looked at, where that is not over a hundred."""
APART = 0.1
"""Of a cluster's members at least so many are uncovered: else it is about what cases ask."""
READ = 100
"""Members whose words are read."""


@dataclass(frozen=True)
class Members:
    """What a cluster holds of the samples: `far` no case is near to, `near` grew to it.

    times_far, times_near: how many records of the log one of each stands for.
    """

    rows: tuple[Seen, ...]
    far: tuple[Seen, ...]
    near: tuple[Seen, ...]
    times_far: float
    times_near: float
    centroid: str

    @property
    def size(self) -> int:
        return self.uncovered + round(len(self.near) * self.times_near)

    @property
    def uncovered(self) -> int:
        return round(len(self.far) * self.times_far)

    def size_in(self, window: int) -> float:
        near = sum(one.window == window for one in self.near)
        return self.uncovered_in(window) + near * self.times_near

    def uncovered_in(self, window: int) -> float:
        return sum(one.window == window for one in self.far) * self.times_far

    def taken_from(self, whole: Centroid, *, window: int | None = None) -> Centroid:
        """`whole` without the records that this stands for, all or those of one window."""
        for some, times in ((self.far, self.times_far), (self.near, self.times_near)):
            rows = [one for one in some if window is None or one.window == window]
            if rows:
                part = Centroid()
                part.add(stacked([one.vector for one in rows], 0))
                whole = whole.without(part, times)
        return whole


def members(tally: Tally, reference: Reference) -> list[Members]:
    """The clusters, those with the most uncovered inputs first; none where fewer than two cases say
    how far they reach.
    """
    far = tally.far
    if reference.reach is None or len(far) < SEEDS:
        return []
    limit = reference.reach
    near = [one for one in tally.sampled if one.distance <= limit]
    rows = [*far, *near]
    points = stacked([one.vector for one in rows], 0)
    cut = min(WIDEST, max(NARROWEST, CUT * limit))
    seeds = [group for group in linked(points[: min(len(far), LINKED)], cut) if len(group) >= SEEDS]
    least = max(LEAST, min(ALWAYS, round(LEAST_SHARE * len(rows))))
    groups = grown(points, [one.distance for one in rows], seeds, least=least)
    uncovered = tally.whole.uncovered
    times_far = uncovered / len(far)
    times_near = (tally.heard - uncovered) / len(near) if near else 1.0
    found = [_members(group, rows, len(far), times_far, times_near) for group in groups]
    apart = [one for one in found if one.uncovered >= APART * one.size]
    return sorted(apart, key=lambda one: -one.uncovered)


def _members(
    group: Group, rows: Sequence[Seen], far: int, times_far: float, times_near: float
) -> Members:
    return Members(
        rows=tuple(rows[at] for at in group.members),
        far=tuple(rows[at] for at in group.members if at < far),
        near=tuple(rows[at] for at in group.members if at >= far),
        times_far=times_far,
        times_near=times_near,
        centroid=packed(group.centre),
    )


@dataclass(frozen=True)
class Named:
    """A cluster with its name. known: what it was in an earlier run, and what was decided."""

    id: str
    words: tuple[str, ...]
    members: Members
    known: Known | None

    @property
    def out(self) -> bool:
        return self.known is not None and self.known.scope == "out"


def name(
    found: Sequence[Members],
    known: Sequence[Known],
    embedding: str,
    *,
    everything: Words,
    clean: Callable[[str], str],
) -> list[Named]:
    """`everything`: the words of all production; `clean` takes out what must not be shown."""
    words = [
        tuple(telling(Words(clean(one.text) for one in some.rows[:READ]), everything))
        for some in found
    ]
    unnamed = [Unnamed(own, some.centroid) for own, some in zip(words, found, strict=True)]
    names = named(unnamed, known, embedding)
    return [
        Named(id, own, some, old) for (id, old), own, some in zip(names, words, found, strict=True)
    ]
