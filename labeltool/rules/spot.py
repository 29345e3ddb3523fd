"""Spot checks: judged outputs of a run that people score blind, to see whether the judge holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from labeltool.model.base import Score
from labeltool.model.rubric import Criterion
from labeltool.rules.calibrate import LEAST_AGREEMENT
from labeltool.rules.scoring import is_met
from labeltool.stats.intervals import wilson

PREFIX = "spot-"
"""How the snapshots of spot checks are named: by it the queue knows them."""
LEAST_SPOTS = 10
_TAIL = 40


def snapshot_name(run_id: str) -> str:
    """The one snapshot of a run's spot checks; always a legal name."""
    return PREFIX + (re.sub(r"[^a-z0-9]+", "-", run_id.lower()).strip("-")[:_TAIL] or "run")


def is_spot(system: str) -> bool:
    return system.startswith(PREFIX)


def pick(cases: Iterable[str], count: int, *, run_id: str, seed: int) -> list[str]:
    """`count` of them at random by `seed`; fewer are always the first of more."""

    def drawn(case: str) -> bytes:
        return hashlib.sha256(f"{seed}\0{run_id}\0{case}".encode()).digest()

    return sorted(cases, key=drawn)[:count]


def waiting(
    systems: Sequence[str], cases_of: Callable[[str], set[str]], done_of: Callable[[str], set[str]]
) -> str | None:
    """The newest spot check of which this annotator has outputs to label, None without one."""
    spots = sorted(filter(is_spot, systems), reverse=True)
    return next((one for one in spots if cases_of(one) - done_of(one)), None)


@dataclass(frozen=True, slots=True)
class Running:
    """A judge held against labels that were given since its calibration, on one criterion.
    agreement, interval: 0..1, of met or not met; None without outputs. `below`: no longer what
    trust asks for; `why` says so, or what is missing to tell.
    """

    n: int
    agreement: float | None = None
    interval: tuple[float, float] | None = None
    below: bool = False
    why: str | None = None


def running(criterion: Criterion, pairs: Iterable[tuple[Score, Score]]) -> Running:
    """pairs: (people's score, the judge's) of one output each. Interval: Wilson (1927)."""
    sides = [(is_met(criterion, human), is_met(criterion, judge)) for human, judge in pairs]
    kept = [(human, judge) for human, judge in sides if (human, judge) != (None, None)]
    n = len(kept)
    if n == 0:
        return Running(0, why="no output was labelled blind since the calibration")
    same = sum(human == judge for human, judge in kept)
    agreement, interval = same / n, wilson(same, n)
    if n < LEAST_SPOTS:
        return Running(n, agreement, interval, why=f"{n} of {LEAST_SPOTS} outputs: too few to tell")
    if agreement >= LEAST_AGREEMENT:
        return Running(n, agreement, interval)
    sure = interval[1] < LEAST_AGREEMENT
    why = (
        f"below the {LEAST_AGREEMENT:.2f} that trust asks for: calibrate again"
        if sure
        else f"under {LEAST_AGREEMENT:.2f}, though its interval still reaches it: label more"
    )
    return Running(n, agreement, interval, below=sure, why=why)


def fallen(found: Mapping[str, Running]) -> tuple[str, ...]:
    """The criteria on which the judge fell below trust."""
    return tuple(id for id, one in found.items() if one.below)
