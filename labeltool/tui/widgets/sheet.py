"""All that the label screen draws: the lines at the edges, the four panes, and the notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.layout import Layout

from labeltool.commands.label_session import Session
from labeltool.commands.label_view import View
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_view import RubricPast
from labeltool.rules.queue import Item
from labeltool.tui import keys, texts
from labeltool.tui.pen import Pen
from labeltool.tui.screens import label_parts as parts
from labeltool.tui.screens.rubric_parts import past_lines
from labeltool.tui.spread import WIDE, Needy, ScoreNeed, Spread, share
from labeltool.tui.walk import Walk
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.pane import Pane
from labeltool.tui.widgets.scores import ScorePane
from labeltool.tui.widgets.text import TextPane

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class Body(Container):
    """Input, output, expected and score, placed by `Spread`."""

    _spread = Spread()

    @property
    def layout(self) -> Layout:
        """Styles name only Textual's own layouts; the widget itself may bring another."""
        return self._spread

    def share(self) -> None:
        """Lay out again, where the texts want other shares of the room than they have."""
        *panes, score = self.children
        shares = share(self.size, [cast("Needy", p) for p in panes], cast("ScoreNeed", score))
        if any(
            pane.outer_size != region.size
            for pane, region in zip(self.children, shares, strict=True)
        ):
            self.refresh(layout=True)


class Sheet(Container):
    """Draws what it is told; knows no keys and keeps no label."""

    DEFAULT_CSS = """
    Sheet {
        Body { height: 1fr; }
        Notice { display: none; }
        &.-notice Body { display: none; }
        &.-notice Notice { display: block; }
    }
    """

    place = query_one("#place", Ends)
    case = query_one("#case", Ends)
    work = query_one("#work", Ends)
    body = query_one(Body)
    input = query_one("#input", TextPane)
    output = query_one("#output", TextPane)
    expected = query_one("#expected", TextPane)
    score = query_one(ScorePane)
    notice = query_one(Notice)
    keybar = query_one(KeyBar)

    def __init__(self) -> None:
        super().__init__()
        self._about: tuple[str, str, bool] | None = None
        """Criterion and case that the past on screen is about."""

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        yield Ends(id="case")
        with Body():
            yield TextPane("input", id="input")
            yield TextPane("output", id="output")
            yield TextPane("expected", id="expected")
            yield ScorePane(id="score")
        yield Notice()
        yield Ends(id="work")
        yield KeyBar()

    def show_view(self, view: View, look: texts.Look) -> None:
        """Another case, or another look at it: its texts from their first lines."""
        pages = texts.pages(view, look, wide=self.size.width >= WIDE)
        self.input.show(pages.input)
        self.output.title = pages.title
        self.output.show(pages.output, note=texts.output_note(view))
        self.expected.show(pages.expected)
        self.body.share()

    def show_place(self, session: Session | None, walk: Walk) -> None:
        if session is None:
            self.place.show(Content("labeltool"))
            return
        number = session.round.number if session.round else None
        self.place.show(*parts.place_line(session.dataset, number, walk))

    def show_label(self, pen: Pen | None, item: Item | None, past: RubricPast | None) -> None:
        if pen is None or item is None:
            self.case.show(Content(""))
            return
        self.case.show(*parts.case_line(pen.view, item, pen.draft))
        self.score.show(pen.view, pen.draft, pen.focused)
        about = (pen.focused, pen.view.case.id, past is not None)
        if about != self._about and past is not None:
            self.score.show_past(past_lines(pen.criterion, past, but=pen.view.case.id))
        self._about = about

    def show_work(
        self,
        state: WorkState | None,
        said: Content | None,
        pen: Pen | None,
        past: Sequence[float],
        left: int,
    ) -> None:
        """The line above the keys: my work at its left; words, or else the pace, at its right."""
        waits = state is not None and state.phase in ("held", "failed")
        if said is None and pen is not None and not waits:  # what waits needs the room more
            said = parts.pace(pen.watch.seconds, past, left)
        self.work.show(parts.work_line(state), said)
        shown = {"score": parts.scale_keys(pen.criterion)} if pen else None
        wanted, always = keys.footer(keys.LABEL, shown)
        if pen is not None and pen.criterion.na:
            answer = keys.key("not-applicable")
            wanted.insert(1, (answer.shown, answer.words[keys.LABEL]))
        self.keybar.show(wanted, always)

    def show_notice(self, words: Sequence[str] | None) -> None:
        """Words instead of the panes; None brings the panes back."""
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            words = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(words is not None, "-notice")
        if words is not None:
            self.notice.show(*words)

    def page(self, focused: object, direction: int) -> str | None:
        """Scroll the focused pane; words where there is nothing more."""
        pane = focused if isinstance(focused, Pane) else self.input
        if pane.page(direction):
            return None
        return f"{pane.id} {'ends' if direction > 0 else 'begins'} here"
