"""The inbox: what was nominated, and what becomes of each draft, key by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, get_args

from textual import events, on
from textual.app import SuspendNotSupported
from textual.binding import BindingType

from labeltool.commands.context import Context
from labeltool.commands.edit import as_text, from_text
from labeltool.commands.inbox_session import InboxSession
from labeltool.commands.label_work import WorkState
from labeltool.errors import UsageError
from labeltool.model.base import Tier
from labeltool.safe_text import one_line
from labeltool.tui import about, keys, outside
from labeltool.tui.dialogs.draft import DraftDialog, Field, Said
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.reason import ReasonDialog
from labeltool.tui.screens.inbox_case import TEXTS, DraftScreen
from labeltool.tui.screens.inbox_parts import near_lines
from labeltool.tui.widgets.pane import Pane
from labeltool.tui.widgets.rows import RowsPane
from labeltool.tui.widgets.text import Line, TextPane

TIERS: tuple[Tier, ...] = get_args(Tier)


class InboxScreen(DraftScreen):
    """What each key does. Words where it does nothing."""

    KEYS: ClassVar[str] = keys.INBOX
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("inbox.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.INBOX))
    _reason = ""
    """The last one that was said here."""

    @classmethod
    def over(
        cls,
        ctx: Context,
        *,
        dataset: str | None = None,
        annotator: str | None = None,
        left: Callable[[WorkState | None], None] = lambda work: None,
    ) -> InboxScreen:
        """The screen over a workspace."""

        def opener(on_work: Callable[[WorkState], None]) -> InboxSession:
            return InboxSession.open(ctx, on_work, dataset=dataset, annotator=annotator)

        return cls(opener, left=left)

    def on_key(self, event: events.Key) -> None:
        self.hush()
        if event.is_printable and not keys.does_something(keys.INBOX, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    # What the case states.

    def action_score(self, digit: str) -> None:
        """Choose the check of that number, or let go of it; 0: of all of them."""
        view, number = self.ready(), int(digit)
        if view is None or self.look is None:
            return
        offered = self.look.suggested
        if number > len(offered):
            many = f"there are {len(offered)} checks to choose from" if offered else "none is found"
            self.say(f"{many}; {keys.shown('other')} writes one")
            return
        chosen = self.edits.checks or ()
        if number == 0:
            chosen = ()
        elif offered[number - 1].check in chosen:
            chosen = tuple(one for one in chosen if one != offered[number - 1].check)
        else:
            chosen = (*chosen, offered[number - 1].check)
        self.write(replace(self.edits, checks=chosen))

    def action_tier(self) -> None:
        view = self.ready()
        if view is not None:
            now = self.edits.tier or view.waiting.draft.tier
            following = TIERS[(TIERS.index(now) + 1) % len(TIERS)]
            self.write(replace(self.edits, tier=following))

    def action_verify(self) -> None:
        if self.ready() is not None:
            self.write(replace(self.edits, verified=not self.edits.verified))
            said = "you have read input and expected" if self.edits.verified else "not verified"
            self.say(said)

    def action_edit(self) -> None:
        self._edit("expected")

    def action_other(self) -> None:
        self._edit("checks")

    def _edit(self, field: Field) -> None:
        view = self.ready()
        if view is None:
            return
        draft, edits = view.waiting.draft, self.edits
        said = Said(
            draft.acceptable if edits.expected is None else edits.expected,
            edits.checks or (),
            draft.tags if edits.tags is None else edits.tags,
        )

        def changed(now: Said) -> None:
            if self.view is not None and self.view.id == view.id:
                edits = replace(self.edits, expected=now.expected, checks=now.checks)
                self.write(replace(edits, tags=now.tags))

        self.app.push_screen(DraftDialog(draft.id, said, field, changed=changed))

    def action_edit_outside(self) -> None:
        view = self.ready()
        if view is None or self.session is None:
            return
        draft, env = view.waiting.draft, self.session.env
        answers = draft.acceptable if self.edits.expected is None else self.edits.expected
        try:
            words = outside.command(env)
            with self.app.suspend():
                done = outside.edit(words, as_text(answers), draft.id, env)
        except UsageError as error:
            self.say("; ".join(part for part in (error.message, error.hint) if part), bad=True)
        except SuspendNotSupported:
            key = keys.shown("edit")
            self.say(f"no editor can have this terminal; {key} edits it here", bad=True)
        else:
            if done.wrong is not None:
                self.say(f"{done.wrong}: nothing was changed", bad=True)
            else:
                self.write(replace(self.edits, expected=from_text(done.text)))

    # What becomes of it.

    def action_do(self) -> None:
        view = self.ready()
        if view is None:
            return
        self.deciding = True
        self.say("accepting…")
        self.desk.accept(view, self.edits)

    def action_why(self) -> None:
        """Near cases in full; a digit folds the draft into one."""
        view = self.ready()
        if view is None:
            return
        if not view.near:
            self.say("no case is near")
            return
        numbers = "".join(str(number) for number in range(1, len(view.near) + 1))

        def answered(digit: str | None) -> None:
            if digit is not None and self.view is view:
                self.deciding = True
                self.desk.merge(view, view.near[int(digit) - 1].case.id)

        dialog = LinesDialog(
            "near cases", near_lines(view.near), answers=numbers, word="fold the draft into it"
        )
        self.app.push_screen(dialog, answered)

    def action_reject(self) -> None:
        ids = self._chosen()
        if not ids or self.session is None:
            return
        what = ids[0] if len(ids) == 1 else f"{len(ids)} drafts"

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._reason, self.deciding = reason, True
                self.desk.reject(ids, reason)

        dialog = ReasonDialog(f"{what} out of scope", self._reason, self.session.reasons)
        self.app.push_screen(dialog, answered)

    def action_skip(self) -> None:
        ids = self._chosen()
        if ids:
            self.deciding = True
            self.desk.later(ids)

    def _chosen(self) -> list[str]:
        """Those that are marked, else the one on screen."""
        view = self.ready()
        if view is None:
            return []
        return [one.id for one in self.items if one.id in self.marked] or [view.id]

    def action_mark(self) -> None:
        here = self.here
        if here is None:
            self.say("there is no draft to mark")
            return
        self.marked ^= {here.id}
        self._draw_list()
        if here.id in self.marked and self.entries.pick(self.entries.cursor + 1):
            self.arrive()
        else:
            self.draw()

    def action_undo(self) -> None:
        self.desk.take_back(redo=False)

    def action_redo(self) -> None:
        self.desk.take_back(redo=True)

    # Reading.

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        if not self.items:
            self.say("there is no list to move in")
        elif self.entries.pick(self.entries.cursor + step):
            self.arrive()
        else:
            self.say("this is the last one" if step > 0 else "this is the first one")

    @on(RowsPane.Picked)
    def picked(self) -> None:
        self.arrive()

    def action_pane(self, step: int) -> None:
        self.turn_to(TEXTS[(TEXTS.index(self.text) + step) % len(TEXTS)])

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        focused = self.focused
        pane = focused if isinstance(focused, Pane) else self.query_one("#input", TextPane)
        if not pane.page(direction):
            self.say(f"{pane.title} {'ends' if direction > 0 else 'begins'} here")

    def action_copy(self) -> None:
        if self.here is None:
            self.say("there is no draft to copy the id of")
        else:
            self.app.copy_to_clipboard(self.here.id)
            self.say(f"copied {self.here.id}")

    def explain(self) -> list[Line]:
        view = self.view
        if view is None:
            return about.told("there is no draft on screen")
        return about.told(
            view.id,
            view.waiting.draft.why or "",
            about.pressing("do", "makes it a case, once what came back is shown to fail it"),
            f"{keys.digits(1, 9)} choose a check, {keys.shown('other')} writes one, "
            f"{keys.shown('edit')} says what is expected",
        )

    def action_back(self) -> None:
        self.dismiss()
