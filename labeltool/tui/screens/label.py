"""The label screen: one output, its case, the rubric, and what I say of it, key by key."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType

from labeltool.model.base import Score
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.words import WordsDialog
from labeltool.tui.pen import Pen
from labeltool.tui.screens.label_amend import AmendScreen
from labeltool.tui.screens.label_answer import AnswerScreen
from labeltool.tui.screens.label_offer import OfferScreen
from labeltool.tui.screens.label_parts import why_lines
from labeltool.tui.screens.label_queue import QueueScreen
from labeltool.tui.screens.label_saved import SavedScreen
from labeltool.tui.texts import Look, why_not_pretty
from labeltool.tui.widgets.scores import ScorePane, name_of
from labeltool.tui.widgets.text import Line


class LabelScreen(QueueScreen, AnswerScreen, AmendScreen, SavedScreen, OfferScreen):
    """What each key does. Words where it does nothing."""

    KEYS: ClassVar[str] = keys.LABEL
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("label.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.LABEL))

    def on_key(self, event: events.Key) -> None:
        if self._said is not None:
            self._said = None
            self._draw_work()
        if self.pen is not None:
            self.pen.watch.touch()
        if event.is_printable and not keys.does_something(keys.LABEL, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    def action_score(self, digit: str) -> None:
        self._score(int(digit))

    def action_not_applicable(self) -> None:
        self._score("na")

    def _score(self, score: Score) -> None:
        if pen := self._ready():
            self._after(pen.score(score))

    def action_down(self) -> None:
        if pen := self._ready():
            self._after(pen.move(1))

    def action_up(self) -> None:
        if pen := self._ready():
            self._after(pen.move(-1))

    def action_do(self) -> None:
        pen = self._ready()
        if pen is None:
            return
        missing = None if pen.draft.status == "skipped" else pen.go_to_missing()
        if missing is not None:
            self._after(f"{name_of(missing)} has no score yet")
        elif not pen.changed and self.walk.item and not self.walk.item.open:
            self._onward()
        else:
            self._save(pen)

    def action_skip(self) -> None:
        if pen := self._ready():
            pen.skip()
            self._save(pen)

    def _save(self, pen: Pen) -> None:
        draft = pen.timed
        self.desk.save(pen.view, draft)
        self._paces.append(draft.seconds)
        self.walk.settle(pen.view.case.id, "skipped" if draft.status == "skipped" else "done")
        self._onward()

    def action_unsure(self) -> None:
        if pen := self._ready():
            self._after(pen.toggle_unsure())

    def action_flag(self) -> None:
        if pen := self._ready():
            self._write(pen, "flag for discussion", pen.draft.flag, "flag", "What to discuss?")

    def action_note(self) -> None:
        if pen := self._ready():
            self._write(pen, "note", pen.draft.notes, "notes", "Why these scores?")

    def _write(self, pen: Pen, title: str, text: str | None, field: str, ask: str) -> None:
        def changed(answer: str | None) -> None:
            pen.write(field, answer)
            self._after(None)

        self.app.push_screen(WordsDialog(title, text, ask=ask, changed=changed))

    def action_next(self) -> None:
        self._step(1)

    def action_previous(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        if self.pen is None and self._notice is not None and step < 0 and self.walk.items:
            self._arrive()  # from "all done" back to the case that was last
            return
        self.keep()
        words = self.walk.step(step)
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

    def action_verify(self) -> None:
        if pen := self._ready():
            said = pen.view.case.verified
            if pen.view.verified and said is not None:
                self.say(f"already verified by {said.by}")
            else:
                self.keep()
                self.desk.verify(pen.view)

    def action_why(self) -> None:
        if pen := self._ready():
            criterion = pen.criterion
            given = pen.draft.scores.get(criterion.id)
            dialog = LinesDialog(
                name_of(criterion.id),
                why_lines(pen.view, criterion, given, self.past),
                answers="".join(map(str, criterion.scale)),
                word="score",
            )
            self.app.push_screen(dialog, lambda digit: self._score(int(digit)) if digit else None)

    def action_difference(self) -> None:
        if pen := self._ready():
            view, on = pen.view, not self.look.difference
            if on and not view.case.acceptable:
                self.say("this case has no expected answer to compare with")
            elif on and not view.output.output.strip():
                self.say("the output is empty: nothing to compare")
            else:
                self._looks(self.look._replace(difference=on))

    def action_pretty(self) -> None:
        if pen := self._ready():
            on = not self.look.pretty
            why = why_not_pretty(pen.view) if on else None
            if why is not None:
                self.say(why)
            else:
                self._looks(self.look._replace(pretty=on))

    def _looks(self, look: Look) -> None:
        assert self.pen is not None
        self.look = look
        self.sheet.show_view(self.pen.view, look)

    def action_copy(self) -> None:
        case = self.walk.case
        if case is not None:
            self.app.copy_to_clipboard(case)
        self.say(f"copied {case}" if case else "there is no case to copy")

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        words = self.sheet.page(self.focused, direction)
        if words is not None:
            self.say(words)

    def action_pane(self, step: int) -> None:
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def explain(self) -> list[Line]:
        return about.label_lines(self.pen)

    def action_back(self) -> None:
        self.keep()
        if not self.clear_filter():
            self.dismiss()

    @on(ScorePane.Scored)
    def clicked_score(self, message: ScorePane.Scored) -> None:
        if pen := self._ready():
            pen.pick(message.criterion)
            self._after(pen.score(message.score))

    @on(ScorePane.Picked)
    def clicked_criterion(self, message: ScorePane.Picked) -> None:
        if pen := self._ready():
            pen.pick(message.criterion)
            self._after(None)
