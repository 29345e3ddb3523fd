"""Two runs over the same cases, pair by pair; plain Python, since every gated run needs it."""

from __future__ import annotations

from math import exp, fsum, lgamma, log


def mcnemar_exact(broken: int, fixed: int) -> float | None:
    """Two-sided exact p-value that a change breaks as often as it fixes; None without a change.

    broken, fixed: the discordant pairs, passed to failed and failed to passed. Under the null each
    of them falls either way with probability 1/2, so the smaller count is binomial; twice its lower
    tail, at most 1. Source: McNemar (1947), Psychometrika 12, 153-157; the exact form of Fay
    (2010), "Two-sided exact tests and matching confidence intervals for discrete data".
    """
    if broken < 0 or fixed < 0:
        raise ValueError(f"{broken} and {fixed} are no counts")
    n = broken + fixed
    if n == 0:
        return None
    tail = fsum(_half_binomial(k, n) for k in range(min(broken, fixed) + 1))
    return min(1.0, 2 * tail)


def _half_binomial(k: int, n: int) -> float:
    """The probability of k of n heads; by logarithms, since 2 ** -n leaves the floats at 1,075."""
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2))
