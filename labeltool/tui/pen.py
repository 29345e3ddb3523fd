"""The label in the making, without a screen: what a key does to it, and why it may do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from labeltool.commands.label_view import LabelDraft, View
from labeltool.model.base import Score
from labeltool.model.rubric import Criterion

IDLE = 120.0
"""Seconds without a key after which the time on a case stands still."""


@dataclass
class Stopwatch:
    """Time spent on one case; pauses when nobody is there. `clock` gives seconds."""

    clock: Callable[[], float]
    spent: float = 0.0
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock()

    @property
    def seconds(self) -> float:
        return self.spent + min(self.clock() - self._since, IDLE)

    def touch(self) -> None:
        """Somebody is there."""
        self.spent, self._since = self.seconds, self.clock()


@dataclass
class Pen:
    """Writes one label. Methods that can refuse return the words that say why, else None."""

    view: View
    draft: LabelDraft
    watch: Stopwatch
    focused: str
    kept: LabelDraft | None = None
    """What was journalled last."""

    @classmethod
    def on(cls, view: View, clock: Callable[[], float]) -> Pen:
        watch = Stopwatch(clock, view.draft.seconds)
        first = next(iter(view.missing(view.draft)), view.rubric.by_hand[0].id)
        return cls(view, view.draft, watch, first)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.view.rubric.by_hand

    @property
    def criterion(self) -> Criterion:
        return next(c for c in self.criteria if c.id == self.focused)

    @property
    def place(self) -> int:
        return self.criteria.index(self.criterion)

    @property
    def timed(self) -> LabelDraft:
        """The draft with the time spent on it."""
        return replace(self.draft, seconds=round(self.watch.seconds, 1))

    @property
    def changed(self) -> bool:
        """Whether there is something that no label file has."""
        return self.draft != self.view.draft or self.view.resumed

    def to_keep(self) -> bool:
        """Whether there is something that neither file nor journal has; from now on it has."""
        before = self.kept or self.view.draft
        self.kept = self.draft
        return self.draft != before

    def score(self, score: Score) -> str | None:
        """Give the focused criterion a score and go to the next."""
        criterion = self.criterion
        if not criterion.allows(score):
            return refusal(criterion, score)
        self.draft = self.draft.score(criterion.id, score)
        self._advance()
        return None

    def _advance(self) -> None:
        """To the criterion below; from the last one to the first without a score."""
        if self.place + 1 < len(self.criteria):
            self.focused = self.criteria[self.place + 1].id
        else:
            self.go_to_missing()

    def go_to_missing(self) -> str | None:
        """Focus the first criterion without a score; its id, None when all have one."""
        missing = self.view.missing(self.draft)
        if missing:
            self.focused = missing[0]
            return missing[0]
        return None

    def move(self, step: int) -> str | None:
        place = self.place + step
        if not 0 <= place < len(self.criteria):
            return "this is the last criterion" if step > 0 else "this is the first criterion"
        self.focused = self.criteria[place].id
        return None

    def pick(self, criterion: str) -> None:
        self.focused = criterion

    def skip(self) -> None:
        self.draft = replace(self.draft, status="skipped", scores={})

    def toggle_unsure(self) -> str:
        sure = self.draft.confidence == "unsure"
        self.draft = replace(self.draft, confidence="sure" if sure else "unsure")
        return "sure again" if sure else "unsure: kept with the label, find it later"

    def write(self, field: str, text: str | None) -> None:
        """The flag or the notes."""
        if field == "flag":
            self.draft = replace(self.draft, flag=text)
        else:
            self.draft = replace(self.draft, notes=text)


def refusal(criterion: Criterion, score: Score) -> str:
    """Why a score is no answer to a criterion."""
    name = criterion.id.replace("_", " ")
    if score == "na":
        return f"{name} always applies: the rubric has no n/a for it"
    return f"{name} goes from {criterion.min} to {criterion.max}"
