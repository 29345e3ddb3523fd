"""A dialog that shows lines: the help, or a criterion with its levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane

KEY_COLUMN = 12


@runtime_checkable
class Explained(Protocol):
    """A screen or dialog that `?` can explain: its place in the table, what has the focus."""

    KEYS: ClassVar[str]

    def explain(self) -> Sequence[Line]: ...


class LinesDialog(Dialog[str | None]):
    """Read and go back, or answer with one of the digits in `answers`."""

    KEYS = keys.LINES
    ABOUT = "Something to read."
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.LINES))
    DEFAULT_CSS = """
    LinesDialog TextPane { height: auto; }
    LinesDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, title: str, source: Sequence[Line], *, answers: str = "", word: str = ""):
        super().__init__()
        self._answers, self._word = answers, word
        self._title = title
        self._source = source

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield TextPane(one_line(self._title), id="lines")
            yield KeyBar(id="keys")

    def on_mount(self) -> None:
        pane = self.query_one(TextPane)
        pane.show(self._source)
        pane.focus()
        wanted, always = keys.footer(self.KEYS)
        if self._answers:
            first, last = int(self._answers[0]), int(self._answers[-1])
            wanted = [(keys.digits(first, last), self._word), *wanted]
        self.query_one(KeyBar).show(wanted, always)

    def on_resize(self) -> None:
        self.fit(self.query_one(TextPane), 4 + self.size.height // 10)

    def action_score(self, digit: int) -> None:
        if str(digit) in self._answers:
            self.dismiss(str(digit))
        else:
            self.app.bell()

    def action_page_down(self) -> None:
        self.query_one(TextPane).page(1)

    def action_page_up(self) -> None:
        self.query_one(TextPane).page(-1)

    action_down, action_up = action_page_down, action_page_up

    def action_do(self) -> None:
        self.dismiss()

    action_why = action_do


def help_lines(screen: str, about: Sequence[Line]) -> list[Line]:
    """What has the focus, then the key table of a screen or dialog."""
    lines = [*about, Line(Content("")), Line(Content.styled("keys", "$quiet"))]
    for one in keys.of(screen):
        gutter = Content.styled(one.shown.ljust(KEY_COLUMN - 2), "bold $focus")
        lines.append(Line(Content(one.does), gutter, KEY_COLUMN))
    return lines
