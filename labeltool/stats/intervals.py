"""Intervals of a rate, in plain Python: gates need them before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

CONFIDENCE = 0.95
_Z95 = 1.959963984540054
_FURTHEST = 10_000_000


def quantile(confidence: float = CONFIDENCE) -> float:
    """The two-sided normal quantile of `confidence` (0..1, both ends open)."""
    if confidence == CONFIDENCE:
        return _Z95
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval (low, high) of the rate successes / n, 0 < n, 0 <= successes <=
    n.

    Clipped so that it always holds the observed rate, which rounding can otherwise push out at 0
    and 1. `successes` may be fractional: a sum of scores in 0..1 has at most the variance p(1 -
    p), so the interval of a mean score is conservative. Source: Wilson (1927), JASA 22, 209-212.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a rate")
    z = quantile(confidence)
    rate = successes / n
    spread = z * z / n
    centre = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(rate * (1 - rate) / n + spread / (4 * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return min(low, rate), max(high, rate)


def cases_to_settle(
    rate: float,
    threshold: float,
    *,
    more_than: int = 0,
    interval: Callable[[float, int], tuple[float, float]] = wilson,
) -> int | None:
    """The fewest cases above `more_than` at which `rate`, if it stays, has an interval clear
    of `threshold`.

    Clear means a lower bound at or above the threshold, or an upper bound below it. None where
    the rate stands on the threshold, or so near that ten million cases would not do. interval: of
    so many successes in so many cases.
    """

    def clear(n: int) -> bool:
        low, high = interval(rate * n, n)
        return low >= threshold or high < threshold

    low = more_than
    high = max(1, more_than + 1)
    while not clear(high):
        if high >= _FURTHEST:
            return None
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if clear(middle) else (middle, high)
    return high
