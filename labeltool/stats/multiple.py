"""Many tests at once, and the one test that is made many times: did a rate rise?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, fsum, lgamma


def rise(hits: int, n: int, before_hits: int, before_n: int) -> float:
    """One-sided exact p-value that hits / n is no higher than before_hits / before_n.

    Source: Fisher (1934), Statistical Methods for Research Workers, section 21.02; the upper tail
    of the hypergeometric distribution. Raises ValueError where a side has no trials.
    """
    if not (0 <= hits <= n and 0 <= before_hits <= before_n and n and before_n):
        raise ValueError(f"{hits} of {n} and {before_hits} of {before_n} are no two rates")
    total, bad = n + before_n, hits + before_hits
    if hits * total > bad * n:
        return min(1.0, fsum(_tail(hits, n, total, bad, step=1)))
    return max(0.0, 1 - fsum(_tail(hits - 1, n, total, bad, step=-1)))


def _tail(hits: int, n: int, total: int, bad: int, *, step: int) -> Iterator[float]:
    """The probabilities of so many of the bad ones among n of all, and of more (or fewer), as long
    as they matter; plain Python, since all of scipy.stats takes longer to import than to count.
    """
    low, high = max(0, n + bad - total), min(n, bad)
    if not low <= hits <= high:
        return
    log_p = _choose(bad, hits) + _choose(total - bad, n - hits) - _choose(total, n)
    first = term = exp(log_p)
    while low <= hits <= high and term > first * 1e-17:
        yield term
        if step > 0:
            term *= (bad - hits) * (n - hits) / ((hits + 1) * (total - bad - n + hits + 1))
        else:
            term *= hits * (total - bad - n + hits) / ((bad - hits + 1) * (n - hits + 1))
        hits += step


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given: the chance of any false alarm is held.

    Source: Holm (1979), Scand. J. Stat. 6, 65-70.
    """
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted
