"""A dialog that asks why something is out of scope."""

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

MOST = 6
"""Earlier reasons that are shown."""


class ReasonDialog(WritingDialog[str | None]):
    """Answers the reason; None where nobody wants it out of scope after all."""

    KEYS = keys.REASON
    ABOUT = (
        "Why this is nothing that the eval set should hold. The draft goes, the reason stays, and "
        "the same input is not nominated again. One commit, which undo takes back."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.REASON))
    DEFAULT_CSS = """
    ReasonDialog .rule { height: 1; }
    ReasonDialog Editor {
        height: 1;
        border: none;
        padding: 0 1;
        background: $panel;
        scrollbar-size: 0 0;
        &:focus { border: none; }
    }
    ReasonDialog TextPane { height: auto; margin-top: 1; }
    ReasonDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, title: str, text: str, earlier: Sequence[str]):
        super().__init__()
        self._title, self._text, self._earlier = title, text, earlier

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield Static(classes="rule")
            yield Editor(
                visible(self._text),
                soft_wrap=False,
                tab_behavior="focus",
                highlight_cursor_line=False,
                placeholder=Content("why it is out of scope"),
            )
            yield TextPane("said before", id="earlier")
            yield KeyBar()

    def on_mount(self) -> None:
        self.show_keys()
        pane = self.query_one(TextPane)
        pane.show([Line(Content(visible(one))) for one in self._earlier[:MOST]])
        pane.can_focus = False
        pane.display = bool(self._earlier)
        self.write_in(self.editor())

    def on_resize(self) -> None:
        width = min(76, self.size.width * 96 // 100) - 2
        self.query_one(".rule", Static).update(titled(self._title, "", width))
        self.fit(self.query_one(TextPane), 8)

    def action_done(self) -> None:
        reason = " ".join(self.editor().text.split())
        if reason:
            self.dismiss(reason)
        else:
            self.app.bell()
