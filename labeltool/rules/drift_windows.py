"""Stretches of time: how wide, which one a moment falls into, what a sequence of them says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from labeltool.errors import UsageError

HOUR, DAY = 3_600, 86_400
MOST = 20_000
"""So many windows are told apart; records beyond them count as without a time."""
_SIZES = {"m": 60, "h": HOUR, "d": DAY, "w": 7 * DAY}
_NAMED = re.compile(r"([1-9][0-9]{0,4})([mhdw])")
_WIDTHS = (HOUR, 6 * HOUR, DAY, 7 * DAY, 28 * DAY, 91 * DAY, 364 * DAY)


def seconds(name: str) -> int:
    """The width that `1h`, `15m`, `7d` name. Raises UsageError."""
    found = _NAMED.fullmatch(name)
    if found is None:
        raise UsageError(
            f"--window {name} is no stretch of time", hint="for example 15m, 1h, 1d or 1w"
        )
    return int(found[1]) * _SIZES[found[2]]


def place(time: str | None, width: int) -> int | None:
    """The number of the window that an ISO time falls into, counted from 1970; None without one."""
    if time is None:
        return None
    try:
        moment = datetime.fromisoformat(time)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return int(moment.timestamp() // width)
    except (ValueError, OverflowError):
        return None


def start(window: int, width: int) -> str:
    """When the window begins, as ISO text; days and longer ones as a date."""
    try:
        moment = datetime.fromtimestamp(window * width, UTC)
    except (ValueError, OverflowError, OSError):
        return f"window {window}"
    if width % DAY == 0:
        return moment.strftime("%Y-%m-%d")
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def fitting(windows: Iterable[int], width: int, *, most: int) -> int:
    """The narrowest of the usual widths that lays at most `most` windows over the time in which
    these windows (numbers of `width`) lie; `width` itself where that does.
    """
    there = sorted(windows)
    if not there:
        return width
    for wider in _WIDTHS:
        if wider >= width and (there[-1] * width) // wider - (there[0] * width) // wider < most:
            return wider
    return _WIDTHS[-1]


def in_a_row(over: Sequence[bool]) -> list[bool]:
    """For each of a sequence of windows whether it and the one before it are over the limit."""
    return [now and before for before, now in zip([False, *over], over, strict=False)]
