"""Groups among vectors that lie far out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from labeltool.stats.clusters import centre, grown, likeness, linked, packed, stacked

Vectors = NDArray[np.floating[Any]]


def around(axis: int, n: int, seed: int, *, spread: float = 0.15, d: int = 12) -> Vectors:
    random = np.random.default_rng(seed)
    found = random.normal(0, spread, (n, d))
    found[:, axis] += 1
    vectors: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
    return vectors


def test_linked_is_average_linkage_as_scikit_learn_does_it() -> None:
    points = np.concatenate([around(axis, 40, axis, spread=0.3) for axis in range(3)])
    groups = linked(points, 0.6)
    ours = np.empty(len(points), dtype=int)
    for name, group in enumerate(groups):
        ours[group] = name
    oracle = AgglomerativeClustering(
        n_clusters=None, distance_threshold=0.6, metric="cosine", linkage="average"
    ).fit_predict(points)
    assert adjusted_rand_score(oracle, ours) == 1.0
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)


def test_a_point_alone_and_none_at_all() -> None:
    assert [list(group) for group in linked(around(0, 1, 1), 0.5)] == [[0]]
    assert linked(np.empty((0, 3)), 0.5) == []
    assert grown(np.empty((0, 3)), [], [], least=1) == []


def test_a_cluster_grows_into_covered_points_that_are_nearer_to_it_than_to_a_case() -> None:
    new, old = around(0, 60, 1), around(5, 60, 2)
    points = np.concatenate([new, old])
    to_case = [0.3] * 60 + [0.01] * 60
    seeds = [np.arange(8)]
    (group,) = grown(points, to_case, seeds, least=5)
    assert set(group.members) <= set(range(60)), "what a case is near to stays out"
    assert len(group.members) > 40
    assert set(range(8)) <= set(group.members), "seeds stay in"
    apart = 1 - points[list(group.members)] @ group.centre
    assert (np.diff(apart) >= -1e-9).all(), "the most typical first"


def test_what_stays_small_falls_away() -> None:
    points = around(0, 4, 1)
    assert grown(points, [1.0] * 4, [np.arange(4)], least=5) == []


def test_a_packed_direction_is_good_to_a_hundredth() -> None:
    for seed in range(20):
        one, other = centre(around(0, 5, seed)), centre(around(seed % 4, 5, seed + 100))
        assert likeness(packed(one), packed(other)) == pytest.approx(float(one @ other), abs=0.01)
    assert likeness(packed(one), "no base64!") == 0
    assert likeness(packed(one), packed(one[:3])) == 0
    assert likeness(packed(np.zeros(3)), packed(np.zeros(3))) == 0


def test_stacking_none_gives_no_row() -> None:
    assert stacked([], 4).shape == (0, 4)
    assert stacked([np.ones(4), np.zeros(4)], 4).shape == (2, 4)
