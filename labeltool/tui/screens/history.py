"""The history screen: who decided what, what it changed, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from labeltool.commands.context import Context
from labeltool.commands.history import Row, rows
from labeltool.commands.history_changes import FileChange, changes
from labeltool.commands.undo import redo, take_back
from labeltool.errors import CommitHeld, LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.screens import history_parts as parts
from labeltool.tui.screens.listing import ListingScreen, words_of
from labeltool.tui.widgets.text import Line

FIRST, BATCH, AHEAD = 60, 500, 1000
"""Decisions read before the first paint, at a time after it, and kept ready below the cursor."""


class HistoryScreen(ListingScreen):
    """Reads as far as one looks: a filter reads on to the end."""

    KEYS = keys.HISTORY
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("history.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.HISTORY))

    @dataclass
    class Read(Message):
        """More decisions; of an earlier reading they come too late."""

        reading: int
        rows: list[Row]
        ended: bool

    @dataclass
    class Failed(Message):
        reading: int
        error: LabeltoolError

    @dataclass
    class Changed(Message):
        commit: str
        files: tuple[FileChange, ...]

    @dataclass
    class TookBack(Message):
        words: str
        bad: bool = False

    def __init__(self, ctx: Context, annotator: str | None):
        super().__init__()
        self._ctx, self._asked_for = ctx, annotator
        self.me: str | None = annotator
        self.rows: list[Row] = []
        self.shown: list[Row] = []
        self.filter = ""
        self._files: dict[str, tuple[FileChange, ...]] = {}
        self._reading = 0
        self._source: Iterator[Row] = iter(())
        self._busy = self._ended = self._open = False
        self._at: str | None = None
        """The commit to have under the cursor again once it is read."""
        self._error: LabeltoolError | None = None

    def on_mount(self) -> None:
        self.begin()
        self.draw()

    def on_unmount(self) -> None:
        self._reading += 1

    # Reading.

    def begin(self) -> None:
        """Read from the newest decision on, as on first sight."""
        self._reading += 1
        self.rows, self.shown, self._ended, self._error = [], [], False, None
        self.read(self._reading, None, FIRST)

    @work(thread=True, group="read")
    def read(self, reading: int, source: Iterator[Row] | None, many: int) -> None:
        try:
            if source is None:
                source = self._source = self._start()
            found = list(islice(source, many))
        except LabeltoolError as error:
            self.post_message(self.Failed(reading, error))
        else:
            self.post_message(self.Read(reading, found, len(found) < many))

    def _start(self) -> Iterator[Row]:
        self._ctx.history.adopt_branch()
        try:
            self.me = self._ctx.annotator(self._asked_for)
        except LabeltoolError:
            self.me = None  # everything can be read; taking back will say what is missing
        return rows(self._ctx, annotator=self.me)

    @on(Read)
    def was_read(self, message: Read) -> None:
        if message.reading != self._reading:
            return
        self._busy, self._ended = False, message.ended
        self.rows += message.rows
        holds = parts.wanted(self.filter)
        self.shown += [row for row in message.rows if holds(row)]
        self._settle()
        self._read_on()
        self.draw()

    def _settle(self) -> None:
        """Back to the decision that one stood at before everything was read again."""
        at = self._at
        found = next((i for i, row in enumerate(self.shown) if row.decided.commit == at), None)
        if at is not None and found is not None:
            self.entries.cursor, self._at = found, None

    def _read_on(self) -> None:
        near = len(self.shown) - self.entries.cursor < AHEAD
        if near and not self._busy and not self._ended and self.rows:
            self._busy = True
            self.read(self._reading, self._source, BATCH)

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if message.reading == self._reading:
            self._busy, self._ended, self._error = False, True, message.error
            self.draw()

    # Drawing.

    def draw(self) -> None:
        if self.rows or self._ended:
            self.notice = self._nothing()
        super().draw()
        filtered = f"filter: {one_line(self.filter, 40)}   " if self.filter else ""
        count = f"{len(self.shown):,}{'' if self._ended else '+'} decisions"
        self.place.show(
            Content.styled("history", "bold $strong"),
            Content.assemble((filtered, "$needs"), (count if self.rows else "", "$quiet")),
        )
        self.detail.display = self.is_wide or self._open
        self._draw_list()
        self._draw_text()

    def _nothing(self) -> tuple[str, ...] | None:
        if self._error is not None:
            return words_of(self._error)
        if self.shown:
            return None
        if not self.rows:
            return ("nothing was decided yet", "a label, a resolution, a verified case come here")
        if not self._ended:
            return ("looking…",)
        return (
            "nothing like that was decided",
            self.filter,
            about.pressing("filter", "changes the filter"),
        )

    def _draw_list(self) -> None:
        widths = parts.columns(self.rows[:BATCH])
        year = (self.rows[0].decided.at or "")[:4] if self.rows else ""

        shown = self.shown

        def draw(row: int, width: int) -> Content:
            return parts.decision_row(shown[row], widths, width, me=self.me, year=year)

        self.entries.title = "who decided what"
        self.entries.show(len(self.shown), draw, complete=self._ended)

    @property
    def here(self) -> Row | None:
        row = self.entries.cursor
        return self.shown[row] if row < len(self.shown) else None

    def _draw_text(self) -> None:
        row = self.here
        if row is None or not self.detail.display:
            return
        commit = row.decided.commit
        self.detail.title = "what changed"
        files = self._files.get(commit or "")
        if files is None and commit is not None:
            self.look(commit, row.paths)
        self.detail.show(parts.decision_lines(row, files if commit else ()))

    @work(thread=True, exclusive=True, group="look")
    def look(self, commit: str, paths: tuple[str, ...]) -> None:
        try:
            found = changes(self._ctx, commit, paths, annotator=self.me)
        except LabeltoolError as error:
            self.post_message(self.TookBack(str(error), bad=True))
        else:
            self.post_message(self.Changed(commit, found))

    @on(Changed)
    def changed(self, message: Changed) -> None:
        self._files[message.commit] = message.files
        row = self.here
        if row is not None and row.decided.commit == message.commit:
            self._draw_text()

    def moved(self) -> None:
        self._at = None
        self._read_on()
        self._draw_text()

    def opened(self) -> None:
        scrolls = about.pressing("page-down", "scrolls it")
        if self.here is None:
            self.say("there is no decision to look at")
        elif self.is_wide:
            self.say(f"what it changed stands beside the list; {scrolls}")
        elif self._open:
            closes = about.pressing("back", "closes it")
            self.say(f"what it changed stands below the list; {scrolls}, {closes}")
        else:
            self._open = True
            self.draw()
            self.call_after_refresh(self.entries.reveal, self.entries.cursor)

    def about_row(self) -> Sequence[Line]:
        row = self.here
        if row is None:
            return about.told("there is no decision under the cursor")
        by = f"{row.decided.kind} by {row.decided.who or 'nobody named'}, {row.decided.at or ''}"
        mine = row.decided.who is not None and row.decided.who == self.me
        back = about.pressing("undo", "takes it back, by a new commit")
        return about.told(
            parts.sentence(row.decided),
            one_line(by, 200),
            "it was taken back since" if row.taken_back else "",
            about.pressing("do", "shows what it changed"),
            back if mine and not row.taken_back else "",
        )

    # Keys.

    def action_back(self) -> None:
        if self._open and not self.is_wide and self.notice is None:
            self._open = False
            self.draw()
        else:
            self.dismiss()

    def action_filter(self) -> None:
        self.app.push_screen(FilterDialog(self.filter, parts.hints(self.rows)), self._filter)

    def _filter(self, text: str | None) -> None:
        if text is None or text == self.filter:
            return
        self.filter = text
        holds = parts.wanted(text)
        at = self.here.decided.commit if self.here else None
        self.shown = [row for row in self.rows if holds(row)]
        commits = [row.decided.commit for row in self.shown]
        self.entries.cursor = commits.index(at) if at in commits else 0
        self._read_on()
        self.draw()

    def action_copy(self) -> None:
        case = self.here.decided.case if self.here else None
        if case is not None:
            self.app.copy_to_clipboard(case)
        self.say(f"copied {case}" if case else "this decision is about no single case")

    def action_undo(self) -> None:
        row = self.here
        if row is None or row.decided.commit is None:
            self.say("there is no decision to take back")
        else:
            self.take(row.decided.commit)

    def action_redo(self) -> None:
        self.take(None)

    @work(thread=True, group="take")
    def take(self, commit: str | None) -> None:
        """Take that decision back; without one, bring back what was taken back last."""
        done = "brought back" if commit is None else "taken back"
        try:
            if commit is None:
                found = redo(self._ctx, annotator=self._asked_for)
            else:
                found = take_back(self._ctx, commit, annotator=self._asked_for)
        except CommitHeld as error:
            told = self.TookBack(f"{done} on disk; the commit waits: {error.message}", bad=True)
        except LabeltoolError as error:
            hint = f" ({error.hint})" if error.hint else ""
            told = self.TookBack(f"{error}{hint}", bad=True)
        else:
            told = self.TookBack(f"{done}: {found.subject}")
        self.post_message(told)

    @on(TookBack)
    def took_back(self, message: TookBack) -> None:
        if not message.bad and self.here is not None:
            self._at = self.here.decided.commit
            self.begin()
        self.say(message.words, bad=message.bad)
