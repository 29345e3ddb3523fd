"""How far annotators agree beyond what chance would give them.

A matrix is outputs x annotators: one row of each output, numbers, None where an annotator gave no
score. The values may be any numbers; nominal measures ask only whether two are equal.

Intervals are percentile bootstraps over outputs (Efron and Tibshirani 1993, ch. 13). Outputs with
the same scores are alike to every measure here, so a resample is one multinomial draw over the
distinct rows, and all resamples of a measure are a few matrix products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from labeltool.stats.intervals import CONFIDENCE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Measure = Callable[[Floats], Floats]

Matrix = Sequence[Sequence[float | None]]
Level = Literal["nominal", "ordinal", "interval"]
RESAMPLES = 1_000
DEFINED = 0.95
"""The share of resamples in which a measure must be defined for its interval to be given."""
_CHUNK = 1_000_000
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure of agreement: 1 is perfect, 0 what chance gives (percent: share of 0..1).

    n: outputs with two scores or more, the only ones that count. value: None where it is undefined,
    and `why` says so. interval: None where none was asked for, or where too many resamples leave
    it undefined, which `why` says too.
    """

    n: int
    value: float | None
    interval: tuple[float, float] | None = None
    why: str | None = None


def percent(matrix: Matrix, tolerance: float = 0, *, resamples: int = 0, seed: int = 0) -> Estimate:
    """The share (0..1) of pairs of scores of one output that lie within `tolerance`."""
    rows = _Rows.of(matrix)
    return _estimate(rows, rows.agreeing(tolerance), resamples, seed)


def cohen_kappa(matrix: Matrix, *, resamples: int = 0, seed: int = 0) -> Estimate:
    """Cohen's kappa; of more than two annotators the pooled one.

    Pooled means that observed and chance disagreement are summed over the pairs of annotators, each
    pair over the outputs it shares, before they are divided. Where nothing is missing that is
    Conger's kappa. Sources: Cohen (1960), Educ. Psychol. Meas. 20, 37-46; Conger (1980),
    Psychol. Bull. 88, 322-328; De Vries et al. (2008), Field Methods 20, 272-282.
    """
    rows = _Rows.of(matrix)
    return _estimate(rows, rows.kappa(rows.unequal()), resamples, seed)


def weighted_kappa(matrix: Matrix, *, resamples: int = 0, seed: int = 0) -> Estimate:
    """Kappa that counts a disagreement by its squared distance; pooled as `cohen_kappa`.

    Source: Cohen (1968), Psychol. Bull. 70, 213-220.
    """
    rows = _Rows.of(matrix)
    return _estimate(rows, rows.kappa(rows.squared()), resamples, seed)


def krippendorff_alpha(
    matrix: Matrix, level: Level, *, resamples: int = 0, seed: int = 0
) -> Estimate:
    """Krippendorff's alpha of any number of annotators, scores missing or not.

    Distances: nominal 0 or 1; ordinal by ranks, as often as each value was used; interval squared.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section E;
    Krippendorff (2004), Content Analysis, 2nd ed., ch. 11.
    """
    rows = _Rows.of(matrix)
    return _estimate(rows, rows.alpha(level), resamples, seed)


