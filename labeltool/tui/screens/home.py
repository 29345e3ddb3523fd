"""The home screen: where the dataset stands, and the one next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from labeltool.commands.context import Context
from labeltool.commands.home import Standing, standing
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.screens.home_parts import Offer, lines_of, offers
from labeltool.tui.screens.home_round import Rounds
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.label_parts import work_line
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.pane import Pane
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH
from labeltool.tui.widgets.text import Line

LOOK_EVERY_S = 2.0
"""How often settings and branch are looked at: both may change in another terminal."""


class Overview(Pane, inherit_bindings=False):
    """Where one can go, with a cursor, over the sections of the home screen."""

    @dataclass
    class Chosen(Message):
        """A click on the row that has the cursor."""

    def __init__(self) -> None:
        super().__init__("", id="next")
        self._standing: Standing | None = None
        self.offers: list[Offer] = []
        self.cursor = 0

    @property
    def offer(self) -> Offer | None:
        return self.offers[self.cursor] if self.offers else None

    def show(self, standing: Standing) -> None:
        here = self.offer
        self._standing, self.offers = standing, offers(standing)
        same = [row for row, one in enumerate(self.offers) if here and one.words == here.words]
        self.cursor = same[0] if same else 0
        self.title = one_line(standing.facts.stage.words, 60)
        self.relayout()

    def move(self, step: int) -> bool:
        """The cursor one row on; False where there is no row that way."""
        row = self.cursor + step
        if not 0 <= row < len(self.offers):
            return False
        self.cursor = row
        self.relayout()
        self.reveal(row)
        return True

    def wrapped(self, width: int) -> Sequence[Content]:
        return lines_of(self._standing, width, self.cursor) if self._standing else ()

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + round(self.scroll_offset.y)
        if event.y >= 1 and 0 <= row < len(self.offers):
            if row == self.cursor:
                self.post_message(self.Chosen())
            else:
                self.move(row - self.cursor)


class HomeScreen(Rounds):
    KEYS: ClassVar[str] = keys.HOME
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("home.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.HOME))

    def __init__(
        self,
        ctx: Context,
        dataset: str | None,
        annotator: str | None,
        label: Callable[..., LabelScreen],
        chose: Callable[[str], None],
    ):
        """`label` makes the label screen, with a filter or an order; `chose` is told a dataset."""
        super().__init__()
        self._ctx, self._dataset, self._annotator = ctx, dataset, annotator
        self._label, self._chose = label, chose
        self.standing: Standing | None = None
        self._notice: tuple[str, ...] | None = ("reading…",)
        self._broken = False
        """Whether the files could not be read last time."""

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        yield Overview()
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(LOOK_EVERY_S, self._look_around)

    def on_screen_resume(self) -> None:
        """At first, and whenever one comes back."""
        self.read()

    def on_resize(self) -> None:
        self.draw()

    @work(thread=True, exclusive=True, group="read")
    def read(self) -> None:
        try:
            self._ctx.renew()
            found = standing(self._ctx, dataset=self._dataset, annotator=self._annotator)
        except LabeltoolError as error:
            self.app.call_from_thread(self.failed, error)
        else:
            self.app.call_from_thread(self.show, found)

    def _look_around(self) -> None:
        if self.app.screen is self:
            self.look()

    @work(thread=True, exclusive=True, group="look")
    def look(self) -> None:
        """Read again where another branch was checked out, or the settings were edited."""
        try:
            changed = self._ctx.renew()
        except LabeltoolError as error:
            self.app.call_from_thread(self.failed, error)
        else:
            if changed or self._broken:
                self.app.call_from_thread(self.read)

    def show(self, found: Standing) -> None:
        self._broken = False
        self.standing, self._notice = found, None
        self.query_one(Overview).show(found)
        self.draw()

    def failed(self, error: LabeltoolError) -> None:
        self._broken = True
        self._notice = (str(error), *([error.hint] if error.hint else []))
        self.draw()

    def on_key(self, event: events.Key) -> None:
        if self.standing is not None:
            self._draw_work(self.standing)
        if event.is_printable and not keys.does_something(keys.HOME, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    def say(self, words: str) -> None:
        self.query_one("#work", Ends).show(Content.styled(one_line(words), "$needs"))

    @on(Overview.Chosen)
    def action_do(self) -> None:
        offer = self.query_one(Overview).offer
        if self.standing is None or offer is None:
            self.say("still reading")
        elif offer.does == "say":
            self.say(offer.value)
        elif offer.does == "place":
            self.call_later(self.app.run_action, f"app.go({offer.value!r})")
        elif offer.does == "dataset":
            self._dataset = offer.value
            self._chose(offer.value)
            self.read()
        elif offer.does == "open":
            self.look_ahead(self.standing.dataset)
        elif offer.does == "close":
            self.ask_to_close()
        elif offer.does == "snapshot":
            self.app.push_screen(self._label(system=offer.value))
        else:
            order = "next" if offer.does == "settle" else None
            self.app.push_screen(self._label(filter=offer.value, order=order))

    def action_inbox(self) -> None:
        self.call_later(self.app.run_action, f"app.go({keys.INBOX!r})")

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        if not self.query_one(Overview).move(step):
            self.say("this is the last row" if step > 0 else "this is the first row")

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        if not self.query_one(Overview).page(direction):
            self.say("all of it is on screen" if direction > 0 else "this is its beginning")

    def explain(self) -> list[Line]:
        return about.offer_lines(self.query_one(Overview).offer)

    def action_back(self) -> None:
        self.app.exit()

    def draw(self) -> None:
        notice = self._notice
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"{LEAST_WIDTH}x{LEAST_HEIGHT} is the least")
        self.set_class(notice is not None, "-notice")
        if notice is not None:
            self.query_one(Notice).show(*notice)
        left = Content.styled("labeltool", "bold $strong")
        right = Content("")
        if self.standing is not None:
            left += Content(f"   {one_line(self.standing.dataset, 40)}")
            where = [
                self.standing.annotator,
                *([self.standing.branch] if self.standing.branch else []),
            ]
            right = Content.styled(one_line(" · ".join(where), 40), "$quiet")
            self._draw_work(self.standing)
        self.query_one("#place", Ends).show(left, right)
        self.query_one(KeyBar).show(*keys.footer(keys.HOME))

    def _draw_work(self, found: Standing) -> None:
        """Where my decisions are, and what no remote has yet."""
        work, remote = found.facts.work, found.facts.remote
        if work is None:
            left = Content.styled("! not in a git repository: nothing can be saved", "$needs")
        else:
            left = work_line(work) or Content.styled("✓ all committed", "$quiet")
        words = "" if remote is None else f"sync: ↑{remote.ahead} ↓{remote.behind}"
        self.query_one("#work", Ends).show(left, Content.styled(words, "$quiet"))
