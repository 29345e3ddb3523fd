"""The reference judge fitted to human scores: six features, one ordinal model a criterion.

The sign of a weight is fixed where fairness asks for it: what stands on the sources never counts
against an output, what stands nowhere and what is merely copied never for it. So a text addressed
to the grader cannot raise a fitted score either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, log1p
from typing import Any

from labeltool.errors import DataError
from labeltool.graders.reference.features import Features
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.rubric import Criterion, Rubric, ref_parts
from labeltool.stats.ordinal import Ordinal

SIGNS = {"coverage": 1, "similarity": 1, "novelty": -1, "said": 1, "asked": 0, "copied": -1}
# Fewer scores, or fewer off the commonest level, say little about six features.
LEAST_SCORES = 30
LEAST_OTHER = 5
FOLDS = 5
PENALTY = 1.0
_DIGITS = 6


def vector(found: Features) -> tuple[float, ...]:
    """The values of `SIGNS`' features, in their order; amounts as logarithms."""
    return (
        found.coverage,
        found.similarity,
        found.novelty,
        log1p(found.said),
        log1p(found.facts),
        found.copied,
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """One criterion's model, and the number of human scores behind it."""

    model: Ordinal
    n: int

    def level(self, criterion: Criterion, found: Features) -> int:
        return self.model.level(vector(found)) if found.grounded else criterion.min

    def chance(self, criterion: Criterion, found: Features) -> float:
        """The chance (0..1) that the criterion is met, as the model sees it."""
        if not found.grounded:
            return 0.0
        chances = zip(self.model.levels, self.model.at_least(vector(found)), strict=True)
        return max((chance for level, chance in chances if level >= criterion.met_at), default=0.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """What a calibration keeps: `rubric` is the version whose scores it was fitted to."""

    rubric: str
    criteria: Mapping[str, Fitted] = field(default_factory=dict)

    def of(self, rubric: Rubric) -> dict[str, Fitted]:
        """The models that still speak of `rubric`'s criteria: an amended one's does not."""
        name, version = ref_parts(self.rubric)
        if name != rubric.name or version > rubric.version:
            return {}
        changed = rubric.changed_since(version)
        return {
            c.id: one
            for c in rubric.criteria
            if (one := self.criteria.get(c.id)) is not None
            and c.id not in changed
            and set(one.model.levels) <= set(c.scale)
        }

    def document(self) -> dict[str, Any]:
        """As it stands in a calibration file; `read_fit` is the way back, without loss."""
        return {
            "rubric": self.rubric,
            "features": list(SIGNS),
            "criteria": {
                id: {
                    "n": one.n,
                    "levels": list(one.model.levels),
                    "cuts": list(one.model.cuts),
                    "weights": list(one.model.weights),
                }
                for id, one in self.criteria.items()
            },
        }

    @property
    def digest(self) -> str:
        """Part of the judge's fingerprint."""
        return text_hash(canonical_json(self.document()))


def read_fit(document: Mapping[str, Any]) -> Fit:
    """The fit in a calibration file. Raises DataError where it cannot be one."""
    try:
        if list(document["features"]) != list(SIGNS):
            raise ValueError("other features than this version measures")
        criteria = {str(id): _read(one) for id, one in document["criteria"].items()}
        fit = Fit(str(document["rubric"]), criteria)
        ref_parts(fit.rubric)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            f"the fit of the reference judge cannot be used: {error}",
            hint="`labeltool calibrate` makes it anew",
        ) from None
    return fit


def _read(one: Mapping[str, Any]) -> Fitted:
    levels = tuple(int(level) for level in one["levels"])
    cuts = tuple(float(cut) for cut in one["cuts"])
    weights = tuple(float(weight) for weight in one["weights"])
    if len(cuts) != len(levels) - 1 or len(weights) != len(SIGNS) or len(levels) < 2:
        raise ValueError("numbers are missing")
    if list(levels) != sorted(set(levels)) or list(cuts) != sorted(cuts):
        raise ValueError("levels and cuts must ascend")
    if not all(isfinite(value) for value in (*cuts, *weights)):
        raise ValueError("a weight is no number")
    return Fitted(Ordinal(levels, cuts, weights), int(one["n"]))


@dataclass(frozen=True, slots=True)
class Rows:
    """What a criterion is fitted to, row by row: an output, its human score (None where it has
    none), its weight. Rows of one `group` are of one input.
    """

    found: Sequence[Features]
    scores: Sequence[int | None]
    groups: Sequence[str]
    weights: Sequence[float]

    def lacking(self) -> str | None:
        """Why there is too little to fit, None where there is enough."""
        seen = Counter(score for score in self.scores if score is not None)
        if seen.total() < LEAST_SCORES:
            return f"{seen.total()} of {LEAST_SCORES} human scores"
        other = seen.total() - max(seen.values())
        if other < LEAST_OTHER or len({*self.groups}) < 2:
            return f"{other} of {LEAST_OTHER} human scores off the commonest level"
        return None


def fit_all(rows: Rows) -> Fitted | None:
    """The model of all rows, as it is kept; None where there is too little to fit."""
    return None if rows.lacking() else _fit(rows, range(len(rows.scores)))


def out_of_fold(rows: Rows, homes: Sequence[int]) -> list[Fitted | None]:
    """For each row the model that was fitted without its fold (`homes`, see stats.ordinal.folds);
    None where what is left is too little.
    """
    models = {}
    for fold in sorted(set(homes)):
        models[fold] = _fit(rows, [at for at, home in enumerate(homes) if home != fold])
    return [models[home] for home in homes]


def _fit(rows: Rows, chosen: Sequence[int]) -> Fitted | None:
    from labeltool.stats import ordinal

    # What stands on nothing gets the lowest level by rule, so it teaches the model nothing.
    kept = [(at, score) for at in chosen if (score := rows.scores[at]) is not None]
    kept = [(at, score) for at, score in kept if rows.found[at].grounded]
    scores = [score for _, score in kept]
    if len(set(scores)) < 2:
        return None
    model = ordinal.fit(
        [vector(rows.found[at]) for at, _ in kept],
        scores,
        penalty=PENALTY,
        signs=list(SIGNS.values()),
        sample_weights=[rows.weights[at] for at, _ in kept],
    )
    # As a file keeps them, and 0.0 rather than -0.0: a fingerprint rests on them.
    cuts = tuple(round(cut, _DIGITS) + 0.0 for cut in model.cuts)
    weights = tuple(round(weight, _DIGITS) + 0.0 for weight in model.weights)
    return Fitted(Ordinal(model.levels, cuts, weights), len(kept))
