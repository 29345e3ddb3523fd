"""When production has parted from the eval set: the limits, and what it takes to pass them."""

from __future__ import annotations

from collections.abc import Sequence

from labeltool.model.drift import PastWindow, Window
from labeltool.rules.drift_windows import in_a_row
from labeltool.stats.intervals import wilson
from labeltool.stats.shift import COVERED_SHARE

THRESHOLD = 0.15
EXPECTED = round(1 - COVERED_SHARE, 6)
"""The share of cases that no other case is near to."""
BEYOND = 0.03
"""The uncovered share alerts where it is sure to be so far above the expected one."""
CASES, RECORDS = 30, 200
"""Under these nothing can be said."""
WINDOW_RECORDS = 50


def too_few(cases: int, records: int) -> list[str]:
    """Why nothing can be said of the inputs; empty where something can."""
    found = []
    if cases < CASES:
        found.append(f"{cases} cases to compare with, {CASES} are needed")
    if records < RECORDS:
        found.append(f"{records} records in scope, {RECORDS} are needed")
    return found


def share(uncovered: float, n: float) -> tuple[float, tuple[float, float]] | None:
    """The uncovered share with its interval; None of nothing."""
    if n <= 0:
        return None
    hits = min(max(uncovered, 0.0), n)
    return hits / n, wilson(hits, n)


def passed(
    distance: float | None,
    threshold: float,
    uncovered: tuple[float, tuple[float, float]] | None,
) -> list[str]:
    """The limits that are passed, in words."""
    found = []
    if distance is not None and distance > threshold:
        found.append(f"the centroids are {distance:.3f} apart, over {threshold:g}")
    if uncovered is not None and uncovered[1][0] > EXPECTED + BEYOND:
        found.append(
            f"{uncovered[0]:.1%} of production is far from every case "
            f"(at least {uncovered[1][0]:.1%}; {EXPECTED:.0%} is to be expected)"
        )
    return found


def with_alerts(windows: Sequence[Window], past: Sequence[PastWindow]) -> list[Window]:
    """Alerts where a window and the one before it, of those with enough records, are over a limit;
    `past`: of earlier runs, the last of which comes before the first one here.
    """
    filled = [one for one in windows if one.state != "insufficient"]
    if not filled:
        return list(windows)
    earlier = [one.over for one in past if one.window < filled[0].window]
    over = in_a_row([*earlier[-1:], *(one.over for one in filled)])[len(earlier[-1:]) :]
    alerts = {one.window: both for one, both in zip(filled, over, strict=True)}
    return [
        one.model_copy(update={"alert": True, "state": "alert"}) if alerts.get(one.window) else one
        for one in windows
    ]
