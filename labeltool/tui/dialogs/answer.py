"""A dialog to edit the expected answer in."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.dialogs.words import Editor, WritingDialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled


class AnswerDialog(WritingDialog[str | None]):
    """Answers the text to save. Going back saves nothing and loses nothing: every change is told
    at once, None where the text is as it is in the file.
    """

    KEYS = keys.ANSWER
    ABOUT = (
        "What a good answer to this case says. Saving changes the case, in a commit of its own; "
        "what is not saved waits at its case."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.ANSWER))
    DEFAULT_CSS = """
    AnswerDialog { align: center bottom; background: $background 20%; }
    AnswerDialog > .frame { max-width: 100%; width: 100%; }
    AnswerDialog .rule { height: 1; }
    AnswerDialog TextArea {
        height: 10;
        max-height: 40vh;
        border: none;
        padding: 0 1;
        background: $panel;
        &:focus { border: none; }
    }
    """

    def __init__(self, title: str, text: str, *, filed: str, changed: Callable[[str | None], None]):
        """`filed`: the text as the file has it; `text`: what was written of late, or the same."""
        super().__init__()
        self._title, self._text, self._filed, self._changed = title, text, filed, changed

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield Static(classes="rule")
            yield Editor(
                self._text,
                soft_wrap=True,
                tab_behavior="focus",
                highlight_cursor_line=False,
                placeholder=Content(
                    "What does a good answer say? Empty: the rubric decides alone."
                ),
            )
            yield KeyBar()

    def on_mount(self) -> None:
        self.show_keys()
        self.write_in(self.editor())
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        note = "" if self._now() == self._filed else "not saved yet"
        self.query_one(".rule", Static).update(
            titled(one_line(self._title), note, self.size.width - 2)
        )

    def _now(self) -> str:
        return self.editor().text

    @on(TextArea.Changed)
    def tell(self) -> None:
        now = self._now()
        self._changed(None if now == self._filed else now)
        self.draw()

    def action_restore(self) -> None:
        editor = self.editor()
        editor.text = self._filed
        editor.move_cursor(editor.document.end)

    def action_save(self) -> None:
        self.dismiss(self._now())
