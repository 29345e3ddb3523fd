"""The same cluster has the same name in the next run, so that what was decided of it sticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from labeltool.rules.drift_text import shared, slug
from labeltool.stats.clusters import likeness

ALIKE = 0.8
"""Directions this alike (cosine) are of one cluster."""
SAID = 0.3
"""Telling words that overlap this far are of one cluster, where directions cannot be compared."""


@dataclass(frozen=True)
class Known:
    """A cluster of an earlier run. centroid: packed; embedding: what made it."""

    id: str
    words: tuple[str, ...] = ()
    centroid: str | None = None
    embedding: str | None = None
    scope: Literal["in", "out"] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Unnamed:
    words: tuple[str, ...]
    centroid: str


def named(
    found: Sequence[Unnamed], known: Sequence[Known], embedding: str
) -> list[tuple[str, Known | None]]:
    """(id, what it was known as) of each cluster, in order. Earlier entries of `known` come first
    where several fit; each names one cluster at most, the one most like it. New ones are called by
    their words.
    """
    pairs = [
        (_fit(one, old, embedding), -rank, -at)
        for at, one in enumerate(found)
        for rank, old in enumerate(known)
    ]
    of: dict[int, Known] = {}
    taken: dict[str, object] = {}
    for fit, minus_rank, minus_at in sorted(pairs, reverse=True):
        old = known[-minus_rank]
        if fit > 0 and -minus_at not in of and old.id not in taken:
            of[-minus_at] = old
            taken[old.id] = old
    reserved: dict[str, object] = {**taken, **{old.id: old for old in known if _tells(old)}}
    names: list[tuple[str, Known | None]] = []
    for at, one in enumerate(found):
        if at in of:
            names.append((of[at].id, of[at]))
            continue
        name = slug(one.words, taken, "cluster")
        bare = next((old for old in known if old.id == name and not _tells(old)), None)
        if bare is None:
            name = slug(one.words, reserved, "cluster")
        taken[name] = reserved[name] = one
        names.append((name, bare))
    return names


def _tells(old: Known) -> bool:
    return bool(old.words or old.centroid)


def _fit(one: Unnamed, old: Known, embedding: str) -> float:
    """0 where they are two clusters."""
    if old.centroid is not None and old.embedding == embedding:
        alike = likeness(one.centroid, old.centroid)
        return alike if alike >= ALIKE else 0.0
    said = shared(one.words, old.words) if old.words else 0.0
    return said if said >= SAID else 0.0


def with_decisions(known: Sequence[Known], decided: Mapping[str, Known]) -> list[Known]:
    """`known` with what triage says of each; those decided first, and by what they know of
    themselves.
    """
    found = [
        Known(
            one.id,
            one.words or old.words,
            one.centroid or old.centroid,
            one.embedding if one.centroid else old.embedding,
            one.scope,
            one.reason,
        )
        for one in decided.values()
        for old in [next((old for old in known if old.id == one.id), one)]
    ]
    return [*found, *(old for old in known if old.id not in decided)]
