"""A dialog to amend one criterion: its text, its levels, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from labeltool.commands.amend_draft import Amendable, AmendDraft
from labeltool.commands.rubric_amend import Amendment
from labeltool.rules.amend import Alter
from labeltool.safe_text import one_line, visible
from labeltool.tui import keys
from labeltool.tui.dialogs.words import Editor, WritingDialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.scores import name_of

PAUSE = 1.0
"""Seconds between two writes of a draft."""


class Amended(NamedTuple):
    """What was decided: for `commands.rubric_amend.propose`."""

    edits: tuple[Alter, ...]
    reason: str


def amended_words(amendment: Amendment) -> str:
    """What came of it, in a line."""
    again = sum(one.labels_again for one in amendment.survivals)
    what = (
        f"{again} label{'' if again == 1 else 's'} to look at again" if again else "none goes stale"
    )
    return f"{', '.join(amendment.changed)} is at version {amendment.after.version}: {what}"


class AmendDialog(WritingDialog[Amended | None]):
    """Answers the edits and the reason. Going back keeps what was written as a draft: `keep` is
    told now and then and at the end, None where nothing differs from the rubric. It is called in
    a thread.

    asked_for: somebody pressed the key for it. Else it comes by itself, after reading, while keys
    for the screen below are still on their way: no field has the focus then until one is chosen.
    """

    AUTO_FOCUS: ClassVar[str | None] = ""
    KEYS = keys.AMEND
    ABOUT = (
        "Say more clearly what the criterion asks, or what a level means, and why. It becomes the "
        "next version of the rubric, in a commit of its own; the labels that it makes stale are "
        "asked again."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.AMEND))
    DEFAULT_CSS = """
    AmendDialog { align: center bottom; background: $background 20%; }
    AmendDialog > .frame { max-width: 100%; width: 100%; max-height: 100%; padding: 0 1; }
    AmendDialog .rule { height: 1; }
    AmendDialog KeyBar { padding: 0; }
    AmendDialog .fields { height: auto; max-height: 60vh; scrollbar-size-vertical: 1; }
    AmendDialog .field { height: auto; }
    AmendDialog .name { width: 8; color: $quiet; }
    AmendDialog .field.-here .name { color: $focus; text-style: bold; }
    AmendDialog Editor {
        height: auto;
        min-height: 1;
        max-height: 8;
        width: 1fr;
        border: none;
        padding: 0 1;
        background: $panel;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background: $surface; }
    }
    AmendDialog .stakes { height: auto; max-height: 4; color: $needs; }
    """

    def __init__(
        self,
        found: Amendable,
        *,
        keep: Callable[[AmendDraft | None], None],
        asked_for: bool = True,
    ):
        super().__init__()
        self._found, self._keep, self._asked_for = found, keep, asked_for
        self._unkept = False

    def compose(self) -> ComposeResult:
        draft = self._found.draft
        with Vertical(classes="frame"):
            yield Static(classes="rule", id="title")
            with VerticalScroll(classes="fields", can_focus=False):
                yield from self._field("text", "asks", draft.text, "What does it ask?")
                for level, words in draft.levels.items():
                    yield from self._field(f"level{level}", str(level), words, "no words yet")
                yield from self._field("reason", "why", draft.reason, "Why? The changelog says it.")
            yield Static(classes="rule", id="below")
            yield Static(classes="stakes")
            yield KeyBar()

    def _field(self, id: str, name: str, text: str, ask: str) -> Iterator[Horizontal]:
        editor = Editor(
            visible(text),
            id=id.replace("-", "minus"),
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=Content(ask),
        )
        yield Horizontal(Static(Content(name), classes="name"), editor, classes="field")

    def on_mount(self) -> None:
        self.show_keys(words=None if self._asked_for else {"text-next": "write"})
        if self._asked_for:
            self.write_in(self._editor("text"))
        self.set_interval(PAUSE, self._write)
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self, wrong: str | None = None) -> None:
        """`wrong` stands where the stakes do until the next key."""
        found, width = self._found, self.size.width - 2
        version = f"version {found.version} becomes {found.version + 1}"
        title = f"amend {name_of(found.criterion.id)}"
        self.query_one("#title", Static).update(titled(title, version, width))
        changed = bool(self.now.edits(found.criterion))
        note = "not said yet" if changed else "as in the rubric"
        self.query_one("#below", Static).update(titled("what goes stale", note, width))
        said = [wrong] if wrong else [found.waits] if found.waits else []
        if not said:
            said = list(found.stakes) if changed else ["nothing yet: no word differs"]
        if found.waits and not wrong:
            said.append("what you write is kept until the round is closed")
        lines = "\n".join(one_line(one) for one in said if one)
        style = "$bad" if wrong else "$needs" if found.waits else ""
        self.query_one(".stakes", Static).update(Content.styled(lines, style))

    @property
    def now(self) -> AmendDraft:
        """As it is on screen; a text shown with glyphs and left alone is as it was."""
        before = self._found.draft
        levels = {
            level: self._said(f"level{level}", words) for level, words in before.levels.items()
        }
        reason = self._said("reason", before.reason)
        return AmendDraft(self._said("text", before.text), levels, reason)

    def _said(self, id: str, before: str) -> str:
        text = self._editor(id).text
        return before if text == visible(before) else text

    def _editor(self, id: str) -> Editor:
        return self.query_one(f"#{id.replace('-', 'minus')}", Editor)

    @on(TextArea.Changed)
    def written(self) -> None:
        self._unkept = True
        self.draw()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        for field in self.query(".field"):
            field.set_class(field is event.widget.parent, "-here")
        event.widget.scroll_visible(animate=False)
        self.show_keys()

    def on_key(self, event: events.Key) -> None:
        """A character that no field has taken."""
        if self.focused is None and event.is_printable:
            self.draw(f"{keys.shown('text-next')} first, to write: keys from before are no words")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is written, emptied or restored in a field that nobody has chosen."""
        return self.focused is not None or action not in ("line", "empty", "restore")

    def action_field(self, step: int) -> None:
        if self.focused is None:
            self.write_in(self._editor("text"))
        else:
            (self.focus_next if step > 0 else self.focus_previous)()

    def action_restore(self) -> None:
        """The focused field as the rubric has it."""
        here = AmendDraft.of(self._found.criterion)
        filed = {"text": here.text, "reason": ""}
        filed |= {f"level{level}".replace("-", "minus"): one for level, one in here.levels.items()}
        editor = self.editor()
        editor.text = visible(filed[editor.id or "reason"])
        editor.move_cursor(editor.document.end)

    def action_save(self) -> None:
        draft = self.now
        edits = draft.edits(self._found.criterion)
        if self._found.waits:
            self.draw(f"{self._found.waits}; {keys.shown('text-back')} keeps what you wrote")
        elif not edits:
            self.draw("nothing to amend: text and levels are as in the rubric")
        elif not draft.text.strip():
            self._editor("text").focus()
            self.draw("a criterion without a text asks nothing")
        elif not draft.reason.strip():
            self._editor("reason").focus()
            self.draw("say why: the changelog keeps the reason")
        else:
            self._end(Amended(edits, draft.reason.strip()))

    def action_back(self) -> None:
        self._end(None)

    def _end(self, answer: Amended | None) -> None:
        self._write()
        self.dismiss(answer)

    def _write(self) -> None:
        """The draft, in a thread: a disk may take its time, a key must not."""
        if not self._unkept:
            return
        self._unkept = False
        draft = self.now
        differs = bool(draft.edits(self._found.criterion) or draft.reason.strip())
        kept = draft if differs else None
        self.app.run_worker(lambda: self._keep(kept), thread=True, group="amend-draft")
