"""What the label screen stands on: the case in view, what the desk answers, and the drawing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen, Screen

from labeltool.commands.label_session import Session
from labeltool.commands.label_view import View
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_view import RubricPast
from labeltool.errors import LabeltoolError
from labeltool.rules import queue
from labeltool.safe_text import one_line
from labeltool.tui import keys, told
from labeltool.tui.desk import Desk, Opener
from labeltool.tui.pen import Pen
from labeltool.tui.screens.label_parts import dropped_words, empty_words
from labeltool.tui.texts import Look
from labeltool.tui.walk import Walk
from labeltool.tui.widgets.sheet import Sheet


class CaseScreen(Screen[None]):
    """Goes from case to case and shows what the desk reads. The pen holds the label."""

    AUTO_FOCUS: ClassVar[str | None] = "#input"
    sheet = query_one(Sheet)

    def __init__(
        self,
        opener: Opener,
        *,
        clock: Callable[[], float],
        left: Callable[[WorkState | None], None],
    ):
        """`left` is told where the decisions are when the sitting has ended."""
        super().__init__()
        self.desk = Desk(opener, self.post_message, self._after_paint)
        self._left = left
        self.session: Session | None = None
        self.walk = Walk()
        self.pen: Pen | None = None
        self.look = Look()
        self.past: RubricPast | None = None
        """What was settled and changed before, once it is read."""
        self._clock = clock
        self._work: WorkState | None = None
        self._said: Content | None = None
        self._paces: list[float] = []
        self._notice: tuple[str, ...] | None = ("opening…",)
        self._away = False
        """Whether another screen is open, on which labels may be taken back."""
        self._switched: tuple[str, bool] | None = None
        """What to say of a switched branch with the next case, and whether that was half-made."""

    def compose(self) -> ComposeResult:
        yield Sheet()

    def on_mount(self) -> None:
        self.desk.open()
        self.set_interval(1, self._draw_work)
        self.draw()

    def on_screen_suspend(self) -> None:
        self._away = not isinstance(self.app.screen, ModalScreen)

    def on_screen_resume(self) -> None:
        if self._away:
            self._away = False
            self.keep()
            self.desk.read_again()

    async def on_unmount(self) -> None:
        # A commit may take its time: whoever went home goes on meanwhile.
        self._left(await asyncio.to_thread(self.desk.close))

    def _after_paint(self, painted: Callable[[], None]) -> bool:
        """A child hears of it once its siblings have told the screen what there is to paint; the
        screen itself would hear of it before.
        """
        return bool(self.children) and self.children[-1].call_after_refresh(painted)

    def on_resize(self) -> None:
        if self.look.difference and self.pen is not None:
            self.sheet.show_view(self.pen.view, self.look)  # one text or two, by the width
        self.draw()

    # What the desk answers.

    @on(told.Opened)
    def opened(self, message: told.Opened) -> None:
        self.session = session = message.session
        self._paces = list(session.pace)
        self.walk = Walk(
            session.items,
            session.wanted,
            session.last,
            filter=session.filter,
            settling=session.settling,
        )
        if session.says:
            self.say(session.says)
        if not self.walk.items:
            self._rest(*empty_words(session.filter))
        elif session.wanted is None and self.walk.left == 0 and not session.filter:
            self._all_done()
        else:
            self._arrive()
        self.desk.past()

    @on(told.Switched)
    def switched(self, message: told.Switched) -> None:
        """Another branch: queue, rubric and case are those of its files from now on."""
        self.keep()
        session, here = message.session, message.case or self.walk.case
        in_hand = self.pen is not None and self.pen.changed
        words = f"switched to {session.branch or 'no branch'}, all read again"
        if message.case is not None:
            words = f"not saved: {words}"
        self._switched = words, message.label or in_hand
        self._renew(session, here)
        if self.walk.items:
            self._arrive()
        else:
            self._rest(*empty_words(session.filter))
            self._tell_switched(kept=False)
        self.desk.past()

    @on(told.ReadAgain)
    def read_again(self, message: told.ReadAgain) -> None:
        """The same case, as it is now. What I have in hand goes on over it."""
        had_more = self.walk.left
        self._renew(message.session, self.walk.case)
        if not self.walk.items:
            self._rest(*empty_words(message.session.filter))
        elif self._notice is None and self.walk.case is not None:
            self.draw()
            self.desk.read(self.walk.case, fresh=True)
        elif self.walk.left > had_more:
            self._onward()
        else:
            self.draw()
        self.desk.past()

    def _renew(self, session: Session, here: str | None) -> None:
        self.session, self.past = session, None
        self.walk = Walk(
            session.items,
            here if any(item.case == here for item in session.items) else None,
            session.last,
            filter=session.filter,
            settling=session.settling,
        )

    def _tell_switched(self, *, kept: bool) -> None:
        if self._switched is None:
            return
        (words, half_made), self._switched = self._switched, None
        if kept:
            words += "; half-made label kept"
        elif half_made:
            words += "; the label was of another text"
        self.say(words, bad=half_made)

    @on(told.Past)
    def past_was_read(self, message: told.Past) -> None:
        self.past = message.past
        self._draw_label()

    @on(told.OpenFailed)
    def open_failed(self, message: told.OpenFailed) -> None:
        if message.case is not None and self.walk.holds(message.case):
            self.walk.settle(message.case, "todo")
            self.walk.go_to(message.case)
        self._rest("cannot label here", *_words(message.error))

    @on(told.Read)
    def was_read(self, message: told.Read) -> None:
        if message.case == self.walk.case and self._notice is None:
            if self.pen is None or (message.fresh and not self._refresh(self.pen, message.view)):
                self._show(message.view)
        else:
            self.walk.put(message.view)

    def _refresh(self, pen: Pen, view: View) -> bool:
        """My label and the rubric are the same ones still: what I have in hand goes on."""
        mine, now = pen.view, view
        before = (mine.case.id, mine.read_hash, mine.rubric)
        if before != (now.case.id, now.read_hash, now.rubric):
            return False
        pen.view = replace(view, draft=pen.view.draft, resumed=pen.view.resumed)
        self.sheet.show_view(pen.view, self.look)
        self.draw()
        return True

    @on(told.ReadFailed)
    def read_failed(self, message: told.ReadFailed) -> None:
        if message.case == self.walk.case and self.pen is None:
            words = _words(message.error)
            self._rest(
                f"{message.case} cannot be shown",
                *words,
                f"{keys.shown('next')} goes to the next case",
            )

    @on(told.Work)
    def work_went_on(self, message: told.Work) -> None:
        self._work = message.state
        self._draw_work()

    @on(told.Broke)
    def broke(self, message: told.Broke) -> None:
        raise message.fault

    # Going from case to case.

    def _arrive(self) -> None:
        """Show the case that the walk stands at: at once where it was read ahead."""
        self.pen, self._notice = None, None
        view = self.walk.take()
        if view is not None:
            self._show(view)
        elif self.walk.case is not None:
            self.desk.read(self.walk.case)
            self.draw()

    def _show(self, view: View) -> None:
        self.pen = Pen.on(view, self._clock)
        self.sheet.show_view(view, self.look)
        self._tell_switched(kept=view.resumed)
        if view.dropped:
            self.say(dropped_words(view.dropped))
        elif view.resumed and self._said is None:
            self.say("your half-made label of last time is here again")
        self.draw()
        for case in self.walk.unread():
            self.desk.read(case)

    def _return_to(self, case: str) -> None:
        """Go to a case whose file changed under us, and read again what it says."""
        self.walk.go_to(case)
        self.pen, self._notice = None, None
        self.desk.stand(case)
        self.desk.read(case, fresh=True)

    def _onward(self) -> None:
        if self.walk.to_open():
            self._arrive()
        else:
            self._all_done()

    def _all_done(self) -> None:
        done = queue.progress(self.walk.items)
        number = self.session.round.number if self.session and self.session.round else None
        words = f"{done.done} of {done.total} outputs have your label"
        first = f"round {number} is done" if number else "all done"
        back = f"{keys.shown('previous')} goes back to the last one, {keys.shown('back')} leaves"
        self._rest(first, words, back)

    def _rest(self, *words: str) -> None:
        """Nothing to label on screen, and why."""
        self.pen, self._notice = None, words
        self.draw()

    def hurry(self) -> None:
        """The process has to end: keep what there is, and do not wait for commits."""
        self.keep()
        self.desk.patience = 1.0

    def keep(self) -> None:
        """Journal the label in the making, where there is something to keep."""
        if self.pen is not None and self.pen.to_keep():
            self.desk.keep(self.pen.view, self.pen.timed)

    def _ready(self) -> Pen | None:
        if self.pen is None:
            self.say("there is no output on screen to label")
        return self.pen

    def _after(self, words: str | None) -> None:
        """A key did something, or says why not: journal it, and draw what it touched."""
        if words is not None:
            self.say(words)
        self.keep()
        self._draw_label()

    # Drawing.

    def say(self, words: str, *, bad: bool = False) -> None:
        """Words in the line above the keys, until the next key."""
        self._said = Content.styled(one_line(words), "$bad" if bad else "$needs")
        self._draw_work()

    def draw(self) -> None:
        notice = self._notice
        if notice is None and self.pen is None:
            notice = (f"reading {self.walk.case}…",)
        self.sheet.show_notice(notice)
        self.sheet.show_place(self.session, self.walk)
        self._draw_label()

    def _draw_label(self) -> None:
        self.sheet.show_label(self.pen, self.walk.item, self.past)
        self._draw_work()

    def _draw_work(self) -> None:
        self.sheet.show_work(self._work, self._said, self.pen, self._paces, self.walk.left)


def _words(error: LabeltoolError) -> list[str]:
    return [str(error), *([error.hint] if error.hint else [])]
