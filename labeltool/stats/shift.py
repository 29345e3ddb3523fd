"""Whether two sets of vectors have parted: centroids, what lies uncovered, and a null beside it.

Vectors have length 1, or 0 for a text that says nothing; distances are 1 - cosine. Sums are float64
whatever the vectors are: over a million rows a float32 mean is off in its third digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.floating[Any]]

COVERED_SHARE = 0.95
PERMUTATIONS = 500
NO_DIRECTION = 1e-3
"""A mean of vectors of length 1 that is shorter than this points nowhere."""
_AT_ONCE = 4_000_000


class Centroid:
    """The sum of many vectors, added a batch at a time."""

    def __init__(self) -> None:
        self._sum: Floats | None = None
        self.n = 0

    def add(self, vectors: Vectors) -> None:
        """vectors: (n, d). Those of length 0 count for nothing."""
        import numpy as np

        said = int(np.count_nonzero(vectors.any(axis=1)))
        if not said:
            return
        batch: Floats = vectors.sum(axis=0, dtype=np.float64)
        self._sum = batch if self._sum is None else self._sum + batch
        self.n += said

    def merge(self, other: Centroid) -> None:
        if other._sum is not None:
            self._sum = other._sum if self._sum is None else self._sum + other._sum
            self.n += other.n

    def without(self, other: Centroid, times: float = 1.0) -> Centroid:
        """This sum less `other`, which stands for `times` as many vectors as it holds."""
        left = Centroid()
        left.merge(self)
        if left._sum is not None and other._sum is not None:
            left._sum = left._sum - times * other._sum
            left.n = max(0, self.n - round(times * other.n))
        return left if left.n else Centroid()

    def mean(self) -> Floats | None:
        return None if self._sum is None else self._sum / self.n


def centroid_distance(one: Centroid, other: Centroid) -> float | None:
    """1 - cosine of the two means, 0..2; None where either is empty or points nowhere."""
    a, b = one.mean(), other.mean()
    return None if a is None or b is None else _distance(a, b)


def _distance(a: Floats, b: Floats) -> float | None:
    import numpy as np

    lengths = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if min(lengths) < NO_DIRECTION:
        return None
    return float(np.clip(1 - float(a @ b) / (lengths[0] * lengths[1]), 0, 2))


@dataclass(frozen=True, slots=True)
class Null:
    """p_value: the share of permutations (the observed one among them) at least as far apart. q95:
    the distance that 95% of them stay under.
    """

    p_value: float
    q95: float


def permutation_null(
    sample: Vectors, cases: Vectors, *, permutations: int = PERMUTATIONS, seed: int = 0
) -> Null | None:
    """How far the centroids of two sets of these sizes lie apart when chance deals the vectors.

    sample: (n, d) production vectors, all or a random part; cases: (m, d). None where a centroid
    points nowhere. Source: Fisher (1935), The Design of Experiments; p with the observed one
    counted: Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39.
    """
    import numpy as np

    pool = np.concatenate([cases, sample]).astype(np.float64)
    pool = pool[pool.any(axis=1)]
    m = int(np.count_nonzero(cases.any(axis=1)))
    if not 0 < m < len(pool):
        return None
    total = pool.sum(axis=0)
    observed = _distance(pool[:m].mean(axis=0), pool[m:].mean(axis=0))
    if observed is None:
        return None
    random = np.random.default_rng(seed)
    found = []
    for _ in range(permutations):
        part = pool[random.permutation(len(pool))[:m]].sum(axis=0)
        apart = _distance(part / m, (total - part) / (len(pool) - m))
        found.append(0.0 if apart is None else apart)
    distances = np.array(found)
    beyond = int(np.count_nonzero(distances >= observed - 1e-12))
    return Null((beyond + 1) / (permutations + 1), float(np.quantile(distances, 0.95)))


def nearest(points: Vectors, cases: Vectors) -> tuple[Floats, NDArray[np.intp]]:
    """(distance to the nearest case, its place) of each point: (n,), (n,). cases: at least one.

    A point that says nothing lies at distance 1 of everything.
    """
    import numpy as np

    distances = np.empty(len(points), dtype=np.float64)
    places = np.empty(len(points), dtype=np.intp)
    for start, batch in _batches(points, len(cases)):
        close = batch @ cases.T
        at = close.argmax(axis=1)
        places[start : start + len(batch)] = at
        distances[start : start + len(batch)] = 1 - close[np.arange(len(batch)), at]
    return np.clip(distances, 0, 2), places


def own_nearest(cases: Vectors) -> Floats:
    """Each case's distance to the nearest other case (leave-one-out): (m,). At least two cases."""
    import numpy as np

    distances = np.empty(len(cases), dtype=np.float64)
    for start, batch in _batches(cases, len(cases)):
        close = batch @ cases.T
        own = np.arange(len(batch))
        close[own, start + own] = -np.inf
        distances[start : start + len(batch)] = 1 - close.max(axis=1)
    return np.clip(distances, 0, 2)


def reach(cases: Vectors, share: float = COVERED_SHARE) -> float:
    """The distance that `share` of the cases have a neighbour within; further off is uncovered."""
    import numpy as np

    return float(np.quantile(own_nearest(cases), share, method="higher"))


def _batches(points: Vectors, width: int) -> Iterator[tuple[int, Vectors]]:
    size = max(1, _AT_ONCE // max(1, width))
    for start in range(0, len(points), size):
        yield start, points[start : start + size]
