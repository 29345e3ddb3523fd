"""The labels of one output side by side: a row a criterion, a column a person without a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content
from textual.strip import Strip

from labeltool.tui.widgets.pane import INDENT, Pane
from labeltool.tui.widgets.rule import MIN_DASHES

MARK = 2
LEAST = 6
"""Cells of a column at least."""


class Row(NamedTuple):
    """`cells`: one a side; `end` stands at the right. `tall`: the cells are wrapped."""

    name: Content
    cells: Sequence[Content]
    end: Content = Content("")
    here: bool = False
    tall: int = 1


class SidesPane(Pane):
    """Draws what it is told. The heads of the columns stand in the rule."""

    def __init__(self, *, id: str | None = None):
        super().__init__("differ", id=id, can_focus=False)
        self._heads: Sequence[Content] = ()
        self._end = ""
        self._rows: Sequence[Row] = ()

    def show(self, heads: Sequence[Content], rows: Sequence[Row], end: str) -> None:
        """heads: of the columns; `end`: of the last one, which stands at the right."""
        self._heads, self._rows, self._end = heads, rows, end
        self.relayout()
        at = next((index for index, row in enumerate(rows) if row.here), 0)
        self.reveal(at)

    # Where columns stand, in cells from the left of the text.

    def _names(self) -> int:
        return MARK + max((row.name.cell_length for row in self._rows), default=8) + 2

    def _ends(self) -> int:
        lengths = [row.end.cell_length for row in self._rows] + [len(self._end)]
        return max(lengths, default=0)

    def _column(self, width: int) -> int:
        room = width - self._names() - self._ends()
        return max(LEAST, room // max(1, len(self._heads)))

    def wrapped(self, width: int) -> Sequence[Content]:
        return [line for row in self._rows for line in self._lines_of(row, width)]

    def _lines_of(self, row: Row, width: int) -> list[Content]:
        names, column = self._names(), self._column(width)
        cells = [_cut(cell, column - 2, row.tall) for cell in row.cells]
        lines = []
        for index in range(max((len(cell) for cell in cells), default=1)):
            head = Content("")
            if index == 0:
                head = Content.styled("▸ " if row.here else "  ", "$focus") + row.name
            line = _padded(head, names)
            for cell in cells:
                line += _padded(cell[index] if index < len(cell) else Content(""), column)
            if index == 0 and row.end:
                line = _padded(line.truncate(width - row.end.cell_length), width - self._ends())
                line += row.end
            lines.append(line.truncate(width))
        return lines

    def render_line(self, y: int) -> Strip:
        if y != 0:
            return super().render_line(y)
        width = self.size.width
        names, column = self._names(), self._column(self.text_width)
        line = Content.assemble(("─ ", "$rule"), (self.title, "$strong"), " ")
        for index, head in enumerate(self._heads):
            line = _dashed(line, INDENT + names + index * column - 1)
            line += Content(" ") + head.truncate(column - 2, ellipsis=True) + Content(" ")
        if self._end and self._rows:
            line = _dashed(line, width - 1 - self._ends() - 1)
            line += Content.assemble(" ", (self._end, "$quiet"), " ")
        line = _dashed(line, width)
        return Strip(line.truncate(width).render_segments(self.visual_style)).crop_extend(
            0, width, self.rich_style
        )


def _cut(text: Content, width: int, rows: int) -> list[Content]:
    """`text` in at most so many rows; what does not fit ends in `…`."""
    if rows == 1 or not text:
        return [text.truncate(max(1, width), ellipsis=True)]
    lines = text.wrap(max(1, width))
    if len(lines) <= rows:
        return lines
    last = (lines[rows - 1] + Content("…")).truncate(max(1, width), ellipsis=True)
    return [*lines[: rows - 1], last]


def _padded(text: Content, width: int) -> Content:
    return text.pad_right(max(0, width - text.cell_length))


def _dashed(line: Content, width: int) -> Content:
    dashes = max(0, width - line.cell_length)
    if dashes and dashes < MIN_DASHES:
        return _padded(line, width)
    return line + Content.styled("─" * dashes, "$rule")
