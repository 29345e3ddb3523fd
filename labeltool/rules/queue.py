"""The order in which outputs are labelled, and what is still open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from labeltool.model.base import TIERS, Tier
from labeltool.model.round import Round

State = Literal["todo", "stale", "done", "skipped"]
OPEN: frozenset[State] = frozenset({"todo", "stale"})
OVERLAP = 10
"""One output in so many is labelled by two, so that their agreement can be watched."""


@dataclass(frozen=True, slots=True)
class Item:
    """One output to label, as one annotator sees it.

    `stale`: labelled before, but a criterion, the input or the output changed since.
    """

    case: str
    tier: Tier
    state: State

    @property
    def open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    """How many outputs of a queue are settled for one annotator."""

    done: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class Share:
    """Which outputs are whose once a round is closed: by hash alone, so everybody sees the same
    assignment, and one more case or annotator moves few of the others.
    """

    people: tuple[str, ...]
    seed: int = 0

    def whose(self, case: str) -> tuple[str, ...]:
        """Who labels a case: one of the people, two where it is part of the overlap."""
        ranked = sorted(self.people, key=lambda name: self._hash(case, name))
        return tuple(ranked[: 2 if self._hash(case) % OVERLAP == 0 else 1])

    def is_mine(self, case: str, annotator: str) -> bool:
        """Whoever is none of the people is asked for everything."""
        return annotator not in self.people or annotator in self.whose(case)

    def _hash(self, *parts: str) -> int:
        said = "\0".join((str(self.seed), *parts)).encode()
        return int.from_bytes(hashlib.sha256(said).digest()[:8], "big")


def share_out(rounds: Sequence[Round], system: str, everybody: Sequence[str]) -> Share | None:
    """How the rest of a snapshot is shared out: among those of its latest round, once that is
    closed. None while nothing is shared: before the first round, in an open one, or alone.

    rounds: by number. everybody: the annotators of the settings, for a round that names none.
    """
    latest = next((one for one in reversed(rounds) if one.system == system), None)
    if latest is None or latest.closed is None:
        return None
    people = tuple(sorted(set(latest.annotators or everybody)))
    return Share(people, latest.seed) if len(people) > 1 else None


def arrange(
    tiers: Mapping[str, Tier],
    states: Mapping[str, State],
    *,
    round: Round | None = None,
    share: Share | None = None,
    annotator: str = "",
    wanted: str | None = None,
) -> tuple[Item, ...]:
    """The outputs to label, in order.

    tiers: {case: tier} of every recorded output of the snapshot; states: what the annotator has
    said so far, "todo" where a case is missing. In a round: its outputs, in its order. Otherwise
    every output, or those of the annotator's share and those that have their label already: stale
    ones first (they ask the least), then by tier and id; what is done stays in place, so that one
    can go back to it. A `wanted` case that is not among them comes first.
    """
    if round is not None:
        order = [output.case for output in round.outputs if output.case in tiers]
    else:
        order = sorted(
            (c for c in tiers if share is None or c in states or share.is_mine(c, annotator)),
            key=lambda case: (states.get(case) != "stale", TIERS.index(tiers[case]), case),
        )
    if wanted is not None and wanted in tiers and wanted not in order:
        order.insert(0, wanted)
    return tuple(Item(case, tiers[case], states.get(case, "todo")) for case in order)


def start(items: Sequence[Item], wanted: str | None = None, last: str | None = None) -> int:
    """Where to begin: at the wanted case; else at the first stale one; else where one left, which
    is the case that was `last` in hand, or the next open one after it; else at the first open one.
    """
    places = {item.case: index for index, item in enumerate(items)}
    if wanted is not None:
        return places.get(wanted, 0)
    stale = next((index for index, item in enumerate(items) if item.state == "stale"), None)
    if stale is not None:
        return stale
    at = places.get(last, -1) if last is not None else -1
    if at >= 0 and items[at].open:
        return at
    following = next_open(items, at) if at >= 0 else None
    if following is not None:
        return following
    return next((index for index, item in enumerate(items) if item.open), 0)


def next_open(items: Sequence[Item], index: int) -> int | None:
    """The next open item after `index`, going round once; None when nothing else is open."""
    after = chain(range(index + 1, len(items)), range(index))
    return next((place for place in after if items[place].open), None)


def progress(items: Sequence[Item]) -> Progress:
    return Progress(sum(not item.open for item in items), len(items))


def settle(items: tuple[Item, ...], index: int, state: State) -> tuple[Item, ...]:
    """`items` with the state of the one at `index` replaced."""
    return (*items[:index], replace(items[index], state=state), *items[index + 1 :])
