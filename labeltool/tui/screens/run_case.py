"""The screen of one case of a run: what went in, what came out, and how it was graded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen

from labeltool.commands.context import Context
from labeltool.commands.inbox_send import send
from labeltool.commands.runs import RunEntry
from labeltool.commands.runs_case import CaseDetail, detail, short_name
from labeltool.commands.runs_cases import CaseRow
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.screens import run_case_parts as parts
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.listing import words_of
from labeltool.tui.spread import WIDE
from labeltool.tui.texts import Look
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.pane import Pane
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH, Body
from labeltool.tui.widgets.text import Line, TextPane
from labeltool.tui.widgets.verdict import VerdictPane

MODES: tuple[parts.Mode, ...] = ("plain", "expected", "other")


class Doors(NamedTuple):
    """What the screens of runs need of the app. label: makes a label screen. seen: is told which
    output's machine scores were on screen (case, hash of the output).
    """

    label: Callable[..., LabelScreen]
    seen: Callable[[str, str | None], None]


class Place(NamedTuple):
    """Where a case's result stands, and the same case in another run."""

    entry: RunEntry
    row: CaseRow
    other: RunEntry | None = None
    there: CaseRow | None = None

    def read(self, ctx: Context) -> CaseDetail:
        """Raises DataError where the run cannot be read any more."""
        beside = (self.other, self.there) if self.other and self.there else None
        return detail(ctx, self.entry, self.row, beside)


