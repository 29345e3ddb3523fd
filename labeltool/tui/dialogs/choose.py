"""A dialog that asks which of two to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane


class ChooseDialog(Dialog[bool | None]):
    """`a` answers True, `b` False, going back None: then nothing is decided and nothing is lost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "choose(True)", show=False),
        Binding("b", "choose(False)", show=False),
    ]
    DEFAULT_CSS = """
    ChooseDialog TextPane { height: auto; }
    ChooseDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, title: str, source: Sequence[Line], *, a: str, b: str):
        super().__init__()
        self._title, self._source, self._words = title, source, (a, b)

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield TextPane(self._title)
            yield KeyBar()

    def on_mount(self) -> None:
        pane = self.query_one(TextPane)
        pane.show(self._source)
        width = min(76, self.size.width * 96 // 100) - 2
        most = max(3, self.size.height - 6)
        pane.styles.height = min(pane.need(width, most), most)
        a, b = self._words
        self.query_one(KeyBar).show([("a", a), ("b", b)], [("esc", "decide later")])

    def action_choose(self, answer: bool) -> None:
        self.dismiss(answer)
