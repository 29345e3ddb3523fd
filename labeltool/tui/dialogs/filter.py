"""A dialog that asks which rows of a list to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from labeltool.safe_text import visible
from labeltool.tui import keys
from labeltool.tui.dialogs.words import Editor, WritingDialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.text import Line, TextPane


class FilterDialog(WritingDialog[str | None]):
    """Answers what was written, empty for all; None leaves the filter as it is."""

    KEYS = keys.FILTER
    ABOUT = (
        "Only what fits all the words is shown. Nothing else changes; an empty filter shows all."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.FILTER))
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
        self.show_keys()
        pane = self.query_one(TextPane)
        pane.show(self._hints)
        pane.can_focus = False
        self.write_in(self.editor())

    def on_resize(self) -> None:
        width = min(76, self.size.width * 96 // 100) - 2
        self.query_one(".rule", Static).update(titled("filter", "", width))
        self.fit(self.query_one(TextPane), 8)

    def action_done(self) -> None:
        self.dismiss(" ".join(self.editor().text.split()))
