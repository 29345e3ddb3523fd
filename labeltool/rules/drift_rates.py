"""Rates over windows of time: which of many rose against what was before, corrected for many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from labeltool.stats.multiple import holm, rise

LEVEL = 0.05
BEFORE = -(2**62)
"""The window of what is given as a baseline: before all others."""


class Rate(NamedTuple):
    """hits of n."""

    hits: int = 0
    n: int = 0

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else 0.0

    def plus(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.n + other.n)


@dataclass(frozen=True)
class Least:
    """What it takes to be tested, and to alert: so many now and before, and a rise that matters, in
    points and as a multiple.
    """

    now: int
    before: int
    points: float
    times: float


@dataclass(frozen=True)
class Tested:
    """One name in one window. before: None where nothing can be compared; p: adjusted."""

    name: str
    window: int | None
    now: Rate
    before: Rate | None = None
    p: float | None = None
    alert: bool = False


Series = Mapping[int | None, Rate]
"""By window; None holds what has no time."""


def judged(series: Mapping[str, Series], least: Least, *, look_ahead: bool = False) -> list[Tested]:
    """Every name in every window but BEFORE, each against all the windows before it.

    look_ahead: the first window is compared with the later ones where nothing is before it.
    """
    found = [
        one
        for name, windows in series.items()
        for one in _compared(name, windows, least, look_ahead=look_ahead)
    ]
    asked = [
        (at, rise(*one.now, *one.before)) for at, one in enumerate(found) if one.before is not None
    ]
    for (at, _), p in zip(asked, holm([p for _, p in asked]), strict=True):
        one = found[at]
        assert one.before is not None
        matters = one.now.value >= max(
            one.before.value + least.points, one.before.value * least.times
        )
        found[at] = Tested(one.name, one.window, one.now, one.before, p, p < LEVEL and matters)
    return found


def _compared(name: str, windows: Series, least: Least, *, look_ahead: bool) -> Iterator[Tested]:
    timed = sorted(window for window in windows if window is not None)
    if None in windows and (not timed or timed == [BEFORE]):
        before = windows.get(BEFORE)
        enough = before is not None and _enough(windows[None], before, least)
        yield Tested(name, None, windows[None], before if enough else None)
    whole = Rate()
    for window in timed:
        whole = whole.plus(windows[window])
    before = Rate()
    for window in timed:
        now = windows[window]
        other = before
        if look_ahead and before.n < least.before:
            other = Rate(whole.hits - now.hits, whole.n - now.n)
        if window != BEFORE:
            yield Tested(name, window, now, other if _enough(now, other, least) else None)
        before = before.plus(now)


def _enough(now: Rate, before: Rate, least: Least) -> bool:
    return now.n >= least.now and before.n >= least.before


def shown(found: Sequence[Tested]) -> list[Tested]:
    """What alerts, and of every other name its last window; the alarms first."""
    alarms = [one for one in found if one.alert]
    named = {one.name for one in alarms}
    last = {one.name: one for one in found if one.name not in named and one.now.n}
    return [*sorted(alarms, key=lambda one: one.p or 0.0), *last.values()]
