"""What the inbox screen stands on: what is in view, what the desk answers, the drawing."""

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
from labeltool.commands.inbox import Decided, Waiting
from labeltool.commands.inbox_session import InboxSession, Look, View
from labeltool.commands.label_work import WorkState
from labeltool.errors import LabeltoolError
from labeltool.rules.acceptance import Edits
from labeltool.safe_text import one_line
from labeltool.tui import inbox_desk as jobs
from labeltool.tui import keys, told
from labeltool.tui.dialogs.branch import BranchDialog
from labeltool.tui.screens import inbox_parts as parts
from labeltool.tui.screens.listing import words_of
from labeltool.tui.spread import WIDE
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.rows import RowsPane
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH
from labeltool.tui.widgets.text import TextPane

TEXTS = ("input", "output", "expected")
LISTED = 5
"""Rows of the list where everything stands under each other."""


class DraftScreen(Screen[None]):
    """Goes from one draft to the next and shows what the desk reads."""

    AUTO_FOCUS: ClassVar[str | None] = "#input"
    place = query_one("#place", Ends)
    entries = query_one("#entries", RowsPane)
    accept = query_one("#accept", TextPane)
    work = query_one("#work", Ends)

    def __init__(
        self, opener: jobs.Opener, *, left: Callable[[WorkState | None], None] = lambda work: None
    ):
        """`left` is told where the decisions are when the sitting has ended."""
        super().__init__()
        self.desk = jobs.InboxDesk(opener, self.post_message, self.call_after_refresh)
        self._left = left
        self.session: InboxSession | None = None
        self.items: tuple[Waiting, ...] = ()
        self.view: View | None = None
        self.edits = Edits()
        self.look: Look | None = None
        self.marked: set[str] = set()
        self.cases = self.decided = 0
        """Of this sitting."""
        self.deciding = False
        """Whether a decision is on its way: no other one is taken meanwhile."""
        self.text = TEXTS[0]
        self._work: WorkState | None = None
        self._said: Content | None = None
        self._notice: tuple[str, ...] | None = ("opening…",)
        self._go_to: str | None = None

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        with Container(id="body"):
            yield RowsPane("", id="entries")
            with Container(id="texts"):
                for name in TEXTS:
                    yield TextPane("came back" if name == "output" else name, id=name)
            yield TextPane("as a case", id="accept")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.accept.can_focus = False
        self.desk.open()
        self.turn_to(TEXTS[0])
        self.draw()

    async def on_unmount(self) -> None:
        # A commit may take its time: whoever went home goes on meanwhile.
        self._left(await asyncio.to_thread(self.desk.close))

    def on_resize(self) -> None:
        self.draw()

    def hurry(self) -> None:
        """The process has to end: do not wait for commits. What was written is journalled."""
        self.desk.patience = 1.0

    # What the desk answers.

    @on(jobs.Opened)
    def opened(self, message: jobs.Opened) -> None:
        self.deciding = False
        self.session, self.items = message.session, message.session.items
        self.marked &= {one.id for one in self.items}
        if message.switched:
            kept = "not saved: " if message.unsaved else ""
            branch = message.session.branch or "no branch"
            self.say(f"{kept}switched to {branch}, all read again", bad=message.unsaved)
        ids = [one.id for one in self.items]
        if self._go_to in ids:
            self.entries.cursor = ids.index(self._go_to)
        self._go_to = None
        self._draw_list()
        if self.items:
            self.arrive()
        elif self.decided:
            self.rest(*parts.done_words(self.cases, self.decided))
        else:
            self.rest(*parts.empty_words(len(message.session.problems)))

    @on(jobs.OpenFailed)
    def open_failed(self, message: jobs.OpenFailed) -> None:
        self.rest("the inbox cannot be read here", *words_of(message.error))

    @on(jobs.Read)
    def was_read(self, message: jobs.Read) -> None:
        if self.here is not None and message.view.id == self.here.id:
            self.view, self.look = message.view, message.view.look
            self.edits = message.view.look.edits
            self._notice = None
            if message.view.resumed and self._said is None:
                self.say("what you wrote about it last time is here again")
            self._show_texts()
            self.turn_to(TEXTS[0])
            self.draw()

    @on(jobs.ReadFailed)
    def read_failed(self, message: jobs.ReadFailed) -> None:
        if self.here is not None and message.draft == self.here.id:
            self.view = None
            self.say(_and(message.error), bad=True)

    @on(jobs.Looked)
    def looked(self, message: jobs.Looked) -> None:
        if self.view is not None and message.draft == self.view.id:
            if message.look.edits == self.edits:
                self.look = message.look
            self.draw()

    @on(jobs.Became)
    def became(self, message: jobs.Became) -> None:
        decided = message.decided
        self.marked -= set(decided.drafts)
        if decided.became != "later":
            self.decided += len(decided.drafts)
        self.cases += decided.became == "case"
        self.say(_became(decided))

    @on(jobs.Refused)
    def refused(self, message: jobs.Refused) -> None:
        self.deciding = False
        self.say(_and(message.error), bad=True)

    @on(jobs.TakenBack)
    def taken_back(self, message: jobs.TakenBack) -> None:
        if message.took is None:
            self.say(_and(message.error) if message.error else "nothing to take back")
            return
        self.say(one_line(message.took.subject))
        self._go_to = message.took.draft

    @on(told.Work)
    def work_went_on(self, message: told.Work) -> None:
        self._work = message.state
        self._draw_work()

    @on(told.Offered)
    def offered(self, message: told.Offered) -> None:
        def answered(answer: Answer | None) -> None:
            self.desk.answer(answer or "stay")

        self.app.push_screen(BranchDialog(message.offer), answered)

    @on(told.Broke)
    def broke(self, message: told.Broke) -> None:
        raise message.fault

    # Going from one to the next.

    @property
    def here(self) -> Waiting | None:
        row = self.entries.cursor
        return self.items[row] if row < len(self.items) else None

    def arrive(self) -> None:
        """Read the draft under the cursor; the one before stays on screen until then."""
        if self.here is not None:
            if self._notice is not None:
                self._notice = (f"reading {self.here.id}…",)
            self.view = None if self.view and self.view.id != self.here.id else self.view
            self.desk.read(self.here.id)
        self.draw()

    def rest(self, *words: str) -> None:
        """Nothing to decide on screen, and why."""
        self.view, self._notice = None, words
        self.draw()

    def ready(self) -> View | None:
        """The draft on screen, where it can be decided now."""
        if self.view is None:
            self.say("there is no draft on screen")
        elif self.deciding:
            self.say("the last decision is being saved")
            return None
        return self.view

    def write(self, edits: Edits) -> None:
        """Other edits: journalled, and looked at by the graders."""
        if self.view is not None:
            self.edits = edits
            self.desk.look(self.view.waiting, edits)
            self._show_texts()
            self.draw()

    # Drawing.

    @property
    def is_wide(self) -> bool:
        return self.size.width >= WIDE

    def say(self, words: str, *, bad: bool = False) -> None:
        """Words in the line above the keys, until the next key."""
        self._said = Content.styled(one_line(words), "$bad" if bad else "$needs")
        self._draw_work()

    def hush(self) -> None:
        if self._said is not None:
            self._said = None
            self._draw_work()

    def draw(self) -> None:
        notice = self._notice
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(notice is not None, "-notice")
        self.set_class(self.is_wide, "-wide")
        if notice is not None:
            self.query_one("#notice", Notice).show(*notice)
        dataset = self.session.dataset if self.session is not None else ""
        count, cursor = len(self.items), self.entries.cursor
        edges = parts.place_line(dataset, count, cursor, len(self.marked), self.view)
        self.place.show(*edges)
        if self.view is not None and self.look is not None:
            lines = parts.accept_lines(self.view, self.edits, self.look)
            note = parts.accept_note(self.view, self.edits, wide=self.is_wide)
            self.accept.show(lines, note=note)
        self._share()
        self._draw_work()

    def _share(self) -> None:
        """Rows: the list keeps a few, the case what it needs; what is left is the texts'."""
        if self.is_wide:
            self.entries.styles.height = self.accept.styles.height = "1fr"
            return
        room = self.size.height - 3
        entries = min(len(self.items), LISTED if room >= 28 else 3) + 1
        most = max(3, room - entries - 6)
        self.entries.styles.height = entries
        self.accept.styles.height = min(self.accept.need(self.size.width, most), most)

    def _draw_list(self) -> None:
        items, marked = self.items, self.marked

        def draw(row: int, width: int) -> Content:
            return parts.row(items[row], width, marked=items[row].id in marked)

        count = len(items)
        self.entries.title = "1 draft" if count == 1 else f"{count:,} drafts"
        self.entries.show(count, draw)

    def _show_texts(self) -> None:
        if self.view is not None:
            for name, lines in parts.text_lines(self.view, self.edits).items():
                self.query_one(f"#{name}", TextPane).show(lines)

    def _draw_work(self) -> None:
        self.work.show(parts.inbox_work(self._work), self._said)
        offered = len(self.look.suggested) if self.look is not None else 0
        shown = {"score": keys.digits(1, offered) if offered > 1 else keys.digit(1)}
        wanted, always = keys.footer(keys.INBOX, shown)
        if not offered:
            wanted = [pair for pair in wanted if pair[0] != shown["score"]]
        self.query_one(KeyBar).show(wanted, always)

    def turn_to(self, name: str) -> None:
        """The text that has the focus; a narrow screen shows it beside what came back."""
        self.text = name
        for one in TEXTS:
            pane = self.query_one(f"#{one}", TextPane)
            beside = "expected" if name == "expected" else "input"
            pane.set_class(one in (beside, "output"), "-shown")
            if one == name:
                pane.focus()


def _became(decided: Decided) -> str:
    case = decided.case
    if case is not None and decided.became == "case":
        how = "open: it runs and gates nothing" if case.status == "open" else case.status
        return "; ".join([f"a case of the {case.tier} tier, {how}", *decided.notes])
    if case is not None:
        return f"folded into {case.id}"
    many = len(decided.drafts)
    what = "it is" if many == 1 else f"{many} are"
    return f"{what} {'out of scope' if decided.became == 'rejected' else 'put off'}"


def _and(error: LabeltoolError) -> str:
    hint = (error.hint or "").split("\n")[0]
    return f"{error}; {hint}" if hint else str(error)
