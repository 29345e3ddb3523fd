"""What a screen with a list and a text beside it shares: the frame, the words, the sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen

from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.spread import WIDE
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.rows import RowsPane
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH
from labeltool.tui.widgets.text import Line, TextPane


class ListingScreen(Screen[None]):
    """A list over a text, side by side from WIDE columns on. A subclass reads and draws."""

    KEYS: ClassVar[str]
    DEFAULT_CSS = """
    ListingScreen {
        background: $background;
        #body { height: 1fr; layout: vertical; }
        #notice { display: none; }
        &.-notice #body { display: none; }
        &.-notice #notice { display: block; }
        &.-wide #body { layout: horizontal; }
    }
    """
    place = query_one("#place", Ends)
    entries = query_one("#entries", RowsPane)
    detail = query_one("#detail", TextPane)
    work = query_one("#work", Ends)

    def __init__(self) -> None:
        super().__init__()
        self.notice: tuple[str, ...] | None = ("reading…",)
        """Words instead of the list."""

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        with Container(id="body"):
            yield RowsPane("", id="entries")
            yield TextPane("", id="detail")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    # What a subclass says.

    def draw(self) -> None:
        """Show all that is known; called on every change of size, too."""
        notice = self.notice
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(notice is not None, "-notice")
        self.set_class(self.is_wide, "-wide")
        if notice is not None:
            self.query_one("#notice", Notice).show(*notice)
        self.query_one(KeyBar).show(*keys.footer(self.KEYS))

    def moved(self) -> None:
        """The cursor went to another row."""

    def opened(self) -> None:
        """The row under the cursor was clicked once more, or chosen."""

    # The frame.

    @property
    def is_wide(self) -> bool:
        return self.size.width >= WIDE

    def rest(self, error: LabeltoolError) -> None:
        """An error instead of the list."""
        self.notice = words_of(error)
        self.draw()

    def say(self, words: str, *, bad: bool = False) -> None:
        """Words in the line above the keys, until the next key."""
        self.work.show(Content.styled(one_line(words), "$bad" if bad else "$needs"))

    def on_resize(self) -> None:
        self.draw()

    def on_key(self, event: events.Key) -> None:
        self.work.show(Content(""))
        if event.is_printable and not keys.does_something(self.KEYS, event.key):
            drawn = one_line(event.character or event.key)
            self.say(f"{drawn} does nothing here; {keys.shown('help')} lists the keys")

    @on(RowsPane.Picked)
    def picked(self, message: RowsPane.Picked) -> None:
        if message.again:
            self.opened()
        else:
            self.moved()

    def action_do(self) -> None:
        self.opened()

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        if self.notice is not None:
            self.say("there is no list to move in")
        elif self.entries.pick(self.entries.cursor + step):
            self.moved()
        else:
            self.say("this is the last one" if step > 0 else "this is the first one")

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        if self.detail.display:
            if not self.detail.page(direction):
                self.say(f"{self.detail.title} {'ends' if direction > 0 else 'begins'} here")
        elif self.entries.page(direction):
            self.moved()
        else:
            self.say(f"the list {'ends' if direction > 0 else 'begins'} here")

    def explain(self) -> list[Line]:
        """The row under the cursor."""
        if self.notice is not None:
            return about.told(*self.notice)
        return list(self.about_row())

    def about_row(self) -> Sequence[Line]:
        """What the row under the cursor is, and what enter does with it."""
        raise NotImplementedError

    def action_back(self) -> None:
        self.dismiss()


def words_of(error: LabeltoolError) -> tuple[str, ...]:
    """What is wrong, and the next step."""
    return (str(error), error.hint) if error.hint else (str(error),)
