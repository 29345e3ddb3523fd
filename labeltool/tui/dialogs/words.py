"""A dialog to write a note or a flag in."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from labeltool.safe_text import visible
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled


class Editor(TextArea):
    """A text area into which nothing comes that would act on the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter,alt+enter", "newline", show=False),
        Binding("ctrl+l", "empty", show=False),
    ]

    def action_newline(self) -> None:
        self.insert("\n")

    def action_empty(self) -> None:
        self.clear()

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = visible(event.text.replace("\r\n", "\n").replace("\r", "\n"))
        await super()._on_paste(event)

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "escape"):
            return  # the dialog's
        await super()._on_key(event)


class WordsDialog(Dialog[None]):
    """Tells every change at once, so that going back, or a crash, loses nothing.

    changed is given the text, None where it is empty.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", show=False, priority=True),
        Binding("escape", "back", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    WordsDialog { align: center bottom; background: $background 20%; }
    WordsDialog > .frame { max-width: 100%; width: 100%; }
    WordsDialog .rule { height: 1; }
    WordsDialog TextArea {
        height: 5;
        border: none;
        padding: 0 1;
        background: $panel;
        &:focus { border: none; }
    }
    """

    def __init__(
        self, title: str, text: str | None, *, ask: str, changed: Callable[[str | None], None]
    ):
        super().__init__()
        self._title = title
        self._before = text
        self._ask = ask
        self._changed = changed

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield Static(classes="rule")
            yield Editor(
                visible(self._before or ""),
                soft_wrap=True,
                tab_behavior="focus",
                highlight_cursor_line=False,
                placeholder=Content(self._ask),
            )
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(KeyBar).show(
            [("ctrl+j", "new line"), ("ctrl+l", "empty it")], [("⏎", "keep")]
        )
        editor = self.query_one(Editor)
        editor.move_cursor(editor.document.end)
        editor.focus()

    def on_resize(self) -> None:
        self.query_one(".rule", Static).update(titled(self._title, "", self.size.width - 2))

    @on(TextArea.Changed)
    def tell(self) -> None:
        text = self.query_one(Editor).text.strip()
        if text == visible(self._before or "").strip():
            self._changed(self._before)  # as it was, also where it is shown with glyphs
        else:
            self._changed(text or None)
