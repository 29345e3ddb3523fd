"""The resolve screen: two labels of one output side by side, and what is right, key by key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType

from labeltool.commands.amend_draft import AmendDraft
from labeltool.commands.context import Context
from labeltool.commands.label_work import WorkState
from labeltool.commands.resolve_conflict import conflicts
from labeltool.commands.resolve_session import ResolveSession
from labeltool.model.base import Score
from labeltool.model.resolution import Because
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui import resolve_desk as jobs
from labeltool.tui.dialogs.amend import AmendDialog, Amended
from labeltool.tui.dialogs.because import BecauseDialog
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.words import WordsDialog
from labeltool.tui.resolve_pen import ResolvePen
from labeltool.tui.screens.conflict import ConflictScreen
from labeltool.tui.screens.resolve_case import TEXTS, DisagreementScreen
from labeltool.tui.screens.resolve_parts import level_lines
from labeltool.tui.widgets.pane import Pane
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.text import Line, TextPane


class ResolveScreen(DisagreementScreen):
    """What each key does. Words where it does nothing."""

    KEYS = keys.RESOLVE
    _asked_to_amend = False
    """Whether the amendment that is being read was asked for by its key."""
    merging: Callable[[], ConflictScreen] | None = None
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("resolve.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.RESOLVE))

    @classmethod
    def over(
        cls,
        ctx: Context,
        *,
        dataset: str | None = None,
        annotator: str | None = None,
        system: str | None = None,
        case: str | None = None,
        left: Callable[[WorkState | None], None] = lambda work: None,
    ) -> ResolveScreen:
        """The screen over a workspace: all that is open there, at `case` first."""

        def opener(on_work: Callable[[WorkState], None]) -> ResolveSession:
            return ResolveSession.open(
                ctx, on_work, dataset=dataset, annotator=annotator, system=system, case=case
            )

        screen = cls(opener, conflicted=lambda: bool(conflicts(ctx)), left=left)
        screen.merging = lambda: ConflictScreen(ctx, annotator)
        return screen

    @on(jobs.Conflicted)
    def conflicted(self) -> None:
        """A merge comes first; then what is open is read."""

        def concluded(done: bool | None) -> None:
            if done:
                self.desk.open()
            else:
                self.dismiss()

        if self.merging is not None:
            self.app.push_screen(self.merging(), concluded)

    def on_key(self, event: events.Key) -> None:
        if self._said is not None:
            self._said = None
            self._draw_work()
        if event.is_printable and not keys.does_something(keys.RESOLVE, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    # What is right.

    def action_score(self, digit: str) -> None:
        self._score(int(digit))

    def action_not_applicable(self) -> None:
        self._score("na")

    def _score(self, score: Score) -> None:
        if pen := self.ready():
            self.after(pen.score(score))

    def action_take(self, letter: str) -> None:
        if pen := self.ready():
            self.after(pen.take(letter))

    def action_other(self) -> None:
        self._levels("another score")

    def action_why(self) -> None:
        self._levels(None)

    def _levels(self, title: str | None) -> None:
        """The focused criterion in full; a digit answers it."""
        pen = self.ready()
        if pen is None:
            return
        name = name_of(pen.focused)
        dialog = LinesDialog(
            f"{title} of {name}" if title else name,
            level_lines(pen, self.past),
            answers="".join(map(str, pen.criterion.scale)),
            word="score",
        )
        self.app.push_screen(dialog, lambda digit: self._score(int(digit)) if digit else None)

    def action_down(self) -> None:
        if pen := self.ready():
            self.after(pen.move(1))

    def action_up(self) -> None:
        if pen := self.ready():
            self.after(pen.move(-1))

    # Why.

    def action_because(self) -> None:
        if pen := self.ready():
            self._ask_why(pen, settles=False)

    def _ask_why(self, pen: ResolvePen, *, settles: bool) -> None:
        def answered(because: Because | None) -> None:
            if because is None or pen is not self.pen:
                return
            pen.reason(because)
            self.after(None)
            if because == "guideline_gap" and pen.amended is None:
                self._amend(pen)
            elif settles:
                self._settle(pen)

        self.app.push_screen(BecauseDialog(pen.choice.because), answered)

    def action_note(self) -> None:
        pen = self.ready()
        if pen is None:
            return

        def changed(answer: str | None) -> None:
            pen.write(answer)
            self.after(None)

        dialog = WordsDialog(
            "note", pen.choice.note, ask="What was decided, in words?", changed=changed
        )
        self.app.push_screen(dialog)

    def action_amend(self) -> None:
        if pen := self.ready():
            self._amend(pen, asked_for=True)

    def _amend(self, pen: ResolvePen, *, asked_for: bool = False) -> None:
        self._asked_to_amend = asked_for
        self.keep()
        self.say("reading what it touches…")
        self.desk.amendable(pen.view.place, pen.focused)

    @on(jobs.Ready)
    def ready_to_amend(self, message: jobs.Ready) -> None:
        found, pen = message.found, self.pen
        self.say("")
        if pen is None or pen.view.place != message.place or self.app.screen is not self:
            return
        criterion = found.criterion.id

        def keep(draft: AmendDraft | None) -> None:
            self.desk.keep_amendment(criterion, draft)

        def answered(answer: Amended | None) -> None:
            key = keys.shown("do")
            if answer is None:
                pen.declined = True
                self.after(f"not amended; {key} settles it without, {keys.shown('amend')} amends")
            else:
                pen.amended = answer
                self.after(f"{key} lands both in one commit")

        self.app.push_screen(
            AmendDialog(found, keep=keep, asked_for=self._asked_to_amend), answered
        )

    # Settling, and going on.

    def action_do(self) -> None:
        pen = self.ready()
        if pen is None:
            return
        stops = pen.stops()
        if stops is not None:
            self.after(stops)
        elif pen.choice.because is None:
            self._ask_why(pen, settles=True)
        elif pen.choice.because == "guideline_gap" and not (pen.amended or pen.declined):
            self._amend(pen)
        else:
            self._settle(pen)

    def _settle(self, pen: ResolvePen) -> None:
        self.desk.save(pen.view, pen.choice, pen.amended)
        place = pen.view.place
        if pen.view.missing(pen.choice):
            self.turns.later()  # what is open of it comes again
            self._arrive()
        else:
            self.turns.settle(place)
            self.onward()

    def action_skip(self) -> None:
        if self.ready() is None:
            return
        self.keep()
        if self.turns.left < 2:
            self.say("this is the only one that is open")
            return
        self.turns.later()
        self._arrive()

    def action_next(self) -> None:
        self._step(1)

    def action_previous(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        if self.pen is None and self._at_the_end and step < 0 and self.turns.items:
            self._arrive()  # from "all settled" back to the one that was last
            return
        self.keep()
        words = self.turns.step(step)
        if words is not None:
            self.say(words)
        else:
            self._arrive()

    def action_undo(self) -> None:
        self.keep()
        self.desk.take_back(redo=False)

    def action_redo(self) -> None:
        self.keep()
        self.desk.take_back(redo=True)

    # Reading.

    def action_pane(self, step: int) -> None:
        if self.is_wide:
            (self.focus_next if step > 0 else self.focus_previous)()
        else:
            self._turn_to(TEXTS[(TEXTS.index(self.text) + step) % len(TEXTS)])
            self._share()

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        focused = self.focused
        pane = focused if isinstance(focused, Pane) else self.query_one(f"#{self.text}", TextPane)
        if not pane.page(direction):
            self.say(f"{pane.title} {'ends' if direction > 0 else 'begins'} here")

    def action_copy(self) -> None:
        place = self.turns.place
        if place is not None:
            self.app.copy_to_clipboard(place.case)
        self.say(f"copied {place.case}" if place else "there is no case to copy")

    def explain(self) -> list[Line]:
        return about.resolve_lines(self.pen)

    def action_back(self) -> None:
        self.keep()
        self.dismiss()
