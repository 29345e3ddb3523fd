"""From scores to a verdict on one output. All of it is code; no judge's own total is ever used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from labeltool.model.base import Score
from labeltool.model.rubric import Criterion, Rubric

EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Scored:
    """`score` is 0..1, None where nothing counted; `missed` the required criteria that were
    not met.
    """

    score: float | None
    missed: tuple[str, ...] = ()

    def passes(self, pass_mark: float) -> bool:
        return self.score is not None and self.score >= pass_mark - EPSILON and not self.missed


def normalised(rubric: Rubric, scores: Mapping[str, Score], drop: Collection[str] = ()) -> Scored:
    """sum(weight * (score - min)) / sum(weight * (max - min)) over the criteria that have a
    score.

    `na` leaves both sums, and so do the criteria in `drop`. A criterion of weight 0 counts only
    if required.
    """
    gained = possible = 0.0
    missed: list[str] = []
    for criterion in rubric.criteria:
        score = scores.get(criterion.id)
        if score is None or score == "na" or criterion.id in drop:
            continue
        gained += criterion.weight * (score - criterion.min)
        possible += criterion.weight * (criterion.max - criterion.min)
        if criterion.required and score < criterion.met_at:
            missed.append(criterion.id)
    return Scored(gained / possible if possible else None, tuple(missed))


def is_met(criterion: Criterion, score: Score) -> bool | None:
    """Whether `score` reaches the level that counts as met; None for `na`."""
    return None if score == "na" else score >= criterion.met_at


def output_passes(
    rubric: Rubric, scored: Scored, *, checks_pass: bool, has_checks: bool
) -> bool | None:
    """Whether the output passes: score, required criteria and every check of the case.

    An output without any score is decided by its checks alone; without those it is unscored: None.
    """
    if scored.score is None and not scored.missed:
        return checks_pass if has_checks else None
    if scored.score is None:
        return False
    return checks_pass and scored.passes(rubric.pass_mark)


def shares(rubric: Rubric) -> dict[str, float]:
    """Each criterion's share (0..1) of the score; all 0 where every weight is 0."""
    weights = {c.id: c.weight * (c.max - c.min) for c in rubric.criteria}
    total = sum(weights.values())
    return {id: weight / total if total else 0.0 for id, weight in weights.items()}
