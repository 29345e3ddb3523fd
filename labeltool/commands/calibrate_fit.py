"""The reference judge, fitted to the sample and measured on what each fit has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeltool.graders.reference.features import Features
from labeltool.graders.reference.fit import FOLDS, Fit, Fitted, Rows, fit_all, out_of_fold
from labeltool.graders.reference.judge import ReferenceJudge, level, scored
from labeltool.model.base import Score
from labeltool.model.hashing import input_hash
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.calibrate import Sample, Scored, judge_criteria
from labeltool.rules.calibration import Said
from labeltool.rules.scoring import is_met
from labeltool.stats.ordinal import folds


@dataclass(frozen=True)
class Refitted:
    """said: each output's scores by models that were fitted without its case. fit: that of all,
    None where no criterion has enough. notes: {criterion: how the fit came out}.
    """

    said: tuple[Said, ...]
    fit: Fit | None
    fingerprint: str
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def measure(judge: ReferenceJudge, one: Scored) -> Features:
    documents = [document.text for document in (*one.case.context, *one.output.context)]
    return judge.measure(one.case.input_text, documents, one.case.acceptable, one.output.output)


def refit(rubric: Rubric, sample: Sample, found: Sequence[Features]) -> Refitted:
    """Fits every criterion that has enough human scores; the others keep the fixed thresholds.

    Cases with one input share a fold, so that no output is judged by a fit that has seen its twin.
    """
    groups = [input_hash(one.case.input) for one in sample.outputs]
    homes = folds(groups, min(FOLDS, len(set(groups))), seed=sample.seed)
    scores: list[dict[str, Score]] = [{} for _ in found]
    rationale: list[dict[str, str]] = [{} for _ in found]
    kept: dict[str, Fitted] = {}
    notes: dict[str, dict[str, Any]] = {}
    for criterion in judge_criteria(rubric):
        rows = Rows(found, _numbers(sample, criterion), groups, sample.weights)
        whole = fit_all(rows)
        models = out_of_fold(rows, homes) if whole else [None] * len(found)
        for at, (features, model) in enumerate(zip(found, models, strict=True)):
            scores[at][criterion.id], rationale[at][criterion.id] = scored(
                criterion, features, model
            )
        notes[criterion.id] = {"fitted": whole is not None}
        if whole is None:
            notes[criterion.id]["unfitted_why"] = rows.lacking()
        else:
            kept[criterion.id] = whole
            notes[criterion.id]["unfitted_agreement"] = _unfitted(criterion, rows)
    fit = Fit(rubric.ref, kept) if kept else None
    said = tuple(Said(*pair) for pair in zip(scores, rationale, strict=True))
    final = ReferenceJudge(fit=fit.document() if fit else None)
    return Refitted(said, fit, final.fingerprint, notes)


def _numbers(sample: Sample, criterion: Criterion) -> list[int | None]:
    """The human scores that stand on the scale."""
    given = (one.human.settled.get(criterion.id) for one in sample.outputs)
    return [None if one is None or one.score == "na" else one.score for one in given]


def _unfitted(criterion: Criterion, rows: Rows) -> float:
    """The agreement that the fixed thresholds reach on the same outputs."""
    same = total = 0.0
    for features, human, weight in zip(rows.found, rows.scores, rows.weights, strict=True):
        if human is not None:
            total += weight
            judge = level(criterion, features)
            same += weight * (is_met(criterion, human) == is_met(criterion, judge))
    return round(same / total, 6)
