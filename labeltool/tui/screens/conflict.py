"""Merge conflicts, shown as what they are: two decisions side by side, of which one stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen

from labeltool.commands.context import Context
from labeltool.commands.resolve_conflict import TwoSides, conclude, conflicts, look, settle
from labeltool.errors import LabeltoolError
from labeltool.model.base import Score
from labeltool.model.resolution import Because
from labeltool.rules.resolve import Decision
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.because import BecauseDialog
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.words import WordsDialog
from labeltool.tui.screens import conflict_parts as parts
from labeltool.tui.screens.listing import words_of
from labeltool.tui.spread import WIDE
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH
from labeltool.tui.widgets.sides import SidesPane
from labeltool.tui.widgets.text import Line, TextPane

WAYS = {"A": "ours", "B": "theirs"}


class ConflictScreen(Screen[bool]):
    """One conflict after the other; the last one concludes the merge. Answers whether it did."""

    KEYS = keys.RESOLVE
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("resolve.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.RESOLVE))
    place = query_one("#place", Ends)
    sides = query_one(SidesPane)
    about = query_one("#about", TextPane)
    levels = query_one("#levels", TextPane)
    work_line = query_one("#work", Ends)

    @dataclass
    class Read(Message):
        sides: tuple[TwoSides, ...]

    @dataclass
    class Failed(Message):
        error: LabeltoolError

    @dataclass
    class Concluded(Message):
        commit: str | None

    def __init__(self, ctx: Context, annotator: str | None):
        super().__init__()
        self._ctx, self._annotator = ctx, annotator
        self._all: tuple[TwoSides, ...] = ()
        self._index = self._done = 0
        self._notice: tuple[str, ...] | None = ("reading the merge…",)
        self._forget()

    def _forget(self) -> None:
        """Nothing is chosen of the conflict in view."""
        self.picked: dict[str, Score | None] = {}
        self.whole: str | None = None
        self.note: str | None = None
        self.focus_on = 0

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        with Container(id="body"):
            with Container(id="texts"):
                yield TextPane("about", id="about")
            with Container(id="decide"):
                yield SidesPane(id="sides")
                yield TextPane("", id="levels")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.about.add_class("-shown")
        self.about.focus()
        self.draw()
        self.read()

    def on_resize(self) -> None:
        self.draw()

    @property
    def side(self) -> TwoSides | None:
        return self._all[self._index] if self._notice is None and self._all else None

    @property
    def focused_id(self) -> str | None:
        side = self.side
        ids = tuple(side.scores) if side is not None else ()
        return ids[min(self.focus_on, len(ids) - 1)] if ids else None

    # What is read and written, in a thread.

    @work(thread=True, exclusive=True, group="merge")
    def read(self) -> None:
        try:
            found = tuple(look(self._ctx, one) for one in conflicts(self._ctx))
            self.post_message(self.Read(found))
            if not found:
                self.post_message(self.Concluded(conclude(self._ctx)))
        except LabeltoolError as error:
            self.post_message(self.Failed(error))

    @work(thread=True, exclusive=True, group="merge")
    def settle(self, job: Callable[[], None]) -> None:
        try:
            job()
        except LabeltoolError as error:
            self.post_message(self.Failed(error))
        else:
            self._done += 1
            self.read()

    @on(Read)
    def was_read(self, message: Read) -> None:
        self._all = message.sides
        self._index = min(self._index, max(0, len(self._all) - 1))
        self._forget()
        self._notice = None if self._all else ("concluding the merge…",)
        self.draw()

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if self._all and self._notice is None:
            self.say("; ".join(words_of(message.error)), bad=True)
        else:
            self._notice = ("the merge is not concluded", *words_of(message.error))
            self.draw()

    @on(Concluded)
    def concluded(self, message: Concluded) -> None:
        commit = f" · {message.commit[:7]}" if message.commit else ""
        self.app.notify(f"the merge is concluded{commit}", markup=False)
        self.dismiss(True)

    # Drawing.

    def say(self, words: str, *, bad: bool = False) -> None:
        self.work_line.show(Content.styled(one_line(words), "$bad" if bad else "$needs"))

    def draw(self) -> None:
        notice = self._notice
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(notice is not None, "-notice")
        self.set_class(self.size.width >= WIDE, "-wide")
        if notice is not None:
            self.query_one("#notice", Notice).show(*notice)
        self.query_one(KeyBar).show(*keys.footer(keys.RESOLVE))
        total = len(self._all) + self._done
        left = Content.assemble(("merge", "bold $strong"), f" · {self._done + 1}/{max(1, total)}")
        side = self.side
        if side is None:
            self.place.show(left)
            return
        left += Content.styled(f"   {one_line(side.conflict.what, 50)}", "$needs")
        path = side.conflict.case or side.conflict.path
        self.place.show(left, Content.styled(one_line(path, 60), "$focus"))
        self.about.title = one_line(side.conflict.kind)
        self.about.show(parts.about_lines(side))
        self._draw_choice()

    def _draw_choice(self) -> None:
        side = self.side
        if side is None:
            return
        shown = parts.rows(side, self.picked, self.whole, self.focused_id)
        self.sides.show(parts.heads(side), shown, "settle" if side.scores else "")
        criterion = self.focused_id if side.rubric is not None else None
        self.levels.title = name_of(criterion) if criterion else "ways to settle it"
        self.levels.show(parts.level_lines(side, criterion))
        wide, room = self.size.width >= WIDE, self.size.height - 3
        width = (self.size.width - 2) * 3 // 5 if wide else self.size.width
        rows = min(self.sides.need(width, room), room - 6)
        self.sides.styles.height = rows
        self.levels.styles.height = min(self.levels.need(width, room), max(2, (room - rows) // 2))

    # Keys.

    def on_key(self, event: events.Key) -> None:
        self.work_line.show(Content(""))
        if event.is_printable and not keys.does_something(keys.RESOLVE, event.key):
            self.say(f"{one_line(event.character or event.key)} does nothing here")

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
            lines = parts.level_lines(self.side, self.focused_id)
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
        return about.sides_lines(what, path, self.focused_id, [way.words for way in side.ways])

    def action_back(self) -> None:
        self.dismiss(False)
