"""A dialog that shows lines: the help, or a criterion with its levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from labeltool.tui import keys
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane

KEY_COLUMN = 12


class LinesDialog(Dialog[str | None]):
    """Read and go back, or answer with one of the characters in `answers`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,pagedown,j,down", "page(1)", show=False),
        Binding("pageup,k,up", "page(-1)", show=False),
        Binding("enter,question_mark,g", "back", show=False),
    ]
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
            yield TextPane(self._title, id="lines")
            yield KeyBar(id="keys")

    def on_mount(self) -> None:
        pane = self.query_one(TextPane)
        pane.show(self._source)
        pane.focus()
        hints = [(f"{self._answers[0]}-{self._answers[-1]}", self._word)] if self._answers else []
        self.query_one(KeyBar).show(hints, [("space", "more"), ("esc", "back")])
        self.fit()

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """As high as the text, within the screen."""
        pane = self.query_one(TextPane)
        width = min(76, self.size.width * 96 // 100) - 2
        most = max(3, self.size.height * 9 // 10 - 4)
        pane.styles.height = min(pane.need(width, most), most)

    def on_key(self, event: events.Key) -> None:
        if event.character is not None and event.character in self._answers:
            event.stop()
            self.dismiss(event.character)

    def action_page(self, direction: int) -> None:
        self.query_one(TextPane).page(direction)


def help_lines(screen: str) -> list[Line]:
    """The key table of a screen, as the help shows it."""
    lines = []
    for one in keys.of(screen):
        gutter = Content.styled(one.shown.ljust(KEY_COLUMN - 2), "bold $focus")
        lines.append(Line(Content(one.does), gutter, KEY_COLUMN))
    return lines
