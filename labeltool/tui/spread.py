"""How the label screen shares its room between input, output, expected and score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement

if TYPE_CHECKING:
    from textual.widget import Widget

WIDE = 110
"""Columns from which three stand side by side."""
TALL = 30
"""Rows of room from which the score pane explains the focused criterion in a single column."""
GAP = 2
"""Empty columns between two that stand side by side."""
LEAST = 2
"""Rows of a text pane: its rule and one line."""


class Needy(Protocol):
    """A pane that can say how many rows it wants."""

    def need(self, width: int, most: int) -> int: ...


class ScoreNeed(Protocol):
    rows: int

    def detail(self, width: int) -> int: ...


class Share(NamedTuple):
    """Regions of the four panes."""

    input: Region
    output: Region
    expected: Region
    score: Region


def pour(needs: Sequence[int], room: int) -> list[int]:
    """Rows for each of `needs`, `room` in all: nobody gets more than wanted while another is short.

    What is left over goes to the last.
    """
    given = [0] * len(needs)
    left, waiting = max(0, room), sorted(range(len(needs)), key=lambda i: needs[i])
    while waiting:
        index = waiting.pop(0)
        given[index] = min(max(needs[index], LEAST), left // (len(waiting) + 1))
        left -= given[index]
    given[-1] += left
    return given


def stack(needs: Sequence[int], room: int) -> list[int]:
    """Rows for input, output and expected above each other.

    The output is what is judged: where not all fits it may take up to half, the others share.
    """
    source, output, expected = needs
    if sum(needs) <= room:
        return pour(needs, room)
    middle = max(LEAST, min(output, room // 2))
    upper, lower = pour([source, expected], room - middle)
    return [upper, middle, lower]


def share(size: Size, texts: Sequence[Needy], score: ScoreNeed) -> Share:
    """The four regions within `size`. `texts`: input, output, expected."""
    if size.width >= WIDE:
        return _side_by_side(size, texts, score)
    return _stacked(size, texts, score)


def _stacked(size: Size, texts: Sequence[Needy], score: ScoreNeed) -> Share:
    width, height = size
    low = min(score.rows + 1, max(2, height - len(texts) * LEAST))
    if height >= TALL:
        low += min(score.detail(width), height // 4)
    first, second, third = stack([pane.need(width, height) for pane in texts], height - low)
    return Share(
        Region(0, 0, width, first),
        Region(0, first, width, second),
        Region(0, first + second, width, third),
        Region(0, height - low, width, low),
    )


def _side_by_side(size: Size, texts: Sequence[Needy], score: ScoreNeed) -> Share:
    width, height = size
    right = max(38, min(58, width * 3 // 10))
    left = (width - right) // 2
    middle = width - right - left
    inner = middle - GAP
    upper, lower = pour([pane.need(inner, height) for pane in texts[1:]], height)
    return Share(
        Region(0, 0, left - GAP, height),
        Region(left, 0, inner, upper),
        Region(left, upper, inner, lower),
        Region(left + middle, 0, right, height),
    )


class Spread(Layout):
    """Places four children (input, output, expected, score) by `share`."""

    name = "spread"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        texts = [cast("Needy", child) for child in children[:3]]
        regions = share(size, texts, cast("ScoreNeed", children[3]))
        return [
            WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child)
            for region, child in zip(regions, children, strict=True)
        ]
