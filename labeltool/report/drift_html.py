"""A drift report as one page that stands alone: no network, no script, no markup of the data."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labeltool.model.drift import Drift, DriftPoint
from labeltool.report.drift import growth, headline, measures, next_step, rating, standing
from labeltool.template import Text

WIDTH, HEIGHT = 640.0, 120.0
RUNS, CLUSTERS = 60, 30
_PAGE = Path(__file__).with_name("page")


@dataclass(frozen=True)
class Line:
    """A quantity over time: dots with their names, the lines between those that follow one another,
    a limit. Units are those of the SVG around it.
    """

    title: str
    dots: tuple[tuple[float, float, str], ...]
    paths: tuple[str, ...]
    limit: float | None
    top: str
    first: str
    last: str


def html(found: Drift, past: Sequence[DriftPoint] = ()) -> str:
    """The page. past: earlier runs, the oldest first."""
    values = {
        "found": found,
        "policy": f"default-src 'none'; style-src {_hash()}; base-uri 'none'; form-action 'none'",
        "css": _css(),
        "headline": headline(found),
        "measures": measures(found),
        "lines": lines(found, past),
        "clusters": [
            (one, growth(one), standing(one), _bar(one.size, found))
            for one in found.clusters[:CLUSTERS]
        ],
        "feedback": [(row, rating(row)) for row in found.feedback.rows],
        "next": next_step(found),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return _template().fill(values)


def lines(found: Drift, past: Sequence[DriftPoint]) -> list[Line]:
    """Distance and uncovered share over the windows of this log, and over the runs."""
    made = []
    windows = [one for one in found.windows if one.state != "insufficient"]
    if len(windows) > 1:
        names = [one.window for one in windows]
        made += _two(
            f"by {found.window}",
            names,
            [one.centroid_distance for one in windows],
            [one.uncovered for one in windows],
            found,
        )
    if past:
        runs = past[-RUNS:]
        now = (found.production.last or found.created_at)[:10]
        made += _two(
            "run by run",
            [*(one.date for one in runs), now],
            [*(one.centroid_distance for one in runs), found.centroid_distance],
            [*(one.uncovered for one in runs), found.uncovered.share],
            found,
        )
    return made


def _two(
    what: str,
    names: Sequence[str],
    distances: Sequence[float | None],
    shares: Sequence[float | None],
    found: Drift,
) -> list[Line]:
    return [
        _line(f"Centroid distance, {what}", names, distances, found.threshold),
        _line(f"Uncovered share, {what}", names, shares, found.uncovered.expected),
    ]


def _line(title: str, names: Sequence[str], values: Sequence[float | None], limit: float) -> Line:
    """The scale begins at 0; a limit far above all values is left out of the drawing."""
    largest = max((value for value in values if value is not None), default=0.0)
    shown = limit <= 4 * largest
    top = max(largest, limit if shown else 0.0) * 1.08 or 1.0
    step = WIDTH / max(1, len(values) - 1)
    places = [
        None if value is None else (round(at * step, 1), round(HEIGHT * (1 - value / top), 1))
        for at, value in enumerate(values)
    ]
    dots = tuple(
        (*place, f"{name}: {value:.4f}")
        for place, name, value in zip(places, names, values, strict=True)
        if place is not None
    )
    return Line(
        title,
        dots,
        tuple(_paths(places)),
        round(HEIGHT * (1 - limit / top), 1) if shown else None,
        f"{top:.3g}" + ("" if shown else f" (the limit, {limit:g}, is above)"),
        names[0],
        names[-1],
    )


def _paths(places: Sequence[tuple[float, float] | None]) -> list[str]:
    """Points of each stretch without a gap."""
    found: list[list[str]] = [[]]
    for place in places:
        if place is None:
            found.append([])
        else:
            found[-1].append(f"{place[0]},{place[1]}")
    return [" ".join(one) for one in found if len(one) > 1]


def _bar(size: int, found: Drift) -> float:
    largest = max(one.size for one in found.clusters)
    return round(size / largest * 100, 1) if largest else 0.0


@cache
def _asset(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


@cache
def _css() -> str:
    return _asset("page.css") + _asset("drift.css")


@cache
def _template() -> Text:
    return Text(_asset("drift.html"), path="labeltool/report/page/drift.html", html=True)


@cache
def _hash() -> str:
    digest = hashlib.sha256(_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
