"""Groups among vectors: dense ones among those that lie far out, grown into what is around them.

Vectors have length 1; distances are 1 - cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.floating[Any]]
    Places = NDArray[np.intp]

LINKED = 3_000
"""So many points are linked with one another: their distances take 36 MB."""
_ROUNDS = 3
_OWN = 0.9
"""A grown cluster reaches as far as this share of its seeds."""


@dataclass(frozen=True)
class Group:
    """members: places among the points, the nearest to the centre first. centre: (d,), of length
    1, or 0 where they point nowhere.
    """

    members: tuple[int, ...]
    centre: Floats


def linked(points: Vectors, cut: float) -> list[Places]:
    """The groups of `points` that average linkage makes below the distance `cut`, the largest
    first. points: (n, d), n at most LINKED.

    Source: Sokal and Michener (1958), Univ. Kansas Sci. Bull. 38, 1409-1438 (UPGMA).
    """
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(points) < 2:
        return [np.arange(len(points))] if len(points) else []
    exact = points.astype(np.float64)
    apart = np.clip(1 - exact @ exact.T, 0, 2)
    np.fill_diagonal(apart, 0)
    names = fcluster(linkage(squareform(apart, checks=False), "average"), cut, "distance")
    groups = [np.flatnonzero(names == name) for name in np.unique(names)]
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))


def grown(
    points: Vectors, to_case: Sequence[float], seeds: Sequence[Places], *, least: int
) -> list[Group]:
    """Groups of `points` around `seeds` (places of points that no case is near to).

    A point joins the group whose centre is nearest where that is nearer than its nearest case is
    (`to_case`: n distances) and no farther than 0.9 of the group's seeds are; centres follow their
    members, three times. Groups under `least` members fall away; largest first.
    """
    import numpy as np

    members = [np.asarray(one) for one in seeds]
    if not members:
        return []
    beyond = np.asarray(to_case)
    every = np.arange(len(points))
    for _ in range(_ROUNDS):
        apart = 1 - points @ np.stack([centre(points[one]) for one in members]).T
        nearest = apart.argmin(axis=1)
        own = apart[every, nearest]
        radii = np.array([np.quantile(apart[one, at], _OWN) for at, one in enumerate(seeds)])
        joins = (own < beyond) & (own <= radii[nearest])
        members = [
            np.union1d(one, np.flatnonzero(joins & (nearest == at))) for at, one in enumerate(seeds)
        ]
    found = [_group(points, one) for one in members if len(one) >= least]
    return sorted(found, key=lambda group: (-len(group.members), group.members))


def _group(points: Vectors, members: Places) -> Group:
    middle = centre(points[members])
    order = (-(points[members] @ middle)).argsort(kind="stable")
    return Group(tuple(int(members[at]) for at in order), middle)


def stacked(vectors: Sequence[Vectors], dimensions: int) -> Vectors:
    """(n, dimensions) of n vectors, none of them too."""
    import numpy as np

    return np.stack(vectors) if vectors else np.empty((0, dimensions), dtype=np.float32)


def centre(points: Vectors) -> Floats:
    """The direction of the mean of (n, d) points: length 1, or 0 where they have none."""
    import numpy as np

    total: Floats = points.sum(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(total))
    return total / length if length > 0 else total


def packed(centre: Floats) -> str:
    """A direction as text: a signed byte a dimension, good to about 0.01 in cosine."""
    import base64

    import numpy as np

    largest = float(np.abs(centre).max()) or 1.0
    return base64.b64encode(np.round(centre / largest * 127).astype(np.int8).tobytes()).decode()


def likeness(one: str, other: str) -> float:
    """The cosine of two packed directions; 0 where either is none, or they are of other lengths."""
    a, b = _unpacked(one), _unpacked(other)
    if a is None or b is None or len(a) != len(b):
        return 0.0
    import numpy as np

    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / lengths if lengths else 0.0


def _unpacked(text: str) -> Floats | None:
    import base64
    import binascii

    import numpy as np

    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return np.frombuffer(data, dtype=np.int8).astype(np.float64)
