"""A dialog that asks which rows of a list to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from labeltool.safe_text import visible
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.dialogs.words import Editor
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.text import Line, TextPane


class FilterDialog(Dialog[str | None]):
    """Answers what was written, empty for all; None leaves the filter as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False, priority=True),
        Binding("escape", "back", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    FilterDialog .rule { height: 1; }
    FilterDialog Editor {
        height: 1;
        border: none;
        padding: 0 1;
        background: $panel;
        scrollbar-size: 0 0;
        &:focus { border: none; }
    }
    FilterDialog TextPane { height: auto; margin-top: 1; }
    FilterDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, text: str, hints: Sequence[Line]):
        super().__init__()
        self._before, self._hints = text, hints

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield Static(classes="rule")
            yield Editor(
                visible(self._before),
                soft_wrap=False,
                tab_behavior="focus",
                highlight_cursor_line=False,
                placeholder=Content("words that must stand in the row"),
            )
            yield TextPane("known so far", id="hints")
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(KeyBar).show([("⏎", "show"), ("ctrl+l", "empty it")], [("esc", "back")])
        pane = self.query_one(TextPane)
        pane.show(self._hints)
        pane.can_focus = False
        editor = self.query_one(Editor)
        editor.move_cursor(editor.document.end)
        editor.focus()

    def on_resize(self) -> None:
        width = min(76, self.size.width * 96 // 100) - 2
        self.query_one(".rule", Static).update(titled("filter", "", width))
        pane = self.query_one(TextPane)
        most = max(3, self.size.height - 8)
        pane.styles.height = min(pane.need(width, most), most)

    def action_take(self) -> None:
        self.dismiss(" ".join(self.query_one(Editor).text.split()))
