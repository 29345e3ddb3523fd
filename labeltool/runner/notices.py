"""What a reader should know of a run beside its numbers, in a line each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from labeltool.model.base import TIERS, Tier

NAMED = 5


@dataclass(frozen=True)
class Happened:
    """What went on in a run. idle: tiers whose gate is skipped. back: cases whose quarantine is
    over. left_out: cases that were not verified. restored, changed: what an earlier process had
    graded, and of that what had to run again. hidden: outputs of an open round. differ: of
    `compared` outputs, those on which people and machine differ.
    """

    idle: Collection[Tier] = ()
    back: Sequence[str] = ()
    skipped: int = 0
    left_out: int = 0
    restored: int = 0
    changed: int = 0
    hidden: int = 0
    compared: int = 0
    differ: int = 0


def notices(run: Happened) -> Iterator[str]:
    """In the order in which they are read."""
    for tier in sorted(run.idle, key=TIERS.index):
        yield f"gate {tier} is skipped: all its cases are open, retired or quarantined"
    for id in run.back[:NAMED]:
        yield f"{id} runs again: its quarantine is over"
    if len(run.back) > NAMED:
        yield f"{len(run.back) - NAMED} more cases run again: their quarantine is over"
    if run.skipped:
        yield f"{cases(run.skipped)} did not run: retired or quarantined"
    if run.left_out:
        yield f"{cases(run.left_out)} did not run: the gate counts verified cases only"
    if run.restored:
        yield f"{cases(run.restored)} were graded before this run went on"
    if run.changed:
        yield f"{cases(run.changed)} changed meanwhile, and ran again"
    if run.hidden:
        yield f"{run.hidden} outputs are in an open round: their human scores stay hidden"
    if run.differ:
        both = f"{run.compared} outputs that both decided"
        yield f"people and machine differ on {run.differ} of {both}"


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
