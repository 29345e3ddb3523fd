"""A dialog to write a note or a flag in."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from labeltool.safe_text import one_line, visible
from labeltool.tui import keys
from labeltool.tui.dialogs.base import Answer, Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled


class Editor(TextArea):
    """A text area into which nothing comes that would act on the terminal."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = visible(event.text.replace("\r\n", "\n").replace("\r", "\n"))
        await super()._on_paste(event)


class WritingDialog(Dialog[Answer]):
    """What its keys do to the text that is written in."""

    def editor(self) -> Editor:
        """The one that has the focus, else the first."""
        focused = self.focused
        return focused if isinstance(focused, Editor) else self.query(Editor).first()

    def write_in(self, editor: Editor) -> None:
        editor.move_cursor(editor.document.end)
        editor.focus()

    def action_line(self) -> None:
        self.editor().insert("\n")

    def action_empty(self) -> None:
        self.editor().clear()


class WordsDialog(WritingDialog[None]):
    """Tells every change at once, so that going back, or a crash, loses nothing.

    changed is given the text, None where it is empty.
    """

    KEYS = keys.WORDS
    ABOUT = "A few words, kept with the label or the resolution from the first character on."
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.WORDS))
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
        self.show_keys()
        self.write_in(self.editor())

    def on_resize(self) -> None:
        self.query_one(".rule", Static).update(
            titled(one_line(self._title), "", self.size.width - 2)
        )

    @on(TextArea.Changed)
    def tell(self) -> None:
        text = self.editor().text.strip()
        if text == visible(self._before or "").strip():
            self._changed(self._before)  # as it was, also where it is shown with glyphs
        else:
            self._changed(text or None)

    def action_done(self) -> None:
        self.dismiss()
