"""Many tests at once, and the one test that is made many times: did a rate rise?"""

from __future__ import annotations

from collections.abc import Sequence


def rise(hits: int, n: int, before_hits: int, before_n: int) -> float:
    """One-sided exact p-value that hits / n is no higher than before_hits / before_n.

    Source: Fisher (1934), Statistical Methods for Research Workers, section 21.02; the upper tail
    of the hypergeometric distribution. Raises ValueError where a side has no trials.
    """
    if not (0 <= hits <= n and 0 <= before_hits <= before_n and n and before_n):
        raise ValueError(f"{hits} of {n} and {before_hits} of {before_n} are no two rates")
    from scipy.stats import hypergeom

    return float(hypergeom.sf(hits - 1, n + before_n, hits + before_hits, n))


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
