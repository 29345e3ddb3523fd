"""From labels to agreement: which scores count, and when a criterion holds.

`na` is an answer like any other where only equality counts (percent, kappa, nominal alpha). It
stands on no scale, so where distances count (ordinal alpha, weighted kappa) it is a missing score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeVar

from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.rubric import Criterion, Rubric, Stable
from labeltool.rules.human import agreed
from labeltool.rules.resolve import Difference
from labeltool.rules.staleness import Texts, current_scores
from labeltool.stats import agreement
from labeltool.stats.agreement import Estimate, Level

K = TypeVar("K")
Output = tuple[str, str]
"""(system, case)."""

ByAnnotator = Mapping[str, Score]
Scores = Mapping[str, ByAnnotator]
"""{output: {annotator: score}} of one criterion. The functions here take any kind of key."""

HOLD_OUTPUTS = 10
HOLD_VARIATION = 5
_APART = -1_000_000.0
"""`na` as a number: equal to itself, beyond any tolerance of a level."""
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a criterion holds, on `n` outputs with two scores or more, and why (not)."""

    n: int
    alpha: float | None
    agreement: float | None
    holds: bool
    why: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators on the outputs that both scored.

    difference: how much higher the first one scores on average, in levels; None where they share
    no score on the scale. same: whether every shared score is the very same one.
    """

    percent: Estimate
    kappa: Estimate
    weighted_kappa: Estimate
    difference: float | None
    same: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """Agreement on one criterion. level: what alpha takes the scale for."""

    percent: Estimate
    alpha: Estimate
    kappa: Estimate
    weighted_kappa: Estimate
    level: Level
    pairs: Mapping[tuple[str, str], Pair] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Outputs with two scores or more; `na` is one."""
        return self.percent.n


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A difference of opinion on one criterion of one output."""

    output: Output
    difference: Difference


def current(
    rubric: Rubric, labels: Iterable[Label], texts: Mapping[Output, Texts]
) -> dict[str, dict[Output, dict[str, Score]]]:
    """{criterion: {(system, case): {annotator: score}}} of the scores that still stand, of every
    hand-labelled criterion. Labels of outputs that are not in `texts` are left out.
    """
    found: dict[str, dict[Output, dict[str, Score]]] = {c.id: {} for c in rubric.by_hand}
    for label in labels:
        key = (label.system, label.case)
        if key in texts:
            for id, score in current_scores(label, rubric, texts[key]).items():
                found[id].setdefault(key, {})[label.annotator] = score
    return found


def level_of(criterion: Criterion) -> Level:
    """Nominal for two levels, ordinal for more."""
    return "nominal" if len(criterion.scale) == 2 else "ordinal"


def equal_matrix(scores: Mapping[K, ByAnnotator]) -> list[list[float | None]]:
    """Outputs x annotators, for measures of equality: `na` is a value of its own."""
    return _matrix(scores, _APART)


def distance_matrix(scores: Mapping[K, ByAnnotator]) -> list[list[float | None]]:
    """Outputs x annotators, for measures of distance: `na` is missing."""
    return _matrix(scores, None)


def annotators(scores: Mapping[K, ByAnnotator]) -> list[str]:
    """Who gave any of the scores, by name: the columns of the matrices."""
    return sorted({name for given in scores.values() for name in given})


def alpha(
    criterion: Criterion, scores: Mapping[K, ByAnnotator], *, resamples: int = 0, seed: int = 0
) -> Estimate:
    level = level_of(criterion)
    matrix = equal_matrix(scores) if level == "nominal" else distance_matrix(scores)
    return agreement.krippendorff_alpha(matrix, level, resamples=resamples, seed=seed)


def percent(criterion: Criterion, scores: Mapping[K, ByAnnotator]) -> Estimate:
    """Within the criterion's tolerance."""
    return agreement.percent(equal_matrix(scores), criterion.tolerance)


def measure(
    criterion: Criterion,
    scores: Mapping[K, ByAnnotator],
    *,
    resamples: int = agreement.RESAMPLES,
    seed: int = 0,
) -> Measured:
    """Everything that is said of one criterion; intervals are bootstrapped over outputs."""
    equal, distance = equal_matrix(scores), distance_matrix(scores)
    level = level_of(criterion)
    values = equal if level == "nominal" else distance
    names = enumerate(annotators(scores))
    return Measured(
        percent=agreement.percent(equal, criterion.tolerance, resamples=resamples, seed=seed),
        alpha=agreement.krippendorff_alpha(values, level, resamples=resamples, seed=seed),
        kappa=agreement.cohen_kappa(equal, resamples=resamples, seed=seed),
        weighted_kappa=agreement.weighted_kappa(distance, resamples=resamples, seed=seed),
        level=level,
        pairs={
            (a, b): _pair(criterion, _columns(equal, i, j), _columns(distance, i, j))
            for (i, a), (j, b) in combinations(names, 2)
        },
    )