class RunCaseScreen(Screen[int]):
    """Goes from case to case of a list, and answers with the place it was left at."""

    KEYS: ClassVar[str] = keys.CASE
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("run_case.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.CASE))
    AUTO_FOCUS: ClassVar[str | None] = "#output"
    body = query_one(Body)
    input = query_one("#input", TextPane)
    output = query_one("#output", TextPane)
    beside = query_one("#expected", TextPane)
    verdict = query_one(VerdictPane)

    @dataclass
    class Read(Message):
        index: int
        found: CaseDetail

    @dataclass
    class Failed(Message):
        index: int
        error: LabeltoolError

    @dataclass
    class Sent(Message):
        """A case was sent to the inbox; `bad` where it was not."""

        words: str
        bad: bool = False

    def __init__(
        self, ctx: Context, place: Callable[[int], Place], count: int, index: int, doors: Doors
    ):
        super().__init__()
        self._ctx, self._place, self._count, self._doors = ctx, place, count, doors
        self.index = index
        self.found: CaseDetail | None = None
        self.mode: parts.Mode = "plain"
        self._look = Look()
        self._focused = 0
        self._error: LabeltoolError | None = None

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        yield Ends(id="case")
        with Body():
            yield TextPane("input", id="input")
            yield TextPane("output", id="output")
            yield TextPane("expected", id="expected")
            yield VerdictPane(id="verdict")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.draw()
        self.read(self.index, self._place(self.index))

    # Reading.

    @work(thread=True, exclusive=True)
    def read(self, index: int, place: Place) -> None:
        try:
            self.post_message(self.Read(index, place.read(self._ctx)))
        except LabeltoolError as error:
            self.post_message(self.Failed(index, error))

    @on(Read)
    def was_read(self, message: Read) -> None:
        if message.index == self.index:
            self.found, self._error, self._focused = message.found, None, 0
            result = message.found.result
            self._doors.seen(result.id, result.output_hash)
            self.draw()

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if message.index == self.index:
            self.found, self._error = None, message.error
            self.draw()

    # Drawing.

    @property
    def focused_criterion(self) -> str | None:
        known = parts.criteria(self.found) if self.found else ()
        return known[self._focused] if self._focused < len(known) else None

    def draw(self) -> None:
        notice = words_of(self._error) if self._error else None
        if self.found is None and notice is None:
            notice = ("reading…",)
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(notice is not None, "-notice")
        if notice is not None:
            self.query_one(Notice).show(*notice)
        place = self._place(self.index)
        name = f"run {one_line(short_name(place.entry), 40)}"
        title = Content.styled(name, "bold $strong")
        if place.other is not None:
            beside = one_line(short_name(place.other), 40)
            title += Content.assemble((" beside ", "$quiet"), (beside, "$focus"))
        number = Content.styled(f"{self.index + 1:,} of {self._count:,}", "$quiet")
        self.query_one("#place", Ends).show(title, number)
        self.query_one(KeyBar).show(*keys.footer(self.KEYS))
        if self.found is None:
            self.query_one("#case", Ends).show(Content(one_line(place.row.id)))
        else:
            edges = parts.case_line(self.found, place.row.side)
            self.query_one("#case", Ends).show(*edges)
            self._draw_texts(self.found)
            self._draw_verdict(self.found)
            self.body.share()

    def _draw_texts(self, found: CaseDetail) -> None:
        wide = self.size.width >= WIDE
        page = parts.pages(found, self.mode, self._look, wide=wide, focused=self.focused_criterion)
        self.input.show(page.input)
        self.output.title = page.title
        self.output.show(page.output)
        self.beside.title = page.beside_title
        self.beside.show(page.beside)

    def _draw_verdict(self, found: CaseDetail) -> None:
        focused = self.focused_criterion
        reasons = [*parts.reason_lines(found, focused), *parts.fact_lines(found)]
        self.verdict.show_verdict(parts.criterion_lines(found, focused), reasons)

    def say(self, words: str, *, bad: bool = False) -> None:
        """Words in the line above the keys, until the next key."""
        content = Content.styled(one_line(words), "$bad" if bad else "$needs")
        self.query_one("#work", Ends).show(content)

    def on_resize(self) -> None:
        self.draw()

    def on_key(self, event: events.Key) -> None:
        self.query_one("#work", Ends).show(Content(""))
        if event.is_printable and not keys.does_something(self.KEYS, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    # Keys.

    def action_next(self) -> None:
        self._step(1)

    def action_previous(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        index = self.index + step
        if not 0 <= index < self._count:
            self.say("this is the last case" if step > 0 else "this is the first case")
            return
        self.index = index
        self.read(index, self._place(index))

    def action_down(self) -> None:
        self._pick(self._focused + 1)

    def action_up(self) -> None:
        self._pick(self._focused - 1)

    @on(VerdictPane.Picked)
    def picked(self, message: VerdictPane.Picked) -> None:
        self._pick(message.index)

    def _pick(self, index: int) -> None:
        """Focus a criterion: what was said of it, its quotes marked in the texts."""
        if self.found is None:
            self.say("there is no case on screen yet")
        elif not 0 <= index < len(parts.criteria(self.found)):
            self.say("that was the last criterion" if index > 0 else "this is the first criterion")
        else:
            self._focused = index
            if self.mode == "plain":
                self._draw_texts(self.found)
            self._draw_verdict(self.found)
            self.body.share()

    def action_difference(self) -> None:
        """Plain, then against expected, then against the other run; what cannot be is left out."""
        found = self.found
        if found is None or found.result.output is None:
            self.say("there is no output to compare")
            return
        can = {
            "plain": True,
            "expected": bool(found.case and found.case.acceptable),
            "other": found.other is not None and found.other.output is not None,
        }
        at = MODES.index(self.mode)
        order = [*MODES[at + 1 :], *MODES[: at + 1]]
        self.mode = next(mode for mode in order if can[mode])
        self._draw_texts(found)
        self.body.share()
        if self.mode == "plain":
            self.say("as it is" if can["other"] else parts.other_words(found.other))
        else:
            other = found.other.name if found.other else ""
            against = "expected" if self.mode == "expected" else other
            self.say(f"against {against}; {keys.shown('difference')} goes on")

    def action_pretty(self) -> None:
        self._look = self._look._replace(pretty=not self._look.pretty)
        if self.found is not None:
            self._draw_texts(self.found)
            self.body.share()
        self.say("JSON is laid out" if self._look.pretty else "as it is")

    def action_do(self) -> None:
        """Label this output, where a snapshot holds it; else say how to record it."""
        found = self.found
        if found is None:
            self.say("there is no output on screen yet")
        elif found.label_in is None:
            self.say(f"no snapshot holds this output; record it: {found.record}")
        else:
            screen = self._doors.label(
                found.result.id, system=found.label_in, dataset=found.head.dataset
            )
            self.app.push_screen(screen)

    def action_inbox(self) -> None:
        if self.found is None:
            self.say("there is no case on screen yet")
        else:
            self.say("into the inbox…")
            self.send(self.found)

    @work(thread=True, group="send")
    def send(self, found: CaseDetail) -> None:
        try:
            self.post_message(self.Sent(send(self._ctx, found)))
        except LabeltoolError as error:
            self.post_message(self.Sent("; ".join(words_of(error)), bad=True))

    @on(Sent)
    def sent(self, message: Sent) -> None:
        self.say(message.words, bad=message.bad)

    def action_copy(self) -> None:
        case = self._place(self.index).row.id
        self.app.copy_to_clipboard(case)
        self.say(f"copied {case}")

    def action_pane(self, step: int) -> None:
        if step > 0:
            self.focus_next(Pane)
        else:
            self.focus_previous(Pane)

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        pane = self.focused if isinstance(self.focused, Pane) else self.output
        if not pane.page(direction):
            self.say(f"{pane.id} {'ends' if direction > 0 else 'begins'} here")

    def explain(self) -> list[Line]:
        if self.found is None:
            return about.told("there is no case on screen yet")
        row = self._place(self.index).row
        head = about.told(row.id, about.pressing("do", "opens the output to label it by hand"))
        focused = self.focused_criterion
        said = parts.reason_lines(self.found, focused) if focused else []
        return [*head, *about.told(focused.replace("_", " ") if focused else ""), *said]

    def action_back(self) -> None:
        self.dismiss(self.index)
