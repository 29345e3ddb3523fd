"""The compare screen: which system, how sure, what would change it, and where they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.message import Message

from labeltool.commands.compare_view import ComparedView, Parted, compared_view
from labeltool.commands.context import Context
from labeltool.commands.runs_case import CaseDetail
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.heap import uncollected
from labeltool.tui.screens import compare_parts as parts
from labeltool.tui.screens import run_case_parts, run_parts
from labeltool.tui.screens.listing import ListingScreen, words_of
from labeltool.tui.screens.run_case import Doors, Place, RunCaseScreen
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.rows import RowsPane
from labeltool.tui.widgets.text import Line, TextPane

SHARE = 60
"""Percent of the height that the answer takes at most; `space` scrolls the rest of it."""


class CompareScreen(ListingScreen):
    """Of the newest runs of each system; nothing is run from here."""

    KEYS = keys.COMPARE
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("compare.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.COMPARE))
    AUTO_FOCUS: ClassVar[str | None] = "#answer"
    answer = query_one("#answer", TextPane)

    @dataclass
    class Read(Message):
        view: ComparedView

    @dataclass
    class Failed(Message):
        error: LabeltoolError
        id: str | None = None

    @dataclass
    class Looked(Message):
        one: Parted
        found: CaseDetail

    def __init__(self, ctx: Context, dataset: str | None, doors: Doors):
        super().__init__()
        self._ctx, self._dataset, self._doors = ctx, dataset, doors
        self.view: ComparedView | None = None
        self.shown: list[Parted] = []
        self.filter = ""
        self._error: LabeltoolError | None = None

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        yield TextPane("which, how sure, what would change it", id="answer")
        with Container(id="body"):
            yield RowsPane("", id="entries")
            yield TextPane("", id="detail")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.draw()
        self.read()

    @work(thread=True, group="read")
    def read(self) -> None:
        try:
            with uncollected():
                found = compared_view(self._ctx, self._dataset)
        except LabeltoolError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Read(found))

    @on(Read)
    def was_read(self, message: Read) -> None:
        self.view = message.view
        self._choose(None)

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if message.id is None:
            self._error = message.error
            self.draw()
        elif self.here is not None and self.here.row.id == message.id:
            self.detail.show(run_case_parts.error_lines(message.error))

    # Drawing.

    @property
    def here(self) -> Parted | None:
        row = self.entries.cursor
        return self.shown[row] if row < len(self.shown) else None

    def draw(self) -> None:
        self.notice = self._nothing()
        super().draw()
        right = Content.styled(
            f"filter: {one_line(self.filter, 30)}" if self.filter else "", "$needs"
        )
        self.place.show(Content.styled("compare", "bold $strong"), right)
        view = self.view
        self.answer.display = view is not None and not self.has_class("-notice")
        if view is None:
            return
        self.answer.show(parts.answer_lines(view, width=max(20, self.size.width - 2)))
        room = max(4, self.size.height * SHARE // 100)
        self.answer.styles.height = min(self.answer.need(self.size.width, room), room)
        self.detail.display = self.is_wide
        self._draw_list(view)
        self._draw_text()

    def _nothing(self) -> tuple[str, ...] | None:
        if self._error is not None:
            return words_of(self._error)
        return ("reading…",) if self.view is None else None

    def _draw_list(self, view: ComparedView) -> None:
        shown, winner = self.shown, view.compared.winner

        def draw(row: int, width: int) -> Content:
            one = shown[row]
            for side in (one.row, one.there):
                self._doors.seen(side.id, side.output_hash)
            return parts.parted_row(one, winner, width)

        of = f"{len(shown):,} of {len(view.compared.paired.ids):,} cases"
        self.entries.title = f"they part on {of}" if shown else "no case where they part"
        self.entries.note = "" if winner is None else f"✓ {one_line(winner, 20)} passes"
        self.entries.show(len(shown), draw)

    def _choose(self, at: str | None) -> None:
        holds = run_parts.wanted(self.filter)
        parted = self.view.parted if self.view else ()
        self.shown = [one for one in parted if holds(one.row)]
        ids = [one.row.id for one in self.shown]
        self.entries.cursor = ids.index(at) if at in ids else 0
        self.draw()

    def _draw_text(self) -> None:
        one = self.here
        if one is not None and self.detail.display:
            self.detail.title = one.row.id
            self.look(one)

    @work(thread=True, exclusive=True, group="look")
    def look(self, one: Parted) -> None:
        try:
            found = one.read(self._ctx)
        except LabeltoolError as error:
            self.post_message(self.Failed(error, one.row.id))
        else:
            self.post_message(self.Looked(one, found))

    @on(Looked)
    def looked(self, message: Looked) -> None:
        if self.here is message.one:
            self.detail.show(parts.parted_lines(message.found, message.one))

    def moved(self) -> None:
        self._draw_text()

    def opened(self) -> None:
        if self.here is None:
            self.say("there is no case to open")
            return
        shown = self.shown

        def place(index: int) -> Place:
            one = shown[index]
            return Place(one.failed_in, one.row, one.passed_in, one.there)

        screen = RunCaseScreen(self._ctx, place, len(shown), self.entries.cursor, self._doors)
        self.app.push_screen(screen, self._came_back)

    def _came_back(self, index: int | None) -> None:
        if index is not None and self.entries.pick(index):
            self._draw_text()

    def about_row(self) -> Sequence[Line]:
        one = self.here
        if one is None:
            return about.told("there is no case where they part")
        pairwise = self.view.pairwise if self.view else None
        return about.told(
            one.row.id,
            one_line(f"passed by {', '.join(one.passes)}; failed by {', '.join(one.fails)}", 400),
            about.pressing("do", "shows where it fails; there d marks what differs"),
            f"let people choose without names: {pairwise}" if pairwise else "",
        )

    def _page(self, direction: int) -> None:
        """The answer is the text to read here; then the difference beside the list."""
        if not self.answer.page(direction):
            super()._page(direction)

    # Keys.

    def action_filter(self) -> None:
        rows = [one.row for one in self.view.parted] if self.view else []
        self.app.push_screen(FilterDialog(self.filter, run_parts.hints(rows)), self._filter)

    def _filter(self, text: str | None) -> None:
        if text is not None and text != self.filter:
            self.filter = text
            self._choose(self.here.row.id if self.here else None)

    def action_copy(self) -> None:
        if self.here is None:
            self.say("there is no case to copy the id of")
        else:
            self.app.copy_to_clipboard(self.here.row.id)
            self.say(f"copied {self.here.row.id}")
