"""Home's part in rounds: opening one, closing one, and what the closing found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.screen import Screen

from labeltool.commands.context import Context
from labeltool.commands.home import Standing
from labeltool.commands.round import ClosedRound, Opened, close_round, open_planned
from labeltool.commands.round_prospect import Prospect, first_prospect, prospect
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.round import RoundCloseDialog, RoundOpenDialog, Wish
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.text import Line

NAME = 18


class Rounds(Screen[None]):
    """What `HomeScreen` does about rounds. Saving and committing happen in a worker."""

    if TYPE_CHECKING:
        _ctx: Context
        standing: Standing | None

        read: Callable[[], object]

        def say(self, words: str) -> None: ...

    @work(thread=True, exclusive=True, group="round")
    def look_ahead(self, dataset: str) -> None:
        """Read what a round could be opened over, then ask."""
        try:
            found = first_prospect(self._ctx, dataset=dataset)
        except LabeltoolError as error:
            self.app.call_from_thread(self.say, _words(error))
        else:
            self.app.call_from_thread(self.ask_to_open, found)

    def ask_to_open(self, found: Prospect) -> None:
        def read(system: str) -> Prospect:
            return prospect(self._ctx, dataset=found.dataset, system=system)

        def answered(wish: Wish | bool | None) -> None:
            if isinstance(wish, Wish):
                self.open_it(wish)

        self.app.push_screen(RoundOpenDialog(found, read), answered)

    @work(thread=True, exclusive=True, group="round")
    def open_it(self, wish: Wish) -> None:
        assert self.standing is not None
        try:
            self._ctx.history.recover()
            done = open_planned(
                self._ctx,
                wish.found,
                wish.annotators,
                outputs=wish.outputs,
                by=self.standing.annotator,
            )
        except LabeltoolError as error:
            self.app.call_from_thread(self.say, _words(error))
        else:
            self.app.call_from_thread(self.opened, done)

    def opened(self, done: Opened) -> None:
        self.read()
        self.app.notify(
            f"round {done.round.number} is open for {', '.join(done.round.annotators)}",
            markup=False,
        )

    def ask_to_close(self) -> None:
        found = self.standing
        if found is None or found.work is None:
            self.say("still reading")
            return
        number = found.work.round.number

        def answered(answer: Wish | bool | None) -> None:
            if answer is True:
                self.close_it(found.dataset, number, found.annotator)

        self.app.push_screen(RoundCloseDialog(found.work), answered)

    @work(thread=True, exclusive=True, group="round")
    def close_it(self, dataset: str, number: int, annotator: str) -> None:
        try:
            done = close_round(self._ctx, dataset=dataset, number=number, annotator=annotator)
        except LabeltoolError as error:
            self.app.call_from_thread(self.say, _words(error))
        else:
            self.app.call_from_thread(self.closed, done)

    def closed(self, done: ClosedRound) -> None:
        self.app.push_screen(LinesDialog(f"round {done.round.number} is closed", found_lines(done)))


def found_lines(done: ClosedRound) -> list[Line]:
    """What a round found: each criterion, how many outputs to resolve, what is next."""
    lines: list[Line] = []
    for id, one in done.criteria.items():
        sign, style = ("✓ ", "$good") if one.holds else ("✗ ", "$bad")
        name = Content.assemble((sign, style), one_line(name_of(id), NAME))
        holds = "holds" if one.holds else "does not hold"
        lines.append(Line(Content(f"{holds}: {one_line(one.why)}"), name, NAME + 4))
    many = len(done.disagreed)
    wait = "no output waits" if not many else f"{many} output{'' if many == 1 else 's'} to resolve"
    said = [Line(Content(wait), indent=2), Line(Content(f"next: {one_line(done.next)}"), indent=2)]
    return [*lines, Line(Content("")), *said]


def _words(error: LabeltoolError) -> str:
    return f"{error}; {error.hint}" if error.hint else str(error)
