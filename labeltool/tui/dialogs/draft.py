"""A dialog to say of a draft what is expected, what is checked, and its tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Literal, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from labeltool.commands.edit import as_text, from_text
from labeltool.errors import UsageError
from labeltool.model.case import Check
from labeltool.rules.check_text import check_text, parse_checks
from labeltool.safe_text import one_line, visible
from labeltool.tui import keys
from labeltool.tui.dialogs.words import Editor, WritingDialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled

Field = Literal["expected", "checks", "tags"]
FIELDS: tuple[Field, ...] = ("expected", "checks", "tags")
ASKS = {
    "expected": "What should have come back? Empty: the checks and the rubric decide.",
    "checks": "One a line: not_contains=TEXT, regex=PATTERN, json_valid, max_words=80",
    "tags": "Words with commas between them",
}


class Said(NamedTuple):
    """What is expected, checked, and the tags."""

    expected: tuple[str, ...]
    checks: tuple[Check, ...]
    tags: tuple[str, ...]


class DraftDialog(WritingDialog[None]):
    """Tells every change that can be read at once, so that going back, or a crash, loses nothing.
    It does not go while a line is no check.
    """

    KEYS = keys.DRAFT
    ABOUT = (
        "What the case will expect, what its output must hold, and its tags. What you write is "
        "kept with the draft; accepting writes it down."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.DRAFT))
    DEFAULT_CSS = """
    DraftDialog { align: center bottom; background: $background 20%; }
    DraftDialog > .frame { max-width: 100%; width: 100%; max-height: 100%; padding: 0 1; }
    DraftDialog .rule { height: 1; }
    DraftDialog KeyBar { padding: 0; }
    DraftDialog .field { height: auto; }
    DraftDialog .name { width: 10; color: $quiet; }
    DraftDialog .field.-here .name { color: $focus; text-style: bold; }
    DraftDialog Editor {
        height: auto;
        min-height: 1;
        max-height: 6;
        width: 1fr;
        border: none;
        padding: 0 1;
        background: $panel;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background: $surface; }
    }
    DraftDialog .wrong { height: auto; max-height: 2; color: $bad; }
    """

    def __init__(self, title: str, said: Said, field: Field, *, changed: Callable[[Said], None]):
        super().__init__()
        self._title, self._before, self._field, self._changed = title, said, field, changed
        self._texts = {
            "expected": as_text(said.expected),
            "checks": "\n".join(map(check_text, said.checks)),
            "tags": ", ".join(said.tags),
        }

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield Static(classes="rule")
            for name in FIELDS:
                yield from self._row(name)
            yield Static(classes="wrong")
            yield KeyBar()

    def _row(self, name: Field) -> Iterator[Horizontal]:
        editor = Editor(
            visible(self._texts[name]),
            id=name,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=Content(ASKS[name]),
        )
        yield Horizontal(Static(Content(name), classes="name"), editor, classes="field")

    def on_mount(self) -> None:
        self.show_keys()
        self.write_in(self.query_one(f"#{self._field}", Editor))

    def on_resize(self) -> None:
        rule = titled(one_line(self._title, 60), "kept as you write", self.size.width - 2)
        self.query_one(".rule", Static).update(rule)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        for field in self.query(".field"):
            field.set_class(field is event.widget.parent, "-here")

    @property
    def said(self) -> Said:
        """As it is on screen; a text shown with glyphs and left alone is as it was. Raises
        UsageError for a line that is no check.
        """
        now = {name: self._now(name) for name in FIELDS}
        before = self._before
        same = {name: now[name] == self._texts[name] for name in FIELDS}
        tags = tuple(dict.fromkeys(filter(None, map(str.strip, now["tags"].split(",")))))
        return Said(
            before.expected if same["expected"] else from_text(now["expected"]),
            before.checks if same["checks"] else parse_checks(now["checks"]),
            before.tags if same["tags"] else tags,
        )

    def _now(self, name: Field) -> str:
        text = self.query_one(f"#{name}", Editor).text
        return self._texts[name] if text == visible(self._texts[name]) else text

    @on(TextArea.Changed)
    def tell(self) -> None:
        self.query_one(".wrong", Static).update("")
        try:
            self._changed(self.said)
        except UsageError:
            return  # a line in the making: going back says what is wrong with it

    def action_field(self, step: int) -> None:
        (self.focus_next if step > 0 else self.focus_previous)()

    def action_restore(self) -> None:
        """The focused field as it was before."""
        editor = self.editor()
        editor.text = visible(self._texts.get(editor.id or "", ""))
        editor.move_cursor(editor.document.end)

    def action_save(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        try:
            self._changed(self.said)
        except UsageError as error:
            words = f"{error.message}; {error.hint or ''}"
            self.query_one(".wrong", Static).update(Content(one_line(words, 400)))
            self.query_one("#checks", Editor).focus()
        else:
            self.dismiss()
