"""The runs screen: which runs are remembered here, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from labeltool.commands.context import Context
from labeltool.commands.runs import RunEntry, Runs, runs, stamp
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.screens import runs_parts as parts
from labeltool.tui.screens.listing import ListingScreen, words_of
from labeltool.tui.screens.run import RunScreen
from labeltool.tui.screens.run_case import Doors
from labeltool.tui.widgets.text import Line

LOOK_EVERY_S = 2.0
"""How often the folder of runs is looked at: another terminal may have finished one."""


class RunsScreen(ListingScreen):
    """Newest first; a key marks the one that the next one opened stands beside."""

    KEYS = keys.RUNS
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("runs.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.RUNS))

    @dataclass
    class Read(Message):
        runs: Runs
        stamp: tuple[int, ...]

    @dataclass
    class Failed(Message):
        error: LabeltoolError

    def __init__(self, ctx: Context, dataset: str | None, doors: Doors):
        super().__init__()
        self._ctx, self._dataset, self._doors = ctx, dataset, doors
        self.runs = Runs(())
        self.shown: list[RunEntry] = []
        self.filter = ""
        self.marked: RunEntry | None = None
        self._stamp: tuple[int, ...] | None = None
        self._looked = self._reading = False
        self._error: LabeltoolError | None = None

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(LOOK_EVERY_S, self.look)

    def on_screen_resume(self) -> None:
        """At first, and whenever one comes back."""
        self.look()

    # Reading.

    def look(self) -> None:
        """Read again where the folder of runs has changed."""
        if self.app.screen is self and not self._reading:
            self._reading = True
            self.read(self._stamp)

    @work(thread=True)
    def read(self, known: tuple[int, ...] | None) -> None:
        try:
            now = stamp(self._ctx)
            found = self.runs if now == known else runs(self._ctx, dataset=self._dataset)
        except LabeltoolError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Read(found, now))

    @on(Read)
    def was_read(self, message: Read) -> None:
        self._reading, self._error = False, None
        if message.runs is self.runs and self._looked:
            return
        newer = len(message.runs.entries) - len(self.runs.entries) if self._looked else 0
        at = self.here.id if self.here else None
        self.runs, self._stamp, self._looked = message.runs, message.stamp, True
        self._choose(at)
        if newer > 0:
            self.say(f"{newer} new run{'' if newer == 1 else 's'}")

    @on(Failed)
    def failed(self, message: Failed) -> None:
        self._reading, self._error = False, message.error
        self.draw()

    def _choose(self, at: str | None) -> None:
        """What the filter shows, with the cursor on the run it was on."""
        holds = parts.run_wanted(self.filter)
        self.shown = [one for one in self.runs.entries if holds(one)]
        ids = [one.id for one in self.shown]
        self.entries.cursor = ids.index(at) if at in ids else 0
        self.draw()

    # Drawing.

    @property
    def here(self) -> RunEntry | None:
        row = self.entries.cursor
        return self.shown[row] if row < len(self.shown) else None

    def draw(self) -> None:
        self.notice = self._nothing()
        super().draw()
        filtered = f"filter: {one_line(self.filter, 30)}   " if self.filter else ""
        many = len(self.shown)
        count = f"{many} run{'' if many == 1 else 's'}" if self._looked else ""
        self.place.show(
            Content.styled("runs", "bold $strong"),
            Content.assemble((filtered, "$needs"), (count, "$quiet")),
        )
        self._draw_list()
        self._draw_text()

    def _nothing(self) -> tuple[str, ...] | None:
        if self._error is not None:
            return words_of(self._error)
        if not self._looked:
            return ("reading…",)
        if self.shown:
            return None
        if self.filter and self.runs.entries:
            return ("no run like that", self.filter, about.pressing("filter", "changes the filter"))
        return ("no run yet", "what `labeltool run` finds comes here", "type: labeltool run")

    def _draw_list(self) -> None:
        shown, found = self.shown, self.runs
        marked = self.marked.id if self.marked else None
        dated = (one.head.created_at[:4] for one in shown if one.head)
        year = next(dated, "")

        def draw(row: int, width: int) -> Content:
            one = shown[row]
            return parts.run_row(one, found, width, year=year, marked=one.id == marked)

        self.entries.title = "newest first"
        self.entries.note = f"{found.more:,} older ones are not shown" if found.more else ""
        self.entries.show(len(shown), draw)
        room = max(4, (self.size.height - 3) // 3)
        self.entries.styles.height = "1fr" if self.is_wide else min(len(shown) + 1, room)

    def _draw_text(self) -> None:
        entry = self.here
        if entry is not None:
            self.detail.title = f"run {one_line(entry.id.rpartition('-')[2], 24)}"
            width = self.size.width * 2 // 5 if self.is_wide else self.size.width
            lines: list[Line] = parts.summary_lines(entry, self.runs, width=width)
            self.detail.show(lines)

    def moved(self) -> None:
        self._draw_text()

    def opened(self) -> None:
        entry, other = self.here, self.marked
        if entry is None:
            self.say("there is no run to open")
        elif entry.head is None:
            self.say("it has no results to open: what to do about it stands below")
        elif other is not None and other.id != entry.id:
            self.app.push_screen(RunScreen(self._ctx, entry, other, self._doors))
        else:
            self.app.push_screen(RunScreen(self._ctx, entry, None, self._doors))

    def about_row(self) -> Sequence[Line]:
        entry = self.here
        if entry is None:
            return about.told("there is no run under the cursor")
        if entry.head is None:
            return about.told(entry.id, entry.why or "", "it has no results to open")
        head = entry.head
        marked = self.marked is not None and self.marked.id != entry.id
        return about.told(
            f"the run of {head.system.name}, {head.created_at.replace('T', ' ')}",
            one_line(f"{head.verdict}: {head.why}", 400),
            about.pressing("do", "opens it beside the marked one" if marked else "opens its cases"),
            about.pressing("mark", "marks it; the next one opened stands beside it"),
        )

    # Keys.

    def action_mark(self) -> None:
        entry = self.here
        if entry is None or entry.head is None:
            self.say("only a run with results can be marked")
            return
        self.marked = None if self.marked and self.marked.id == entry.id else entry
        self._draw_list()
        if self.marked:
            self.say(f"{keys.shown('do')} on another run shows the two side by side")
        else:
            self.say("not marked any more")

    def action_filter(self) -> None:
        systems = sorted({one.head.system.name for one in self.runs.entries if one.head})
        known = Line(Content(one_line(", ".join(systems[:12]))), Content("systems "), 8)
        self.app.push_screen(FilterDialog(self.filter, [known]), self._filter)

    def _filter(self, text: str | None) -> None:
        if text is not None and text != self.filter:
            self.filter = text
            self._choose(self.here.id if self.here else None)

    def action_copy(self) -> None:
        entry = self.here
        if entry is None:
            self.say("there is no run to copy the id of")
        else:
            self.app.copy_to_clipboard(entry.id)
            self.say(f"copied {entry.id}")
