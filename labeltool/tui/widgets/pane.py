"""A pane: a titled rule and lines under it. Drawn line by line, so length costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from labeltool.tui.widgets.rule import titled

INDENT = 1
"""Empty cells left of the text; one more is kept free at its right."""


def inside(width: int) -> int:
    """Cells for text in a pane of that width."""
    return max(1, width - INDENT - 1)


class Pane(ScrollView, inherit_bindings=False):
    """Lines under a titled rule. The rule stays while the lines scroll, and says where one is."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Pane {
        height: 1fr;
        scrollbar-size: 0 0;
        background: transparent;
        color: $foreground;
    }
    """

    def __init__(self, title: str, *, id: str | None = None, can_focus: bool = True):
        super().__init__(id=id, can_focus=can_focus)
        self.title = title
        self.note = ""
        self._lines: Sequence[Content] = ()

    # What a subclass says.

    def wrapped(self, width: int) -> Sequence[Content]:
        """The lines at that width in cells."""
        return self._lines

    def need(self, width: int, most: int) -> int:
        """Rows wanted at that width, the rule included; counted up to `most`."""
        return len(self.wrapped(inside(width))) + 1

    def position(self) -> str:
        """The rule's right end: where one is in a text that does not fit."""
        rows, total = self.size.height - 1, len(self._lines)
        if rows <= 0 or total <= rows:
            return self.note
        first = round(self.scroll_offset.y) + 1
        last = min(total, first + rows - 1)
        arrows = ("▲" if first > 1 else "") + ("▼" if last < total else "")
        place = f"{first}-{last} of {total} {arrows}"
        return f"{self.note}  {place}" if self.note else place

    # Content and size.

    def set_lines(self, lines: Sequence[Content], *, keep_place: bool = False) -> None:
        self._lines = lines
        self._extend(Size(self.size.width, len(lines) + 1))
        if not keep_place and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def _extend(self, size: Size) -> None:
        """How far one can scroll. Only of a pane as high as its lines is it the screen's matter:
        to lay out the whole screen takes as long as to draw it.
        """
        height = self.styles.height
        if height is not None and height.is_auto:
            self.virtual_size = size
        else:
            self.set_reactive(Pane.virtual_size, size)

    def relayout(self) -> None:
        """Wrap again for the present width, as soon as there is one."""
        if not self.size:
            return
        self.set_lines(self.wrapped(self.text_width), keep_place=True)

    @property
    def text_width(self) -> int:
        return inside(self.size.width)

    def on_resize(self) -> None:
        self.relayout()

    def reveal(self, row: int) -> None:
        """Scroll so that a line is in view."""
        top, rows = round(self.scroll_offset.y), self.size.height - 1
        if row < top:
            self.scroll_to(y=row, animate=False, immediate=True)
        elif rows > 0 and row >= top + rows:
            self.scroll_to(y=row - rows + 1, animate=False, immediate=True)

    def page(self, direction: int) -> bool:
        """Scroll by a page less one line; False where there is nothing more that way."""
        rows = max(1, self.size.height - 1)
        before = round(self.scroll_offset.y)
        limit = max(0, len(self._lines) - rows)
        target = min(limit, max(0, before + direction * max(1, rows - 1)))
        if target == before:
            return False
        self.scroll_to(y=target, animate=False, immediate=True)
        return True

    # Drawing.

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            line = titled(self.title, self.position(), width, focused=self.has_focus)
        else:
            row = round(self.scroll_offset.y) + y - 1
            line = self._lines[row] if row < len(self._lines) else Content("")
            line = Content(" " * INDENT) + line
        style = self.visual_style  # kept by Textual; `rich_style` is found anew for each line
        return Strip(line.render_segments(style)).crop_extend(0, width, style.rich_style)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.refresh(Region(0, 0, self.size.width, self.size.height))
