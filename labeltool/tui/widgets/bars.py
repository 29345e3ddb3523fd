"""The lines at the edges: where I am, what happened to my work, what the keys do now."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

BAR = 12
"""Cells of a progress bar."""


def progress_bar(done: int, total: int, width: int = BAR) -> Content:
    """`7/20 ━━━━────────`: the numbers say it, the bar repeats it."""
    filled = 0 if total == 0 else round(width * done / total)
    if 0 < done < total:
        filled = min(width - 1, max(1, filled))
    return Content.assemble(
        (f"{done}/{total} ", ""), ("━" * filled, "$focus"), ("─" * (width - filled), "$rule")
    )


class Bar(Widget):
    """One line. Drawn again only when it changed: a bar is told the same at every key."""

    DEFAULT_CSS = """
    Bar { height: 1; padding: 0 1; background: transparent; }
    """

    def drawn(self, width: int) -> Content:
        """The line in that many cells."""
        return Content("")

    def render(self) -> Content:
        return self.drawn(self.size.width)


class Ends(Bar):
    """One line with a left and a right end; the left is cut where both do not fit."""

    def __init__(self, *, id: str | None = None):
        super().__init__(id=id)
        self._left = self._right = Content("")

    def show(self, left: Content, right: Content | None = None) -> None:
        right = right or Content("")
        if not (left.is_same(self._left) and right.is_same(self._right)):
            self._left, self._right = left, right
            self.refresh()

    def drawn(self, width: int) -> Content:
        right = self._right.truncate(width, ellipsis=True)
        room = width - right.cell_length - (1 if right else 0)
        left = self._left.truncate(max(0, room), ellipsis=True)
        gap = width - left.cell_length - right.cell_length
        return left.pad_right(max(0, gap)) + right


class KeyBar(Bar):
    """The keys that do something now. What does not fit goes, least wanted first; help stays."""

    def __init__(self, *, id: str | None = None):
        super().__init__(id=id)
        self._wanted: Sequence[tuple[str, str]] = ()
        self._always: Sequence[tuple[str, str]] = ()

    def show(self, wanted: Sequence[tuple[str, str]], always: Sequence[tuple[str, str]]) -> None:
        if (wanted, always) != (self._wanted, self._always):
            self._wanted, self._always = wanted, always
            self.refresh()

    def drawn(self, width: int) -> Content:
        gap = "   "
        fixed = [_hint(*pair) for pair in self._always]
        room = (
            width - sum(hint.cell_length + len(gap) for hint in fixed) + (len(gap) if fixed else 0)
        )
        hints: list[Content] = []
        for pair in self._wanted:
            hint = _hint(*pair)
            room -= hint.cell_length + len(gap)
            if room < 0:
                break
            hints.append(hint)
        return Content(gap).join([*hints, *fixed])


def _hint(key: str, word: str) -> Content:
    return Content.assemble((key, "bold $focus"), f" {word}")
