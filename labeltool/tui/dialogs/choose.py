"""A dialog that asks which of two to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane


class ChooseDialog(Dialog[bool | None]):
    """A answers True, B False, going back None: then nothing is decided and nothing is lost."""

    KEYS = keys.WHICH
    ABOUT = "Which of the two is to stand. Decided later, both are kept as they are."
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.WHICH))
    DEFAULT_CSS = """
    ChooseDialog TextPane { height: auto; }
    ChooseDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, title: str, source: Sequence[Line], *, a: str, b: str):
        super().__init__()
        self._title, self._source, self._words = title, source, (a, b)

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield TextPane(one_line(self._title))
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TextPane).show(self._source)
        a, b = self._words
        self.show_keys(words={"take-a": a, "take-b": b})

    def on_resize(self) -> None:
        self.fit(self.query_one(TextPane), 6)

    def action_take(self, letter: str) -> None:
        self.dismiss(letter == "A")
