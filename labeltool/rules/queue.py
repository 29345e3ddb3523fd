"""The order in which outputs are labelled, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from labeltool.model.base import TIERS, Tier
from labeltool.model.round import Round

State = Literal["todo", "stale", "done", "skipped"]
OPEN: frozenset[State] = frozenset({"todo", "stale"})


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


def arrange(
    tiers: Mapping[str, Tier],
    states: Mapping[str, State],
    *,
    round: Round | None = None,
    wanted: str | None = None,
) -> tuple[Item, ...]:
    """The outputs to label, in order.

    tiers: {case: tier} of every recorded output of the snapshot; states: what the annotator has
    said so far, "todo" where a case is missing. In a round: its outputs, in its order. Otherwise
    every output, stale ones first (they ask the least), then by tier and id; what is done stays in
    place, so that one can go back to it. A `wanted` case outside the round comes first.
    """
    if round is not None:
        order = [output.case for output in round.outputs if output.case in tiers]
        if wanted is not None and wanted in tiers and wanted not in order:
            order.insert(0, wanted)
    else:
        order = sorted(
            tiers,
            key=lambda case: (states.get(case) != "stale", TIERS.index(tiers[case]), case),
        )
    return tuple(Item(case, tiers[case], states.get(case, "todo")) for case in order)


def start(items: Sequence[Item], wanted: str | None = None) -> int:
    """Where to begin: at the wanted case, else at the first open one, else at 0."""
    for index, item in enumerate(items):
        if item.case == wanted if wanted is not None else item.open:
            return index
    return 0


def next_open(items: Sequence[Item], index: int) -> int | None:
    """The next open item after `index`, going round once; None when nothing else is open."""
    after = [*range(index + 1, len(items)), *range(index)]
    return next((place for place in after if items[place].open), None)


def progress(items: Sequence[Item]) -> Progress:
    return Progress(sum(not item.open for item in items), len(items))


def settle(items: Sequence[Item], case: str, state: State) -> tuple[Item, ...]:
    """`items` with the state of one case replaced."""
    return tuple(replace(item, state=state) if item.case == case else item for item in items)
