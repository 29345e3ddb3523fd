"""Sets of vectors that have parted, and sets that have not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial import distance
from sklearn.neighbors import NearestNeighbors

from labeltool.stats import shift
from labeltool.stats.shift import (
    Centroid,
    centroid_distance,
    nearest,
    own_nearest,
    permutation_null,
    reach,
)

Vectors = NDArray[np.floating[Any]]


def cloud(n: int, seed: int, *, around: int = 0, spread: float = 0.3, d: int = 16) -> Vectors:
    random = np.random.default_rng(seed)
    found = random.normal(0, spread, (n, d)).astype(np.float32)
    found[:, around] += 1
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    vectors: Vectors = found / lengths
    return vectors


def centroid(*batches: Vectors) -> Centroid:
    found = Centroid()
    for batch in batches:
        found.add(batch)
    return found


def test_the_distance_of_centroids_is_scipys_however_the_batches_came() -> None:
    one, other = cloud(300, 1), cloud(500, 2, around=3)
    found = centroid_distance(centroid(one[:100], one[100:]), centroid(other))
    oracle = distance.cosine(one.mean(axis=0, dtype=float), other.mean(axis=0, dtype=float))
    assert found == pytest.approx(oracle, abs=1e-9)
    halves = centroid(one[:7])
    halves.merge(centroid(one[7:]))
    assert centroid_distance(halves, centroid(other)) == pytest.approx(found)


def test_sums_do_not_lose_digits() -> None:
    row = np.full((1, 4), 0.5, dtype=np.float32)
    found = Centroid()
    batch = np.repeat(row, 50_000, axis=0) + np.float32(1e-4)
    for _ in range(20):
        found.add(batch)
    mean = found.mean()
    assert mean is not None
    assert mean == pytest.approx(np.full(4, float(batch[0, 0])), rel=1e-12)


def test_texts_that_say_nothing_move_no_centroid() -> None:
    one = cloud(50, 1)
    assert centroid(one, np.zeros((9, 16), dtype=np.float32)).n == 50
    assert centroid_distance(centroid(np.zeros((3, 16))), centroid(one)) is None
    opposed = np.concatenate([one, -one])
    assert centroid_distance(centroid(opposed), centroid(one)) is None


def test_the_null_is_uniform_where_nothing_has_parted() -> None:
    values = []
    for seed in range(120):
        whole = cloud(90, seed)
        found = permutation_null(whole[40:], whole[:40], permutations=99, seed=seed)
        assert found is not None
        values.append(found.p_value)
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_the_null_tells_sets_that_have_parted() -> None:
    found = permutation_null(cloud(60, 1, around=2), cloud(40, 2), permutations=199)
    assert found is not None
    assert found.p_value == 1 / 200
    apart = centroid_distance(centroid(cloud(60, 1, around=2)), centroid(cloud(40, 2)))
    assert apart is not None
    assert found.q95 < apart
    assert permutation_null(np.zeros((5, 16)), cloud(5, 1)) is None


@pytest.mark.parametrize("at_once", [50, 4_000_000])
def test_nearest_neighbours_are_scikit_learns(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shift, "_AT_ONCE", at_once)
    points, cases = cloud(70, 1, around=2), cloud(40, 2)
    oracle = NearestNeighbors(n_neighbors=2, metric="cosine").fit(cases)
    there, at = oracle.kneighbors(points, 1)
    distances, places = nearest(points, cases)
    assert distances == pytest.approx(there[:, 0], abs=1e-5)
    assert places.tolist() == at[:, 0].tolist()
    assert own_nearest(cases) == pytest.approx(oracle.kneighbors(cases, 2)[0][:, 1], abs=1e-5)


def test_the_reach_leaves_one_case_in_twenty_outside() -> None:
    cases = cloud(200, 3)
    outside = np.count_nonzero(own_nearest(cases) > reach(cases))
    assert outside in (9, 10)


def test_of_the_same_kind_about_one_in_twenty_lies_uncovered_and_of_another_all() -> None:
    cases, edge = cloud(300, 4), reach(cloud(300, 4))
    same, _ = nearest(cloud(2_000, 5), cases)
    other, _ = nearest(cloud(200, 6, around=7), cases)
    assert 0.02 < np.mean(same > edge) < 0.08
    assert np.mean(other > edge) > 0.9


def test_what_is_taken_from_a_sum_leaves_the_others() -> None:
    one, other = cloud(300, 1), cloud(100, 2, around=3)
    both = centroid(one, other)
    left = both.without(centroid(other))
    assert left.n == 300
    assert left.mean() == pytest.approx(centroid(one).mean())
    # A tenth of them that stands for all: the sample's sum counts ten times.
    left = both.without(centroid(other[:10]), times=10)
    assert left.n == 300
    assert centroid_distance(left, centroid(one)) == pytest.approx(0, abs=0.05)
    assert both.without(both).mean() is None
