"""What the resolve screen stands on: what is in view, what the desk answers, the drawing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen

from labeltool.commands.branch_offer import Answer
from labeltool.commands.label_work import WorkState
from labeltool.commands.resolve_session import Place, ResolveSession, View
from labeltool.commands.rubric_view import RubricPast
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import keys, told
from labeltool.tui import resolve_desk as jobs
from labeltool.tui.dialogs.amend import amended_words
from labeltool.tui.dialogs.branch import BranchDialog
from labeltool.tui.resolve_pen import ResolvePen, Turns
from labeltool.tui.screens import resolve_parts as parts
from labeltool.tui.screens.listing import words_of
from labeltool.tui.spread import WIDE
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.pane import inside
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH
from labeltool.tui.widgets.sides import SidesPane
from labeltool.tui.widgets.text import TextPane

TEXTS = ("output", "input", "expected")
LOW = 20
"""Rows under which every pane makes do with less."""


class DisagreementScreen(Screen[None]):
    """Goes from one disagreement to the next and shows what the desk reads. The pen decides."""

    AUTO_FOCUS: ClassVar[str | None] = "#output"
    place = query_one("#place", Ends)
    sides = query_one(SidesPane)
    levels = query_one("#levels", TextPane)
    because = query_one("#because", TextPane)
    work = query_one("#work", Ends)

    def __init__(
        self,
        opener: jobs.Opener,
        *,
        conflicted: Callable[[], bool] = lambda: False,
        left: Callable[[WorkState | None], None] = lambda work: None,
    ):
        """`left` is told where the decisions are when the sitting has ended."""
        super().__init__()
        self.desk = jobs.ResolveDesk(
            opener, self.post_message, self.call_after_refresh, conflicted=conflicted
        )
        self._left = left
        self.session: ResolveSession | None = None
        self.turns = Turns()
        self.pen: ResolvePen | None = None
        self.past: RubricPast | None = None
        self._work: WorkState | None = None
        self._said: Content | None = None
        self._notice: tuple[str, ...] | None = ("opening…",)
        self._go_to: Place | None = None
        self.text = TEXTS[0]
        """Which text is on a screen that has room for one."""

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        with Container(id="body"):
            with Container(id="texts"):
                for name in TEXTS:
                    yield TextPane(name, id=name)
            with Container(id="decide"):
                yield SidesPane(id="sides")
                yield TextPane("", id="levels")
                yield TextPane("because", id="because")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.because.can_focus = False
        self.desk.open()
        self.draw()

    async def on_unmount(self) -> None:
        # A commit may take its time: whoever went home goes on meanwhile.
        self._left(await asyncio.to_thread(self.desk.close))

    def on_resize(self) -> None:
        self.draw()

    # What the desk answers.

    @on(jobs.Opened)
    def opened(self, message: jobs.Opened) -> None:
        self.session = message.session
        self.keep()
        self.turns.update(message.session.items)
        here = self._go_to or message.refused
        self._go_to = None
        if here is not None:
            self.turns.go_to(here)
        if message.switched:
            kept = "not saved: " if message.refused is not None else ""
            branch = message.session.branch or "no branch"
            self.say(f"{kept}switched to {branch}, all read again", bad=bool(kept))
        self.past = None
        self.desk.past()
        if not self.turns.items:
            self._rest(*parts.empty_words())
        elif self._at_the_end and self.turns.place in self.turns.settled:
            self._rest(*parts.done_words(self.turns))
        else:
            self._arrive()

    @property
    def _at_the_end(self) -> bool:
        """Whether "all settled" is on screen rather than an output."""
        return self.pen is None and self.turns.left == 0

    @on(jobs.OpenFailed)
    def open_failed(self, message: jobs.OpenFailed) -> None:
        self._rest("cannot resolve here", *words_of(message.error))

    @on(jobs.Read)
    def was_read(self, message: jobs.Read) -> None:
        if message.view.place == self.turns.place and self.pen is None and self._notice is None:
            self._show(message.view)

    @on(jobs.ReadFailed)
    def read_failed(self, message: jobs.ReadFailed) -> None:
        if message.place == self.turns.place and self.pen is None:
            words = words_of(message.error)
            next_ = f"{keys.shown('next')} goes to the next one"
            self._rest(f"{message.place.case} cannot be shown", *words, next_)

    @on(told.Past)
    def past_was_read(self, message: told.Past) -> None:
        self.past = message.past
        self._draw_pen()

    @on(told.Work)
    def work_went_on(self, message: told.Work) -> None:
        self._work = message.state
        self._draw_work()

    @on(jobs.Saved)
    def saved(self, message: jobs.Saved) -> None:
        if message.amendment is not None:
            self.say(amended_words(message.amendment))

    @on(jobs.SaveFailed)
    def save_failed(self, message: jobs.SaveFailed) -> None:
        place = message.view.place
        self.turns.settled.discard(place)
        self.turns.go_to(place)
        self.say(f"not saved, and kept: {_and(message.error)}", bad=True)
        self._arrive()

    @on(jobs.TakenBack)
    def taken_back(self, message: jobs.TakenBack) -> None:
        if message.took is None:
            self.say(_and(message.error) if message.error else "nothing to take back")
            return
        subject, place = message.took
        self.say(one_line(subject))
        if place is not None:
            self._go_to = place
            (self.turns.settled.add if message.redo else self.turns.settled.discard)(place)

    @on(jobs.Refused)
    def refused(self, message: jobs.Refused) -> None:
        self.say(_and(message.error), bad=True)

    @on(told.Offered)
    def offered(self, message: told.Offered) -> None:
        def answered(answer: Answer | None) -> None:
            self.keep()  # what is half-made comes along
            self.desk.answer(answer or "stay")

        self.app.push_screen(BranchDialog(message.offer), answered)

    @on(told.Broke)
    def broke(self, message: told.Broke) -> None:
        raise message.fault

    # Going from one to the next.

    def _arrive(self) -> None:
        self.pen, self._notice = None, None
        if self.turns.place is not None:
            self.desk.read(self.turns.place)
        self.draw()

    def _show(self, view: View) -> None:
        self.pen = ResolvePen.on(view)
        for name, lines in parts.text_lines(view).items():
            self.query_one(f"#{name}", TextPane).show(lines)
        self._turn_to(TEXTS[0])
        if view.resumed and self._said is None:
            self.say("your half-made resolution of last time is here again")
        self.draw()

    def onward(self) -> None:
        if self.turns.onward():
            self._arrive()
        else:
            self._rest(*parts.done_words(self.turns))

    def _rest(self, *words: str) -> None:
        """Nothing to resolve on screen, and why."""
        self.pen, self._notice = None, words
        self.draw()

    def hurry(self) -> None:
        """The process has to end: keep what there is, and do not wait for commits."""
        self.keep()
        self.desk.patience = 1.0

    def keep(self) -> None:
        """Journal the resolution in the making, where there is something to keep."""
        if self.pen is not None and self.pen.choice != self.pen.view.choice:
            self.desk.keep(self.pen.view, self.pen.choice)

    def ready(self) -> ResolvePen | None:
        if self.pen is None:
            self.say("there is no disagreement on screen")
        return self.pen

    def after(self, words: str | None) -> None:
        """A key did something, or says why not: journal it, and draw what it touched."""
        if words is not None:
            self.say(words)
        self.keep()
        self._draw_pen()

    # Drawing.

    @property
    def is_wide(self) -> bool:
        return self.size.width >= WIDE

    def say(self, words: str, *, bad: bool = False) -> None:
        """Words in the line above the keys, until the next key."""
        self._said = Content.styled(one_line(words), "$bad" if bad else "$needs")
        self._draw_work()

    def draw(self) -> None:
        notice = self._notice
        if notice is None and self.pen is None and self.turns.place is not None:
            notice = (f"reading {self.turns.place.case}…",)
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(notice is not None, "-notice")
        self.set_class(self.is_wide, "-wide")
        if notice is not None:
            self.query_one("#notice", Notice).show(*notice)
        self._draw_pen()

    def _draw_pen(self) -> None:
        dataset = self.session.dataset if self.session is not None else ""
        self.place.show(*parts.place_line(dataset, self.turns, self.pen))
        pen = self.pen
        if pen is not None:
            tall = 2 if self.size.height < LOW else 4
            self.sides.show(parts.heads(pen), parts.rows(pen, tall), "settle")
            version = f"{name_of(pen.focused)} in version {pen.view.rubric.version}"
            self.levels.title = one_line(version, 60)
            self.levels.show(parts.level_lines(pen, self.past))
            self._share()
        self._draw_work()

    def _share(self) -> None:
        """Rows: what is decided first, then its levels; what is left is the text's."""
        room = self.size.height - 3
        width = (self.size.width - 2) * 3 // 5 if self.is_wide else self.size.width
        if self.pen is not None:
            lines = parts.because_lines(self.pen, inside(width), low=self.size.height < LOW)
            self.because.show(lines, note=parts.because_note(self.pen))
        because = min(self.because.need(width, 6), 6 if room >= LOW - 3 else 3)
        least = 0 if self.is_wide else 3
        sides = min(self.sides.need(width, room), max(3, room - because - least - 3))
        rest = room - because - sides
        levels = min(self.levels.need(width, rest), rest - least if rest > least + 2 else 2)
        if not self.is_wide:
            shown = self.query_one(f"#{self.text}", TextPane)
            text = min(shown.need(width, rest), max(least, rest // 2))
            levels = min(levels, max(2, rest - text))
        for pane, rows in ((self.sides, sides), (self.levels, levels), (self.because, because)):
            pane.styles.height = rows

    def _draw_work(self) -> None:
        self.work.show(parts.resolve_work(self._work), self._said)
        wanted, always = keys.footer(keys.RESOLVE)
        if self.pen is not None and len(self.pen.letters) > 2:
            third = keys.key("take-c")
            wanted.insert(2, (third.shown, third.words[keys.RESOLVE]))
        self.query_one(KeyBar).show(wanted, always)

    def _turn_to(self, name: str) -> None:
        """Which text a narrow screen shows."""
        self.text = name
        following = TEXTS[(TEXTS.index(name) + 1) % len(TEXTS)]
        for one in TEXTS:
            pane = self.query_one(f"#{one}", TextPane)
            pane.set_class(one == name, "-shown")
            if one == name:
                pane.note = "" if self.is_wide else f"{keys.shown('pane')}: {following}"
                pane.focus()


def _and(error: LabeltoolError) -> str:
    return f"{error}; {error.hint}" if error.hint else str(error)
