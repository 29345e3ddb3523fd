"""The screen of one run: its tiers, its cases with what failed first, and what changed sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.worker import get_current_worker

from labeltool.commands.context import Context
from labeltool.commands.inbox_send import send
from labeltool.commands.runs import RunEntry
from labeltool.commands.runs_case import CaseDetail, short_name
from labeltool.commands.runs_cases import (
    CaseRow,
    RunCases,
    SideBySide,
    beside_baseline,
    side_by_side,
)
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.heap import uncollected
from labeltool.tui.screens import run_case_parts, run_parts
from labeltool.tui.screens.listing import ListingScreen, words_of
from labeltool.tui.screens.run_case import Doors, Place, RunCaseScreen
from labeltool.tui.screens.runs_parts import tier_lines, verdict_of
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.rows import RowsPane
from labeltool.tui.widgets.text import Line, TextPane


class RunScreen(ListingScreen):
    """`entry`, beside `other` where one was marked, else beside its baseline."""

    KEYS = keys.RUN
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("run.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.RUN))
    AUTO_FOCUS: ClassVar[str | None] = "#detail"
    tiers = query_one("#tiers", TextPane)

    @dataclass
    class Progress(Message):
        count: int

    @dataclass
    class Read(Message):
        mine: RunCases
        other: RunCases | None
        beside: SideBySide | None
        rows: list[CaseRow]

    @dataclass
    class Failed(Message):
        error: LabeltoolError
        id: str | None = None

    @dataclass
    class Looked(Message):
        id: str
        found: CaseDetail

    def __init__(self, ctx: Context, entry: RunEntry, other: RunEntry | None, doors: Doors):
        super().__init__()
        assert entry.head is not None
        self._ctx, self._doors = ctx, doors
        self.entry, self.other, self.head = entry, other, entry.head
        self.beside: SideBySide | None = None
        self.cases: RunCases | None = None
        self.rows: list[CaseRow] = []
        self.shown: list[CaseRow] = []
        self.filter = ""
        self._there: RunCases | None = None
        self._counted = 0
        self._error: LabeltoolError | None = None

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        yield TextPane("tiers", id="tiers")
        with Container(id="body"):
            yield RowsPane("", id="entries")
            yield TextPane("", id="detail")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.tiers.can_focus = False
        self.draw()
        self.read()

    # Reading.

    @work(thread=True, group="read")
    def read(self) -> None:
        worker = get_current_worker()
        mine = RunCases(self.entry)
        other = RunCases(self.other) if self.other is not None else None
        done = 0
        try:
            with uncollected():
                for run in (mine, other) if other else (mine,):
                    for count in run.read():
                        if worker.is_cancelled:
                            return
                        self.post_message(self.Progress(done + count))
                    done += len(run.rows)
                beside = side_by_side(mine, other) if other else beside_baseline(mine)
                rows = mine.ranked() if beside is None else beside.rows
        except LabeltoolError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Read(mine, other, beside, rows))

    @on(Progress)
    def progressed(self, message: Progress) -> None:
        self._counted = message.count
        if self.cases is None:
            self.draw()

    @on(Read)
    def was_read(self, message: Read) -> None:
        self.cases, self._there, self.beside = message.mine, message.other, message.beside
        self.rows = message.rows
        self._choose(None)
        broken = self.cases.broken + (self._there.broken if self._there else 0)
        if broken:
            lines = "1 line" if broken == 1 else f"{broken:,} lines"
            self.say(f"left out, because it cannot be read: {lines} of the log", bad=True)

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if message.id is None:
            self._error = message.error
            self.draw()
        elif self.here is not None and self.here.id == message.id:
            self.detail.show(run_case_parts.error_lines(message.error))

    # Drawing.

    @property
    def here(self) -> CaseRow | None:
        row = self.entries.cursor
        return self.shown[row] if row < len(self.shown) else None

    def draw(self) -> None:
        self.notice = self._nothing()
        super().draw()
        name = one_line(short_name(self.entry), 40)
        title = Content.assemble((f"run {name}", "bold $strong"))
        if self.other is not None:
            beside = one_line(short_name(self.other), 40)
            title += Content.assemble((" beside ", "$quiet"), (beside, "bold $focus"))
        filtered = f"filter: {one_line(self.filter, 30)}   " if self.filter else ""
        right = Content.styled(filtered, "$needs") + verdict_of(self.head.verdict)
        self.place.show(title, right)
        self._draw_tiers()
        self.detail.display = self.is_wide
        if self.cases is not None:
            self._draw_list()
            self._draw_text()

    def _nothing(self) -> tuple[str, ...] | None:
        if self._error is not None:
            return words_of(self._error)
        if self.cases is None:
            read = f"{self._counted:,} cases so far" if self._counted else ""
            return ("reading…", read) if read else ("reading…",)
        if self.shown:
            return None
        if self.rows:
            return (
                "no case like that",
                self.filter,
                about.pressing("filter", "changes the filter"),
            )
        return ("this run has no cases", "its log is empty, or was thrown away")

    def _draw_tiers(self) -> None:
        other = self.other.head if self.other else None
        lines = tier_lines(self.head, other, width=self.size.width)
        if self.beside is not None:
            name = short_name(self.other) if self.other else self._baseline
            lines.append(run_parts.beside_line(self.beside, name))
            if self.size.height >= 24:
                lines += run_parts.doubt_lines(self.beside.doubts)
        self.tiers.show(lines)
        self.tiers.styles.height = min(len(lines) + 1, max(2, self.size.height // 3))
        self.tiers.display = not self.has_class("-notice") or self._error is None

    @property
    def _baseline(self) -> str:
        baseline = self.head.baseline
        return "" if baseline is None else baseline.name or baseline.run_id

    def _draw_list(self) -> None:
        shown = self.shown

        @cache
        def widths(width: int) -> tuple[int, int]:
            return run_parts.case_widths(shown, width)

        def draw(row: int, width: int) -> Content:
            one = shown[row]
            self._doors.seen(one.id, one.output_hash)
            return run_parts.case_row(one, widths(width), width)

        self.entries.title = f"{len(shown):,} cases"
        self.entries.note = run_parts.state_counts(shown)
        self.entries.show(len(shown), draw)

    def _choose(self, at: str | None) -> None:
        holds = run_parts.wanted(self.filter)
        self.shown = [row for row in self.rows if holds(row)]
        ids = [row.id for row in self.shown]
        self.entries.cursor = ids.index(at) if at in ids else 0
        self.draw()

    def _draw_text(self) -> None:
        row = self.here
        if row is not None and self.detail.display:
            self.detail.title = row.id
            self.look(row)

    @work(thread=True, exclusive=True, group="look")
    def look(self, row: CaseRow) -> None:
        try:
            found = self.where(row).read(self._ctx)
        except LabeltoolError as error:
            self.post_message(self.Failed(error, row.id))
        else:
            self.post_message(self.Looked(row.id, found))

    @on(Looked)
    def looked(self, message: Looked) -> None:
        if self.here is not None and self.here.id == message.id:
            self.detail.show(run_case_parts.preview_lines(message.found))

    def where(self, row: CaseRow) -> Place:
        """Where a case's result stands, and the one beside it."""
        there = self._there.rows.get(row.id) if self._there else None
        if row.side == "only there":
            assert self.other is not None
            return Place(self.other, row)
        return Place(self.entry, row, self.other, there)

    def moved(self) -> None:
        self._draw_text()

    def opened(self) -> None:
        if self.here is None:
            self.say("there is no case to open")
            return
        shown = self.shown

        def place(index: int) -> Place:
            return self.where(shown[index])

        screen = RunCaseScreen(self._ctx, place, len(shown), self.entries.cursor, self._doors)
        self.app.push_screen(screen, self._came_back)

    def _came_back(self, index: int | None) -> None:
        """The case that was looked at last has the cursor."""
        if index is not None and self.entries.pick(index):
            self._draw_text()

    def about_row(self) -> Sequence[Line]:
        row = self.here
        if row is None:
            return about.told("there is no case under the cursor")
        score = "" if row.score is None else f", score {row.score:.2f}"
        return about.told(
            row.id,
            one_line(f"{row.tier}, {row.state}{score}. {row.lost}", 400),
            f"{row.side} against what it is compared with" if row.side else "",
            about.pressing("do", "shows its texts, and how it was graded"),
        )

    # Keys.

    def action_filter(self) -> None:
        dialog = FilterDialog(self.filter, run_parts.hints(self.rows))
        self.app.push_screen(dialog, self._filter)

    def _filter(self, text: str | None) -> None:
        if text is not None and text != self.filter:
            self.filter = text
            self._choose(self.here.id if self.here else None)

    def action_inbox(self) -> None:
        """Send the case under the cursor, as it is in the run."""
        if self.here is None:
            self.say("there is no case to send")
        else:
            self.say("into the inbox…")
            self.send(self.here)

    @work(thread=True, group="send")
    def send(self, row: CaseRow) -> None:
        try:
            words, bad = send(self._ctx, self.where(row).read(self._ctx)), False
        except LabeltoolError as error:
            words, bad = "; ".join(words_of(error)), True
        self.app.call_from_thread(self.say, words, bad=bad)

    def action_copy(self) -> None:
        if self.here is None:
            self.say("there is no case to copy the id of")
        else:
            self.app.copy_to_clipboard(self.here.id)
            self.say(f"copied {self.here.id}")
