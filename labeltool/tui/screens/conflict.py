"""Merge conflicts, shown as what they are: two decisions side by side, of which one stands."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content

from labeltool.commands.resolve_conflict import TwoSides, settle
from labeltool.model.base import Score
from labeltool.model.resolution import Because
from labeltool.rules.resolve import Decision
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.because import BecauseDialog
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.words import WordsDialog
from labeltool.tui.screens import conflict_parts as parts
from labeltool.tui.screens.conflict_case import MergeScreen
from labeltool.tui.widgets.text import Line, TextPane

WAYS = {"A": "ours", "B": "theirs"}


class ConflictScreen(MergeScreen):
    """One conflict after the other; the last one concludes the merge. Answers whether it did."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.MERGE))

    def on_key(self, event: events.Key) -> None:
        self.work_line.show(Content(""))
        if event.is_printable and not keys.does_something(keys.MERGE, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    def action_take(self, letter: str) -> None:
        side = self.side
        if side is None or letter not in WAYS:
            self.say("there are two sides: A and B")
        elif self.focused_id is not None and side.differ:
            ours, theirs = side.scores[self.focused_id]
            self._pick(ours if letter == "A" else theirs)
        else:
            self._take_whole(WAYS[letter])

    def action_other(self) -> None:
        side = self.side
        if side is not None and side.way("both") is not None:
            self._take_whole("both")
        elif not parts.scale_of(side, self.focused_id) if side is not None else True:
            self.say("here it is A or B")
        else:
            self.say("a digit gives it another score")

    def _take_whole(self, key: str) -> None:
        self.whole = key
        self._draw_choice()

    def action_score(self, digit: str) -> None:
        side = self.side
        scale = parts.scale_of(side, self.focused_id) if side is not None else ()
        if int(digit) not in scale:
            known = f"it goes from {scale[0]} to {scale[-1]}" if scale else "here it is A or B"
            self.say(known)
        else:
            self._pick(int(digit))

    def action_not_applicable(self) -> None:
        self.say("take a side that says so")

    def _pick(self, score: Score | None) -> None:
        side, id = self.side, self.focused_id
        assert side is not None
        assert id is not None
        if id not in side.differ:
            self.say(f"both say the same of {id}")
            return
        self.picked[id] = score
        self.whole = None
        missing = [one for one in side.differ if one not in self.picked]
        if missing:
            self.focus_on = list(side.scores).index(missing[0])
        self._draw_choice()

    def action_do(self) -> None:
        side = self.side
        if side is None:
            self.say("there is nothing to settle on screen")
            return
        missing = [one for one in side.differ if one not in self.picked]
        key = self.whole or (self._side_of(side) if not missing and side.differ else None)
        if key is not None:
            self.settle(lambda: settle(self._ctx, side, key))
        elif missing:
            self.focus_on = list(side.scores).index(missing[0])
            self._draw_choice()
            self.say(f"{missing[0]}: A, B or another score?")
        elif not side.differ:
            self.say("A or B?")
        else:
            self._third(side)

    def _side_of(self, side: TwoSides) -> str | None:
        """The side that all of it was taken from, if it was one."""
        for index, key in enumerate(("ours", "theirs")):
            if all(self.picked[id] == side.scores[id][index] for id in side.differ):
                return key if self.note is None else None
        return None

    def _third(self, side: TwoSides) -> None:
        """Neither A nor B: a resolution of one's own, with a reason."""
        same = {id: ours for id, (ours, _) in side.scores.items() if id not in side.differ}
        scores = {**same, **self.picked}
        note = self.note

        def answered(because: Because | None) -> None:
            if because is not None:
                given = {id: one for id, one in scores.items() if one is not None}
                third = Decision(given, because, note)
                self.settle(lambda: settle(self._ctx, side, third=third, annotator=self._annotator))

        self.app.push_screen(BecauseDialog(None), answered)

    def action_because(self) -> None:
        self.say(f"{keys.shown('do')} asks why, where neither A nor B is taken whole")

    def action_note(self) -> None:
        def changed(text: str | None) -> None:
            self.note = text

        self.app.push_screen(WordsDialog("note", self.note, ask="Why?", changed=changed))

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        many = len(self.side.scores) if self.side is not None else 0
        if not 0 <= self.focus_on + step < many:
            self.say("there is no other criterion that way")
            return
        self.focus_on += step
        self._draw_choice()

    def action_next(self) -> None:
        self._turn(1)

    def action_previous(self) -> None:
        self._turn(-1)

    def action_skip(self) -> None:
        self._turn(1)

    def _turn(self, step: int) -> None:
        if len(self._all) < 2:
            self.say("this is the only conflict that is left")
            return
        self._index = (self._index + step) % len(self._all)
        self._forget()
        self.draw()

    def action_undo(self) -> None:
        self.say("labeltool sync --abort takes the whole merge back")

    def action_redo(self) -> None:
        self.action_undo()

    def action_amend(self) -> None:
        self.say("conclude the merge first; then amend")

    def action_why(self) -> None:
        if self.side is not None:
            lines = parts.level_lines(self.side, self.focused_id, self.whole)
            self.app.push_screen(LinesDialog(self.levels.title, lines))

    def action_pane(self, step: int) -> None:
        (self.focus_next if step > 0 else self.focus_previous)()

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        pane = self.focused if isinstance(self.focused, TextPane) else self.about
        if not pane.page(direction):
            self.say(f"{pane.title} {'ends' if direction > 0 else 'begins'} here")

    def action_copy(self) -> None:
        path = self.side.conflict.path if self.side is not None else None
        if path is not None:
            self.app.copy_to_clipboard(path)
        self.say(f"copied {path}" if path else "there is nothing to copy")

    def explain(self) -> list[Line]:
        side = self.side
        if side is None:
            return about.told(*(self._notice or ()))
        what, path = side.conflict.what, side.conflict.path
        return about.sides_lines(what, path, self.focused_id, parts.way_lines(side, self.whole))

    def action_back(self) -> None:
        self.dismiss(False)
