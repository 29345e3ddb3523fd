"""A comparison as places in drawings. Units are those of the SVG around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from labeltool.report.charts import WIDTH, Range
from labeltool.report.compare import shown, standing_of
from labeltool.rules.compared import Compared, Entry
from labeltool.rules.matrix import LATENCY, Measure

PLOT_WIDTH, PLOT_HEIGHT = 420.0, 240.0
STRIP = 960.0
COLOURS = 6
"""Classes `s0` to `s5` of the page; further systems share them, and names tell them apart."""
ROOM_FOR_NAME = 0.16
"""Of a strip's width, from which a stretch names its system."""
TICKS = 4


def span(entry: Entry) -> Range:
    """The interval of a total and the total in it, 0..WIDTH."""
    total, interval, best = standing_of(entry)
    low, high = entry.standing.interval if entry.standing else (None, None)
    said = f"{total}, {interval}, best in {best}" if entry.standing else f"{total}, {interval}"
    return Range(_on(low), _on(high), _on(entry.total), None, said)


def _on(share: float | None) -> float | None:
    return None if share is None else round(min(max(share, 0.0), 1.0) * WIDTH, 2)


@dataclass(frozen=True, slots=True)
class Part:
    """`name` is empty where there is no room for it."""

    x: float
    width: float
    colour: int
    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Who wins at which share of one row; `now` is the share it has."""

    title: str
    now: float
    share: str
    parts: tuple[Part, ...]


def colours(found: Compared) -> dict[str, int]:
    """By system, in the order of the table."""
    return {entry.name: n % COLOURS for n, entry in enumerate(found.by_total)}


def strips(found: Compared) -> list[Strip]:
    """A strip of each row that counts, 0..STRIP; nothing where one system alone is left."""
    if len(found.ranked) < 2:
        return []
    of = colours(found)
    drawn = []
    for row, stretches in zip(found.measures, found.stretches, strict=True):
        share = found.weight(row)
        parts = []
        for one in stretches:
            name = found.ranked[one.system]
            wide = one.end - one.start >= ROOM_FOR_NAME
            said = f"{name} wins from {one.start:.2f} to {one.end:.2f}"
            x, width = one.start * STRIP, (one.end - one.start) * STRIP
            parts.append(Part(round(x, 2), round(width, 2), of[name], name if wide else "", said))
        drawn.append(Strip(row.key, round(share * STRIP, 2), f"{share:.2f}", tuple(parts)))
    return drawn


@dataclass(frozen=True, slots=True)
class Point:
    """One system. best: nobody outdoes it in both. label: its name, where it is drawn."""

    x: float
    y: float
    colour: int
    best: bool
    label: str
    anchor: str
    said: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Quality upwards, what it costs to the right. `line`: the front, as SVG points."""

    title: str
    points: tuple[Point, ...]
    line: str
    across: tuple[tuple[float, str], ...]
    upward: tuple[tuple[float, str], ...]


def plots(found: Compared) -> list[Plot]:
    """Quality against latency and against cost, where at least two systems have both."""
    return [_plot(found, key, names) for key, names in found.fronts.items()]


def _plot(found: Compared, key: str, best: Sequence[str]) -> Plot:
    row = Measure(key, 0)
    entries = [
        (entry, entry.quality, value)
        for entry in found.by_total
        if entry.quality is not None and (value := entry.values.get(key)) is not None
    ]
    across = _ticks(0.0, max(value for _, _, value in entries))
    upward = _ticks(
        min(quality for _, quality, _ in entries), max(quality for _, quality, _ in entries), top=1
    )
    of = colours(found)

    def x(value: float) -> float:
        return round(value / across[-1] * PLOT_WIDTH, 2)

    def y(quality: float) -> float:
        share = (quality - upward[0]) / (upward[-1] - upward[0])
        return round((1 - share) * PLOT_HEIGHT, 2)

    points = tuple(
        Point(
            x(value),
            y(quality),
            of[entry.name],
            entry.name in best,
            entry.name if entry.name in best or len(entries) <= COLOURS else "",
            "end" if x(value) > PLOT_WIDTH / 2 else "start",
            f"{entry.name}: quality {quality:.3f}, {shown(row, value)}",
        )
        for entry, quality, value in entries
    )
    front = sorted({(one.x, one.y) for one in points if one.best})
    name = "latency, p95" if key == LATENCY else "cost of 1,000 calls"
    return Plot(
        f"quality against {name}",
        points,
        " ".join(f"{at:g},{up:g}" for at, up in front),
        tuple((x(tick), shown(row, tick)) for tick in across),
        tuple((y(tick), f"{tick:.2f}") for tick in upward),
    )


def _ticks(low: float, high: float, *, top: float | None = None) -> list[float]:
    """Round numbers from at most `low` to at least `high`."""
    spread = max(high - low, 1e-9, abs(high) / 20)
    step = 10 ** floor(log10(spread / TICKS))
    step = next(step * by for by in (1, 2, 5, 10) if spread / (step * by) <= TICKS)
    first, last = floor(low / step + 1e-9), -floor(-high / step + 1e-9)
    if last == first:
        last += 1
    ticks = [n * step for n in range(first, last + 1)]
    return ticks if top is None else [tick for tick in ticks if tick <= top + 1e-9] or [0.0, top]
