"""Dialogs to open a round in, and to close one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from labeltool.commands.round_prospect import Prospect
from labeltool.commands.round_state import RoundWork
from labeltool.errors import LabeltoolError
from labeltool.rules.round_plan import OUTPUTS
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane

STEP = 5
"""Outputs more or less at a time."""
NAME = 14


@dataclass(frozen=True)
class Wish:
    """The round that somebody wants."""

    found: Prospect
    annotators: tuple[str, ...]
    outputs: int


class _Fitted(Dialog[Wish | bool | None]):
    """A dialog of one text, as high as it is."""

    DEFAULT_CSS = """
    _Fitted TextPane { height: auto; }
    _Fitted KeyBar { margin-top: 1; }
    """

    def __init__(self, title: str):
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield TextPane(self._title)
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TextPane).can_focus = False
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        pane = self.query_one(TextPane)
        pane.show(self.lines())
        self.fit(pane, 5)

    def lines(self) -> list[Line]:
        raise NotImplementedError


class RoundOpenDialog(_Fitted):
    """Which snapshot, how many outputs, who; and what that means, at once. Answers a Wish.

    `read` is asked, in a worker, for what there is in another snapshot.
    """

    KEYS = keys.ROUND
    ABOUT = (
        "One pass of blind labelling: the same outputs for everybody, under one version of the "
        "rubric. What it finds says which criteria hold."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.ROUND))

    def __init__(self, found: Prospect, read: Callable[[str], Prospect]):
        super().__init__(f"open round {found.number}")
        self._found, self._read = found, read
        self._outputs, self._row = OUTPUTS, 0
        self._out: set[str] = set()
        self._refused: str | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.show_keys()

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(name for name in self._found.people if name not in self._out)

    def lines(self) -> list[Line]:
        found, people = self._found, self.people
        rows = [
            ("snapshot", one_line(found.system, 40), len(found.snapshots) > 1),
            ("outputs", str(self._outputs), True),
            *(
                (one_line(name, NAME), "takes part" if name in people else "does not", True)
                for name in found.people
            ),
        ]
        lines = [Line(_row(*row, here=place == self._row)) for place, row in enumerate(rows)]
        return [*lines, Line(Content("")), *self._means(people)]

    def _means(self, people: Sequence[str]) -> list[Line]:
        """What such a round asks of people, and what it is worth."""
        found = self._found
        refused = self._refused or found.refuses(people, self._outputs)
        if refused is not None:
            said = refused if isinstance(refused, str) else refused.message
            if len(found.people) < 2:
                said += ": list them in labeltool.yaml under annotators:"
            return [Line(Content.styled(f"✗ {one_line(said)}", "$bad"), indent=2)]
        plan = found.plan(people, self._outputs)
        time = found.estimate(people, len(plan.outputs))
        basis = "a guess, nobody was timed yet" if time.guessed else "going by past labels"
        many = len(plan.outputs)
        said = f"{many} outputs, {plan.fresh} of them fresh, under {one_line(found.rubric.ref)}"
        lines = [
            Line(Content(said), indent=2),
            Line(
                Content(f"{time.labels} labels, about {time.minutes} min for each ({basis})"),
                indent=2,
            ),
        ]
        lines += [
            Line(Content.styled(f"! {one_line(doubt)}", "$needs"), indent=2)
            for doubt in found.doubts(plan, self._outputs)
        ]
        quiet = "Until it is closed nobody sees the others' labels. One commit."
        return [*lines, Line(Content.styled(quiet, "$quiet"), indent=2)]

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        self._row = (self._row + step) % (2 + len(self._found.people))
        self.draw()

    def action_next(self) -> None:
        self._change(1)

    def action_previous(self) -> None:
        self._change(-1)

    def _change(self, step: int) -> None:
        if self._row == 0:
            names = self._found.snapshots
            if len(names) > 1:
                self.read(names[(names.index(self._found.system) + step) % len(names)])
        elif self._row == 1:
            self._outputs = max(1, self._outputs + step * STEP)
            if self._outputs % STEP:  # back on the steps after having been down to one
                self._outputs = STEP * round(self._outputs / STEP) or 1
        else:
            self._out ^= {self._found.people[self._row - 2]}
        self.draw()

    @work(thread=True, exclusive=True)
    def read(self, system: str) -> None:
        try:
            found = self._read(system)
        except LabeltoolError as error:
            self.app.call_from_thread(self.told, None, str(error))
        else:
            self.app.call_from_thread(self.told, found, None)

    def told(self, found: Prospect | None, refused: str | None) -> None:
        self._found, self._refused = found or self._found, refused
        self.draw()

    def action_do(self) -> None:
        if self._refused is None and self._found.refuses(self.people, self._outputs) is None:
            self.dismiss(Wish(self._found, self.people, self._outputs))
        else:
            self.app.bell()


class RoundCloseDialog(_Fitted):
    """Says what closing means; answers True to do it."""

    KEYS = keys.ROUND_CLOSE
    ABOUT = "What closing does, and who has labelled how much."
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.ROUND_CLOSE))

    def __init__(self, done: RoundWork):
        super().__init__(f"close round {done.round.number}")
        self._done = done

    def on_mount(self) -> None:
        super().on_mount()
        self.show_keys()

    def lines(self) -> list[Line]:
        lines = [
            Line(Content(f"{one_line(name, NAME):<{NAME}}  {count} outputs labelled"), indent=2)
            for name, count in self._done.counts.items()
        ]
        said = (
            "Closing keeps these first blind scores and how far they agree, for good, in one "
            "commit. After it everybody sees each other's labels, and what differs waits to be "
            "resolved."
        )
        return [*lines, Line(Content("")), Line(Content(said), indent=2)]

    def action_do(self) -> None:
        self.dismiss(True)


def _row(name: str, value: str, changes: bool, *, here: bool) -> Content:
    mark = ("▸ " if here else "  ", "$focus")
    shown = f"‹ {value} ›" if changes else f"  {value}"
    return Content.assemble(mark, f"{name:<{NAME}}  ", (shown, "bold $strong" if here else ""))
