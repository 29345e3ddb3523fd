"""A pane of text that somebody else wrote: made safe, and wrapped only as far as it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

from textual.content import Content

from labeltool import safe_text
from labeltool.tui.widgets.pane import Pane, inside

CAP = 64 * 1024
"""Characters of one text that are shown; a screen is no place to read more."""
BATCH = 200
"""Lines wrapped at a time; the first batch before the paint, the others after it."""


class Line(NamedTuple):
    """One line before wrapping. `gutter` stands before its first row; the others are indented."""

    text: Content
    gutter: Content = Content("")
    indent: int = 0


def lines_of(text: str, style: str = "", indent: int = 0, rest: str = "") -> list[Line]:
    """Untrusted text, line by line, capped. Never parsed as markup, never raw.

    `rest` says where to read what is over the cap.
    """
    shown = safe_text.visible(text[:CAP])
    lines = [Line(Content.styled(line, style), indent=indent) for line in shown.split("\n")]
    if len(text) > CAP:
        where = safe_text.one_line(rest) or "the file holds them"
        word = f"… {len(text) - CAP:,} more characters are not on this screen: {where}"
        lines.append(Line(Content.styled(word, "$needs"), indent=indent))
    return lines


class Wrapped(Sequence[Content]):
    """Lines wrapped to a width in cells, made when asked for. `len` is what is made so far."""

    def __init__(self, source: Sequence[Line], width: int):
        self._source = iter(source)
        self._width = width
        self._made: list[Content] = []
        self.complete = False

    def upto(self, rows: int) -> int:
        """Wrap until there are at least `rows` lines; returns how many there are."""
        while len(self._made) < rows and not self.complete:
            line = next(self._source, None)
            if line is None:
                self.complete = True
            else:
                self._made.extend(self._wrap(line))
        return len(self._made)

    def _wrap(self, line: Line) -> Iterator[Content]:
        room = max(1, self._width - line.indent)
        rows = _rows(line.text, room)
        for index, row in enumerate(rows):
            head = line.gutter if index == 0 else Content("")
            yield head.pad_right(max(0, line.indent - head.cell_length)) + row

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Content: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Content]: ...
    def __getitem__(self, index: int | slice) -> Content | Sequence[Content]:
        return self._made[index]


def _rows(text: Content, room: int) -> list[Content]:
    """Wrapped; most lines fit as they are, and finding that out costs less than wrapping."""
    plain = text.plain
    if len(plain) <= room and plain.isascii() and "\t" not in plain:
        return [text]
    return text.expand_tabs(4).wrap(room)


class TextPane(Pane):
    """A text, wrapped again when the width changes, a batch at a time."""

    def __init__(self, title: str, *, id: str | None = None):
        super().__init__(title, id=id)
        self._source: Sequence[Line] = ()
        self._wrapped: dict[int, Wrapped] = {}

    def show(self, source: Sequence[Line], *, note: str = "") -> None:
        """Put another text in the pane, from its first line."""
        self._source, self._wrapped, self.note = source, {}, note
        if self.size:
            self.set_lines(self.wrapped(self.text_width))

    def wrapped(self, width: int) -> Wrapped:
        if width not in self._wrapped:
            self._wrapped = {width: Wrapped(self._source, width)}
        lines = self._wrapped[width]
        lines.upto(BATCH)
        return lines

    def need(self, width: int, most: int) -> int:
        return self.wrapped(inside(width)).upto(most) + 1

    def set_lines(self, lines: Sequence[Content], *, keep_place: bool = False) -> None:
        super().set_lines(lines, keep_place=keep_place)
        if isinstance(lines, Wrapped) and not lines.complete:
            self.call_after_refresh(self._wrap_more, lines)

    def _wrap_more(self, lines: Wrapped) -> None:
        """The next batch, unless another text or width came since."""
        if self._lines is lines:
            lines.upto(len(lines) + BATCH)
            self.set_lines(lines, keep_place=True)

    def page(self, direction: int) -> bool:
        """Wrap first what the page needs: a text does not end where its wrapping has come to."""
        lines = self._lines
        if direction > 0 and isinstance(lines, Wrapped) and not lines.complete:
            lines.upto(round(self.scroll_offset.y) + 3 * self.size.height)
            self.set_lines(lines, keep_place=True)
        return super().page(direction)

    def position(self) -> str:
        place = super().position()
        lines = self._lines
        return place if not isinstance(lines, Wrapped) or lines.complete else f"{place} and more"
