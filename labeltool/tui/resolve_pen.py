"""The resolution in the making, without a screen: what a key does to it, and why it may not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from labeltool.commands.resolve_session import Choice, Place, View
from labeltool.model.base import Score
from labeltool.model.resolution import Because
from labeltool.model.rubric import Criterion
from labeltool.rules.resolve import Difference
from labeltool.tui.dialogs.amend import Amended

SIDES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class ResolvePen:
    """Writes one resolution. Methods that can refuse return the words that say why, else None."""

    view: View
    choice: Choice
    focused: str
    amended: Amended | None = None
    """A change of the rubric that lands with it."""
    declined: bool = False
    """Whether somebody was asked to amend the rubric and did not."""
    asked: str | None = None
    """The criterion that has no score yet and was said to have none."""
    unblinded: bool = field(default=False)

    @classmethod
    def on(cls, view: View) -> ResolvePen:
        first = next(iter(view.missing(view.choice)), view.differences[0].criterion.id)
        pen = cls(view, view.choice, first)
        pen._look()
        return pen

    @property
    def difference(self) -> Difference:
        return next(one for one in self.view.differences if one.criterion.id == self.focused)

    @property
    def criterion(self) -> Criterion:
        return self.difference.criterion

    @property
    def changed(self) -> bool:
        return bool(self.choice.scores or self.choice.because or self.choice.note)

    @property
    def letters(self) -> dict[str, str]:
        """{annotator: A, B, ...}."""
        sides = self.view.subject.found.sides
        return {
            side.annotator: SIDES[index] if index < len(SIDES) else str(index + 1)
            for index, side in enumerate(sides)
        }

    def _look(self) -> None:
        """Names are shown once nothing is left to choose, and stay shown."""
        chosen = bool(self.choice.scores) and not self.view.missing(self.choice)
        self.unblinded = self.unblinded or chosen

    def score(self, score: Score) -> str | None:
        criterion = self.criterion
        if not criterion.allows(score):
            if score == "na":
                return f"{criterion.id} has no `not applicable`"
            return f"{criterion.id} goes from {criterion.min} to {criterion.max}"
        self.choice = replace(self.choice, scores={**self.choice.scores, criterion.id: score})
        self.asked = None
        self._look()
        missing = self.view.missing(self.choice)
        if missing:
            self.focused = missing[0]
        return None

    def take(self, letter: str) -> str | None:
        """The focused criterion as one side has it."""
        sides = self.view.subject.found.sides
        index = SIDES.index(letter)
        if index >= len(sides):
            return f"there is no {letter}: {len(sides)} people labelled this output"
        said = self.difference.scores.get(sides[index].annotator)
        if said is None:
            return f"{letter} said nothing of {self.criterion.id} that stands"
        return self.score(said)

    def move(self, step: int) -> str | None:
        ids = [one.criterion.id for one in self.view.differences]
        index = ids.index(self.focused) + step
        if not 0 <= index < len(ids):
            return "this is the last criterion" if step > 0 else "this is the first criterion"
        self.focused = ids[index]
        return None

    def write(self, note: str | None) -> None:
        self.choice = replace(self.choice, note=note)

    def reason(self, because: Because) -> None:
        self.choice = replace(self.choice, because=because)

    def stops(self) -> str | None:
        """What keeps it from being settled. What is missing is said once: asked for again, the
        others are settled alone.
        """
        if not self.choice.scores:
            if not self.view.missing(self.choice):
                return "it is settled already; take a side to settle it anew"
            return f"{self.focused} is not settled yet"
        missing = self.view.missing(self.choice)
        if missing and self.asked != missing[0]:
            self.focused = self.asked = missing[0]
            return f"{missing[0]} is not settled yet; again, and it stays open"
        return None


@dataclass
class Turns:
    """The disagreements of a sitting, in order, and where one stands."""

    items: list[Place] = field(default_factory=list)
    settled: set[Place] = field(default_factory=set)
    index: int = 0

    def update(self, open_now: tuple[Place, ...]) -> None:
        """What is open by now; the order of a sitting stays, new ones come last."""
        here = self.place
        kept = [one for one in self.items if one in self.settled or one in open_now]
        self.settled -= set(open_now)
        self.items = kept + [one for one in open_now if one not in kept]
        self.index = (
            self.items.index(here)
            if here in self.items
            else min(self.index, max(0, len(self.items) - 1))
        )

    @property
    def place(self) -> Place | None:
        return self.items[self.index] if self.items else None

    @property
    def left(self) -> int:
        return sum(one not in self.settled for one in self.items)

    def settle(self, place: Place) -> None:
        self.settled.add(place)

    def go_to(self, place: Place) -> None:
        if place not in self.items:
            self.items.insert(self.index, place)
        self.index = self.items.index(place)

    def step(self, step: int) -> str | None:
        index = self.index + step
        if not 0 <= index < len(self.items):
            return "this is the last one" if step > 0 else "this is the first one"
        self.index = index
        return None

    def onward(self) -> bool:
        """The next open one, from the start again after the end; False where none is left."""
        order = [*range(self.index + 1, len(self.items)), *range(self.index + 1)]
        for index in order:
            if index < len(self.items) and self.items[index] not in self.settled:
                self.index = index
                return True
        return False

    def later(self) -> None:
        """The present one comes last; the next open one is the present one."""
        was_last = self.index == len(self.items) - 1
        self.items.append(self.items.pop(self.index))
        if not was_last:
            self.index -= 1
        self.onward()
