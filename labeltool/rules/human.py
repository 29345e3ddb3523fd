"""The human score of an output, criterion by criterion, and which of them must stay hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.staleness import Texts, current_scores, standing_scores

By = Literal["resolution", "agreed", "single"]


@dataclass(frozen=True, slots=True)
class Settled:
    """A human score, and what it rests on: `single` is one annotator's word."""

    score: Score
    by: By


@dataclass(frozen=True, slots=True)
class HumanScore:
    """What people say of one output now.

    `settled` and `unresolved` are disjoint; a criterion in neither has no current label.
    """

    settled: dict[str, Settled] = field(default_factory=dict)
    unresolved: dict[str, dict[str, Score]] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, Score]:
        return {id: settled.score for id, settled in self.settled.items()}

    @property
    def single(self) -> tuple[str, ...]:
        return tuple(id for id, settled in self.settled.items() if settled.by == "single")

    def missing(self, rubric: Rubric) -> tuple[str, ...]:
        """Hand-labelled criteria without a human score, unresolved ones included."""
        return tuple(c.id for c in rubric.by_hand if c.id not in self.settled)


def agreed(criterion: Criterion, scores: Sequence[Score]) -> Score | None:
    """The score that `scores` (one or more) agree on, None where they do not.

    Inside the tolerance it is the median, and between two middle ones the lower. `na` agrees with
    `na` only.
    """
    numbers = [score for score in scores if score != "na"]
    if not numbers:
        return "na"
    if len(numbers) < len(scores) or max(numbers) - min(numbers) > criterion.tolerance:
        return None
    return sorted(numbers)[(len(numbers) - 1) // 2]


def human_score(
    rubric: Rubric, texts: Texts, labels: Iterable[Label], resolution: Resolution | None = None
) -> HumanScore:
    """Per criterion: the current resolution, else what the current labels agree on, else
    unresolved.

    `labels` are one output's, at most one of each annotator; stale ones may be among them.
    """
    by_annotator = {label.annotator: label for label in labels}
    current = {name: current_scores(label, rubric, texts) for name, label in by_annotator.items()}
    resolved = _resolved(resolution, rubric, texts, by_annotator)
    human = HumanScore()
    for criterion in rubric.by_hand:
        id = criterion.id
        if id in resolved:
            human.settled[id] = Settled(resolved[id], "resolution")
            continue
        said = {name: scores[id] for name, scores in current.items() if id in scores}
        if not said:
            continue
        score = agreed(criterion, tuple(said.values()))
        if score is None:
            human.unresolved[id] = said
        else:
            human.settled[id] = Settled(score, "single" if len(said) == 1 else "agreed")
    return human


def _resolved(
    resolution: Resolution | None, rubric: Rubric, texts: Texts, labels: Mapping[str, Label]
) -> dict[str, Score]:
    if resolution is None:
        return {}
    return standing_scores(resolution, rubric, texts, labels)


def blind_outputs(rounds: Iterable[Round]) -> frozenset[tuple[str, str]]:
    """(system, case) of every output in a round that is still open: its labels stay hidden."""
    return frozenset(
        (round.system, output.case)
        for round in rounds
        if round.closed is None
        for output in round.outputs
    )
