"""A list with a cursor. A row is drawn when it comes into view, so that length costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

from textual import events
from textual.content import Content
from textual.message import Message

from labeltool.tui.widgets.pane import Pane

MARK = 2
"""Cells of the mark that says which row has the cursor."""

Draw = Callable[[int, int], Content]
"""(row, cells there are for it): its content."""


class _Drawn(Sequence[Content]):
    """Rows that are drawn when asked for."""

    def __init__(self, count: int, draw: Callable[[int], Content]):
        self._count, self._draw = count, draw

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Content: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Content]: ...
    def __getitem__(self, index: int | slice) -> Content | Sequence[Content]:
        if isinstance(index, slice):
            return [self._draw(row) for row in range(*index.indices(self._count))]
        return self._draw(index)


class RowsPane(Pane):
    """Its screen moves the cursor by keys; a click moves it too, a second one opens the row."""

    @dataclass
    class Picked(Message):
        """A click on a row; `again`: it had the cursor already."""

        row: int
        again: bool

    def __init__(self, title: str, *, id: str | None = None):
        super().__init__(title, id=id, can_focus=False)
        self.cursor = 0
        self.complete = True
        """Whether more rows may still come."""
        self._count = 0
        self._draw: Draw = lambda row, width: Content("")

    def show(self, count: int, draw: Draw, *, complete: bool = True) -> None:
        """Draw these rows from now on; the cursor stays where it is, within them."""
        self._count, self._draw, self.complete = count, draw, complete
        self.cursor = max(0, min(self.cursor, count - 1))
        self.relayout()
        self.reveal(self.cursor)

    def pick(self, row: int) -> bool:
        """Put the cursor there, within the rows; False where it stood there already."""
        row = max(0, min(row, self._count - 1))
        if row == self.cursor:
            return False
        self.cursor = row
        self.refresh()
        self.reveal(row)
        return True

    def page(self, direction: int) -> bool:
        return self.pick(self.cursor + direction * max(1, self.size.height - 2))

    def wrapped(self, width: int) -> Sequence[Content]:
        def draw(row: int) -> Content:
            here = row == self.cursor
            line = Content.styled("▸ " if here else "  ", "$focus")
            line += self._draw(row, max(1, width - MARK))
            return line.stylize("bold") if here else line

        return _Drawn(self._count, draw)

    def reveal(self, row: int) -> None:
        """Also while the new length has not reached the layout yet."""
        top, rows = round(self.scroll_offset.y), self.size.height - 1
        if rows > 0 and not top <= row < top + rows:
            y = row if row < top else row - rows + 1
            self.scroll_to(y=y, animate=False, immediate=True, force=True)

    def position(self) -> str:
        place = super().position()
        return place if self.complete or not self._count else f"{place} and more"

    def on_resize(self) -> None:
        super().on_resize()
        self.reveal(self.cursor)

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + round(self.scroll_offset.y)
        if event.y >= 1 and 0 <= row < self._count:
            again = not self.pick(row)
            self.post_message(self.Picked(row, again))
