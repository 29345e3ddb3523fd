"""Ordinal regression: the cumulative logit model with a ridge penalty.

P(level <= k) = 1 / (1 + exp(x . weights - cuts[k])). Sources: McCullagh (1980), "Regression models
for ordinal data", JRSS B 42, 109-142; Agresti (2010), Analysis of Ordinal Categorical Data, ch. 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

Sign = int
"""-1: the weight is at most 0; 1: at least 0; 0: free."""

_TINY = 1e-12
_STEEP = 30.0


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A fitted model of the ascending `levels`: one weight a feature, one cut fewer than levels."""

    levels: tuple[int, ...]
    cuts: tuple[float, ...]
    weights: tuple[float, ...]

    def at_least(self, features: Sequence[float]) -> tuple[float, ...]:
        """P(level >= each of `levels`): the first is 1, and they never rise."""
        merit = sum(w * x for w, x in zip(self.weights, features, strict=True))
        return (1.0, *(_logistic(merit - cut) for cut in self.cuts))

    def level(self, features: Sequence[float]) -> int:
        """The median: the highest level that is reached with probability 1/2 or more.

        Of all single answers it is the one most likely to fall on the right side of every cut, so
        whichever level counts as met, met or not met is called as well as the model can.
        """
        chances = self.at_least(features)
        return max(
            level for level, chance in zip(self.levels, chances, strict=True) if chance >= 0.5
        )


def fit(
    features: Sequence[Sequence[float]],
    levels: Sequence[int],
    *,
    penalty: float = 1.0,
    signs: Sequence[Sign] | None = None,
    sample_weights: Sequence[float] | None = None,
) -> Ordinal:
    """The model that makes `levels` (n) most likely given `features` (n x k), penalised.

    It minimises -log-likelihood + penalty / 2 * sum((weight * sd of its feature)^2): features count
    in units of their own spread, cuts are free. `signs` bound the weights. At least two levels must
    occur (ValueError); those that do not occur are never predicted. Deterministic.
    """
    import numpy as np
    from scipy.optimize import minimize

    given = np.asarray(features, dtype=np.float64).reshape(len(levels), -1)
    values, codes = np.unique(np.asarray(levels, dtype=np.int64), return_inverse=True)
    if len(values) < 2:
        raise ValueError("one level only: there is nothing to fit")
    mass = np.ones(len(codes)) if sample_weights is None else np.asarray(sample_weights, float)
    centre = np.average(given, axis=0, weights=mass)
    spread = np.sqrt(np.average((given - centre) ** 2, axis=0, weights=mass))
    spread[spread < _TINY] = np.inf  # a constant feature says nothing: its weight is 0
    scaled = (given - centre) / spread
    cuts = len(values) - 1
    bounds = [(None, None)] + [(-_STEEP, _STEEP)] * (cuts - 1)
    bounds += [_bound(sign) for sign in (signs or [0] * given.shape[1])]
    problem = _Problem(scaled, codes, mass, cuts, penalty)
    found = minimize(
        problem,
        problem.start(),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-10, "gtol": 1e-6},
    ).x
    at, scaled_weights = problem.unpack(found)
    weights = scaled_weights / spread
    shift = float(centre @ weights)
    return Ordinal(
        tuple(int(value) for value in values),
        tuple(float(cut) + shift for cut in at),
        tuple(float(weight) for weight in weights),
    )


def folds(groups: Sequence[str], count: int, *, seed: int) -> list[int]:
    """The fold (0 .. count - 1) of each item: items of one group share it, and folds are as even
    as whole groups allow. The order of the items changes nothing.
    """
    from random import Random

    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    shuffled = sorted(sizes)
    Random(seed).shuffle(shuffled)  # noqa: S311 - nothing to keep secret
    load = [0] * count
    home: dict[str, int] = {}
    for group in sorted(shuffled, key=lambda one: -sizes[one]):  # the largest first
        home[group] = min(range(count), key=lambda fold: load[fold])
        load[home[group]] += sizes[group]
    return [home[group] for group in groups]


class _Problem:
    """The penalised loss and its slope, in the first cut, the logs of the steps between cuts (so
    they stay in order) and the weights.
    """

    def __init__(self, x: Floats, codes: Codes, mass: Floats, cuts: int, penalty: float):
        self.x, self.codes, self.mass, self.cuts, self.penalty = x, codes, mass, cuts, penalty

    def start(self) -> Floats:
        """The cuts of the levels' own shares, no weight."""
        import numpy as np

        share = np.bincount(self.codes, weights=self.mass, minlength=self.cuts + 1)
        below = np.clip(share.cumsum()[:-1] / share.sum(), 1e-6, 1 - 1e-6)
        at = np.log(below / (1 - below))
        steps = np.log(np.maximum(np.diff(at), 1e-3))
        return np.concatenate([at[:1], steps, np.zeros(self.x.shape[1])])

    def unpack(self, packed: Floats) -> tuple[Floats, Floats]:
        import numpy as np

        steps = np.exp(packed[1 : self.cuts])
        at = packed[0] + np.concatenate([[0.0], steps.cumsum()])
        return at, packed[self.cuts :]

    def __call__(self, packed: Floats) -> tuple[float, Floats]:
        import numpy as np
        from scipy.special import expit

        at, weights = self.unpack(packed)
        merit = self.x @ weights
        edges = np.concatenate([[-np.inf], at, [np.inf]])
        upper = expit(edges[self.codes + 1] - merit)
        lower = expit(edges[self.codes] - merit)
        chance = np.maximum(upper - lower, 1e-300)
        loss = -float(self.mass @ np.log(chance)) + self.penalty / 2 * float(weights @ weights)
        # d chance / d edge, of the upper and the lower edge; 0 at the infinite ones
        rise = self.mass * upper * (1 - upper) / chance
        fall = self.mass * lower * (1 - lower) / chance
        by_cut = np.bincount(self.codes, weights=-rise, minlength=self.cuts + 1)[: self.cuts]
        by_cut += np.bincount(self.codes, weights=fall, minlength=self.cuts + 1)[1:]
        by_step = by_cut[::-1].cumsum()[::-1]  # a step moves its cut and all above it
        steps = np.exp(packed[1 : self.cuts])
        by_weight = self.x.T @ (rise - fall) + self.penalty * weights
        return loss, np.concatenate([by_step[:1], by_step[1:] * steps, by_weight])


def _bound(sign: Sign) -> tuple[Any, Any]:
    return (0.0 if sign > 0 else None, 0.0 if sign < 0 else None)


def _logistic(value: float) -> float:
    if value >= 0:
        return 1 / (1 + exp(-value))
    return exp(value) / (1 + exp(value)) if value > -700 else 0.0