def bootstrap(
    measure: Measure, counts: Codes, *, resamples: int = RESAMPLES, seed: int = 0
) -> Floats:
    """`measure` of each resample of the outputs, NaN where it is undefined; shape (resamples,).

    measure: takes weights (resamples, rows), how often each distinct row is in each resample, to
    values (resamples,). counts: how often each distinct row was seen, shape (rows,).
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    total = int(counts.sum())
    shares = counts / total
    step = max(1, _CHUNK // len(counts))
    sizes = [min(step, resamples - at) for at in range(0, resamples, step)]
    return np.concatenate(
        [measure(rng.multinomial(total, shares, size).astype(np.float64)) for size in sizes]
    )


def _estimate(rows: _Rows, measure: Measure, resamples: int, seed: int) -> Estimate:
    import numpy as np

    if not rows.n:
        return Estimate(0, None, why="no output has two scores")
    value = float(measure(rows.counts[None, :].astype(np.float64))[0])
    if not np.isfinite(value):
        return Estimate(rows.n, None, why="one value only: there is nothing to tell from chance")
    if not resamples:
        return Estimate(rows.n, value)
    if rows.n == 1:
        return Estimate(1, value, why="one output gives no interval")
    found = bootstrap(measure, rows.counts, resamples=resamples, seed=seed)
    found = found[np.isfinite(found)]
    if len(found) < DEFINED * resamples:
        why = "too little variation for an interval: many resamples hold one value only"
        return Estimate(rows.n, value, why=why)
    tail = (1 - CONFIDENCE) / 2
    low, high = (float(bound) for bound in np.quantile(found, [tail, 1 - tail]))
    # Percentiles may miss the value itself by a little; sums of floats may exceed a perfect 1.
    return Estimate(rows.n, value, (min(low, value), max(min(high, 1.0), value)))


@dataclass(frozen=True)
class _Rows:
    """The distinct rows of a matrix, as codes.

    values: the K values in use, ascending. codes: (rows, annotators), an index into `values` or -1.
    counts: how many outputs have each row.
    """

    values: Floats
    codes: Codes
    counts: Codes

    @classmethod
    def of(cls, matrix: Matrix) -> _Rows:
        import numpy as np

        scores = np.array(matrix, dtype=np.float64, ndmin=2)
        if scores.ndim != 2:
            raise ValueError("a matrix has one row of each output and one column of each annotator")
        if np.isinf(scores).any():
            raise ValueError("a score is a finite number, or None")
        given = ~np.isnan(scores)
        paired = given.sum(axis=1) >= 2
        scores, given = scores[paired], given[paired]
        values = np.unique(scores[given])
        codes = np.where(given, np.searchsorted(values, scores), -1).astype(np.int64)
        distinct, counts = np.unique(codes, axis=0, return_counts=True)
        return cls(values, distinct, counts.astype(np.int64))

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    def unequal(self) -> Floats:
        """(K, K): 1 where two values differ."""
        import numpy as np

        return 1.0 - np.eye(len(self.values))

    def squared(self) -> Floats:
        return _squared(self.values)

    def agreeing(self, tolerance: float) -> Measure:
        import numpy as np

        near = (np.abs(self.values[:, None] - self.values) <= tolerance + _EPSILON).astype(float)
        pairs, agree = np.zeros(len(self.counts)), np.zeros(len(self.counts))
        for a, b in self._pairs():
            both = (a >= 0) & (b >= 0)
            pairs += both
            agree += np.where(both, near[a, b], 0.0)
        return lambda weights: (weights @ agree) / (weights @ pairs)

    def kappa(self, distance: Floats) -> Measure:
        import numpy as np

        size = np.eye(len(self.values) + 1)[:, :-1]  # code -1 is the last row: nothing
        pairs = []
        for a, b in self._pairs():
            both = (a >= 0) & (b >= 0)
            if both.any():
                one, other = size[np.where(both, a, -1)], size[np.where(both, b, -1)]
                pairs.append((one, other, np.where(both, distance[a, b], 0.0), both.astype(float)))

        def measure(weights: Floats) -> Floats:
            observed, expected = np.zeros(len(weights)), np.zeros(len(weights))
            for one, other, apart, both in pairs:
                shared = np.maximum(weights @ both, 1.0)
                observed += weights @ apart
                chance = ((weights @ one) @ distance * (weights @ other)).sum(axis=1)
                expected += chance / shared
            return _beyond(observed, expected)

        return measure

    def alpha(self, level: Level) -> Measure:
        """Of coincidences o: 1 - (n - 1) * sum(o * d) / sum(n_c * n_k * d)."""
        import numpy as np

        rows, many = len(self.counts), len(self.values)
        used = (self.codes[:, :, None] == np.arange(many)).sum(axis=1).astype(float)
        each = used.sum(axis=1, keepdims=True)
        pairs = used[:, :, None] * used[:, None, :]
        pairs[:, np.arange(many), np.arange(many)] -= used
        coincidences = (pairs / (each[:, :, None] - 1)).reshape(rows, many * many)

        def measure(weights: Floats) -> Floats:
            found = (weights @ coincidences).reshape(-1, many, many)
            totals = weights @ used
            apart = self._apart(level, totals)
            observed = (found * apart).sum(axis=(1, 2))
            expected = (totals[:, :, None] * totals[:, None, :] * apart).sum(axis=(1, 2))
            return _beyond(observed, expected / (totals.sum(axis=1) - 1))

        return measure

    def _apart(self, level: Level, totals: Floats) -> Floats:
        """(1 or resamples, K, K): how far two values are apart, squared."""
        if level == "nominal":
            return self.unequal()[None]
        if level == "interval":
            return self.squared()[None]
        # All values between two, and half of each: the difference of their mid-ranks. As a share of
        # all, which cancels out, it stays small.
        ranks = (totals.cumsum(axis=1) - totals / 2) / totals.sum(axis=1, keepdims=True)
        return _squared(ranks)

    def _pairs(self) -> list[tuple[Any, Any]]:
        columns = self.codes.T
        return [(a, b) for at, a in enumerate(columns) for b in columns[at + 1 :]]


def _squared(values: Floats) -> Floats:
    apart: Floats = values[..., :, None] - values[..., None, :]
    return apart * apart


def _beyond(observed: Floats, expected: Floats) -> Floats:
    """1 - observed / expected, NaN where chance alone leaves nothing to disagree about."""
    import numpy as np

    defined = expected > _EPSILON
    return np.where(defined, 1.0 - observed / np.where(defined, expected, 1.0), np.nan)
