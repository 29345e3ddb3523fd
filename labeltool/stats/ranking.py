"""Which of several systems is best by a weighted total, and how sure that is.

A row of the table is one criterion: a number of each case for each system, None where the case
says nothing about it. Cases are resampled, not rows: what systems share in a case (a hard one, a
long one) stays shared, as in a paired comparison. Percentile bootstrap within strata (Efron and
Tibshirani 1993, ch. 8 and 13); a tie for the first place is shared among those who tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

from labeltool.stats.intervals import CONFIDENCE, quantile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES = 2_000
_CHUNK = 4_000_000
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion. values: systems x cases, None where a case has no value; every system has a
    value on some case. weight: >= 0. The statistic over the cases goes to 0..1 linearly: 0 at
    `limit`, 1 at `target`, clipped.
    """

    weight: float
    values: Sequence[Sequence[float | None]]
    statistic: Literal["mean", "p95"] = "mean"
    target: float = 1.0
    limit: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """One system's weighted total (0..1), its interval, and the share of resamples it leads."""

    total: float
    interval: tuple[float, float]
    p_best: float


@dataclass(frozen=True, slots=True)
class Gap:
    """How far `first` leads `second` (places of systems). more_cases: how many more of the same
    kind would put the interval beside zero; 0 where it is, None where no number would.
    """

    first: int
    second: int
    difference: float
    interval: tuple[float, float]
    more_cases: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """standings: in the order of the systems. gaps: the leader against each other system."""

    standings: tuple[Standing, ...]
    gaps: tuple[Gap, ...]


def rank(
    rows: Sequence[Row],
    strata: Sequence[int],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
) -> Ranking:
    """Totals of the systems. strata: each case's stratum (its tier), resampled apart.

    Raises ValueError where no row has weight.
    """
    import numpy as np

    totals = totals_of(scaled(rows), [row.weight for row in rows])
    drawn = _resampled(rows, np.asarray(strata, dtype=np.int64), resamples, seed)
    tail = 50 * (1 - confidence)
    low, high = np.percentile(drawn, [tail, 100 - tail], axis=0)
    leads = drawn >= drawn.max(axis=1, keepdims=True) - _TIE
    p_best = (leads / leads.sum(axis=1, keepdims=True)).mean(axis=0)
    standings = tuple(
        Standing(total, (min(float(low[n]), total), max(float(high[n]), total)), float(p_best[n]))
        for n, total in enumerate(totals)
    )
    first = max(range(len(totals)), key=totals.__getitem__)
    gaps = tuple(
        _gap(first, other, totals, drawn, cases=len(strata), confidence=confidence)
        for other in range(len(totals))
        if other != first
    )
    return Ranking(standings, gaps)


def scaled(rows: Sequence[Row]) -> list[list[float]]:
    """rows x systems: each row's statistic over all its cases, on the scale of 0..1."""
    import numpy as np

    return [
        [float(value) for value in _statistic(row, np.ones((1, len(row.values[0]))))[0]]
        for row in rows
    ]


def totals_of(scores: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    """The weighted mean of rows x systems. Raises ValueError where all weights are 0."""
    whole = sum(weights)
    if not whole > 0:
        raise ValueError("no row has weight")
    return [
        sum(weight * row[system] for weight, row in zip(weights, scores, strict=True)) / whole
        for system in range(len(scores[0]))
    ]


def _gap(
    first: int,
    second: int,
    totals: Sequence[float],
    drawn: Floats,
    *,
    cases: int,
    confidence: float,
) -> Gap:
    import numpy as np

    difference = totals[first] - totals[second]
    apart = drawn[:, first] - drawn[:, second]
    tail = 50 * (1 - confidence)
    low, high = (float(edge) for edge in np.percentile(apart, [tail, 100 - tail]))
    interval = min(low, difference), max(high, difference)
    more = 0 if interval[0] > 0 else _more(difference, float(apart.std()), cases, confidence)
    return Gap(first, second, difference, interval, more)


def _more(difference: float, error: float, cases: int, confidence: float) -> int | None:
    """By the normal approximation: the error falls with the root of the number of cases."""
    if difference <= _TIE:
        return None
    needed = cases * (quantile(confidence) * error / difference) ** 2
    return max(1, ceil(needed) - cases)


def _resampled(rows: Sequence[Row], strata: NDArray[np.int64], resamples: int, seed: int) -> Floats:
    """resamples x systems: totals, each over one draw of the cases."""
    import numpy as np

    random = np.random.default_rng(seed)
    weights = np.asarray([row.weight for row in rows])
    at_once = max(1, _CHUNK // max(1, len(strata)))
    parts = []
    for start in range(0, resamples, at_once):
        counts = _draw(random, strata, min(at_once, resamples - start))
        scores = np.stack([_statistic(row, counts) for row in rows])
        parts.append(np.tensordot(weights / weights.sum(), scores, axes=1))
    drawn: Floats = np.concatenate(parts)
    return drawn


def _draw(random: np.random.Generator, strata: NDArray[np.int64], times: int) -> Floats:
    """times x cases: how often each case is in a draw, as many of each stratum as there are."""
    import numpy as np

    counts = np.zeros((times, len(strata)))
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        counts[:, inside] = random.multinomial(
            len(inside), np.full(len(inside), 1 / len(inside)), size=times
        )
    return counts


def _statistic(row: Row, counts: Floats) -> Floats:
    """draws x systems, on the scale of 0..1. A draw that missed every case takes the whole's."""
    import numpy as np

    values = np.asarray(
        [[np.nan if one is None else one for one in system] for system in row.values], dtype=float
    )
    measure = _means if row.statistic == "mean" else _quantiles
    found = measure(values, counts)
    if np.isnan(found).any():
        whole = measure(values, np.ones((1, values.shape[1])))
        found = np.where(np.isnan(found), whole, found)
    share: Floats = np.clip((found - row.limit) / (row.target - row.limit), 0, 1)
    return share


def _means(values: Floats, counts: Floats) -> Floats:
    import numpy as np

    known = ~np.isnan(values)
    n = counts @ known.T.astype(float)
    sums = counts @ np.where(known, values, 0.0).T
    means: Floats = np.divide(sums, n, out=np.full_like(sums, np.nan), where=n > 0)
    return means


def _quantiles(values: Floats, counts: Floats, share: float = 0.95) -> Floats:
    """The smallest value that `share` of the drawn cases do not exceed (inverse of the ECDF)."""
    import numpy as np

    found = np.full((len(counts), len(values)), np.nan)
    for system, own in enumerate(values):
        order = np.argsort(own)[: int((~np.isnan(own)).sum())]
        if not len(order):
            continue
        sums = counts[:, order].cumsum(axis=1)
        drawn = sums[:, -1] > 0
        place = (sums >= share * sums[:, -1:] - _TIE).argmax(axis=1)
        found[drawn, system] = own[order][place[drawn]]
    return found