def held(criterion: Criterion, scores: Mapping[K, ByAnnotator], stable: Stable) -> Held:
    """Whether the criterion holds, by the first blind scores of fresh outputs.

    It holds when alpha clears `stable.alpha` on ten outputs or more. Where fewer than five of them
    are off the commonest level, or alpha is undefined, alpha says little, and agreement must clear
    `stable.agreement` instead.
    """
    share, beyond = percent(criterion, scores), alpha(criterion, scores)
    n = share.n
    if n < HOLD_OUTPUTS:
        have = f"only {n or 'no'} fresh output{'' if n == 1 else 's'} with two scores"
        have = have.removeprefix("only ") if n == 0 else have
        return Held(n, beyond.value, share.value, False, f"{have}: it takes {HOLD_OUTPUTS}")
    level, off = _off_commonest(scores)
    if off < HOLD_VARIATION or beyond.value is None:
        holds, words = _clears("agreement", share.value, stable.agreement)
        words = f"little variation ({off} of {n} outputs off {level}): {words}"
    else:
        holds, words = _clears("alpha", beyond.value, stable.alpha)
        words += f", on {n} outputs"
    return Held(n, beyond.value, share.value, holds, words)


def disagreements(
    rubric: Rubric,
    scores: Mapping[str, Mapping[Output, ByAnnotator]],
    settled: Mapping[Output, Mapping[str, Score]],
) -> tuple[Disagreement, ...]:
    """Open ones first, then of required criteria, then the farthest apart by the criterion's
    weight. settled: what current resolutions say.
    """
    found = [
        Disagreement(output, Difference(one, given, settled.get(output, {}).get(one.id)))
        for one in rubric.by_hand
        for output, given in scores.get(one.id, {}).items()
        if agreed(one, tuple(given.values())) is None
    ]
    order = {criterion.id: place for place, criterion in enumerate(rubric.criteria)}

    def rank(one: Disagreement) -> tuple[object, ...]:
        difference = one.difference
        criterion, spread = difference.criterion, difference.spread
        weighs = -spread * criterion.weight
        gravity = (not criterion.required, weighs, -spread, not difference.decides)
        return (not difference.is_open, *gravity, order[criterion.id], one.output)

    return tuple(sorted(found, key=rank))


def _matrix(scores: Mapping[K, ByAnnotator], na: float | None) -> list[list[float | None]]:
    columns = {name: column for column, name in enumerate(annotators(scores))}
    matrix: list[list[float | None]] = []
    for given in scores.values():
        row: list[float | None] = [None] * len(columns)
        for name, score in given.items():
            row[columns[name]] = na if score == "na" else float(score)
        matrix.append(row)
    return matrix


def _columns(matrix: list[list[float | None]], i: int, j: int) -> list[tuple[float, float]]:
    return [(a, b) for row in matrix if (a := row[i]) is not None and (b := row[j]) is not None]


def _pair(
    criterion: Criterion, equal: list[tuple[float, float]], distance: list[tuple[float, float]]
) -> Pair:
    return Pair(
        percent=agreement.percent(equal, criterion.tolerance),
        kappa=agreement.cohen_kappa(equal),
        weighted_kappa=agreement.weighted_kappa(distance),
        difference=sum(a - b for a, b in distance) / len(distance) if distance else None,
        same=bool(equal) and all(a == b for a, b in equal),
    )


def _off_commonest(scores: Mapping[K, ByAnnotator]) -> tuple[Score, int]:
    """The commonest score, and how many outputs have another one among theirs."""
    compared = [given for given in scores.values() if len(given) >= 2]
    used = Counter(score for given in compared for score in given.values())
    level = max(used, key=lambda score: (used[score], str(score)))
    return level, sum(any(score != level for score in given.values()) for given in compared)


def _clears(name: str, value: float | None, bar: float) -> tuple[bool, str]:
    if value is None:
        return False, f"{name} is undefined"
    if value >= bar - _EPSILON:
        return True, f"{name} {value:.2f} of at least {bar:g}"
    return False, f"{name} {value:.2f} under {bar:g}"
