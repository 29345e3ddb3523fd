from __future__ import annotations

import random
import subprocess
import sys
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeltool.stats import agreement
from labeltool.stats.agreement import (
    Level,
    Matrix,
    bootstrap,
    cohen_kappa,
    krippendorff_alpha,
    percent,
    weighted_kappa,
)

N = None
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers.
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
# Wikipedia, Krippendorff's alpha, "A computational example": three coders, 15 units.
THREE_CODERS = [
    [N, N, N, N, N, 3, 4, 1, 2, 1, 1, 3, 3, N, 3],
    [1, N, 2, 1, 3, 3, 4, 3, N, N, N, N, N, N, N],
    [N, N, 2, 1, 3, 4, 4, N, 2, 1, 1, 3, 3, N, 4],
]

scores = st.one_of(st.none(), st.integers(0, 4))
matrices = st.integers(2, 4).flatmap(
    lambda people: st.lists(st.lists(scores, min_size=people, max_size=people), max_size=25)
)
two_people = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=1, max_size=30)


def by_output(observers: list[list[int | None]]) -> Matrix:
    return [list(row) for row in zip(*observers, strict=True)]


def value(found: agreement.Estimate) -> float:
    assert found.value is not None
    return found.value


def some_scores(outputs: int, people: int, seed: int = 1) -> list[list[float | None]]:
    """Scores 0..4 that follow a common truth, one in ten missing."""
    draw = random.Random(seed)
    rows: list[list[float | None]] = []
    for _ in range(outputs):
        truth = draw.randrange(5)
        off = [min(4, max(0, truth + draw.choice([0, 0, 0, 1, -1]))) for _ in range(people)]
        rows.append([None if draw.random() < 0.1 else float(score) for score in off])
    return rows


class TestAlpha:
    @pytest.mark.parametrize(
        ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
    )
    def test_krippendorffs_own_example_comes_out(self, level: Level, published: float) -> None:
        found = krippendorff_alpha(by_output(FOUR_OBSERVERS), level)
        assert found.n == 11
        assert value(found) == pytest.approx(published, abs=5e-4)

    @pytest.mark.parametrize(("level", "published"), [("nominal", 0.691), ("interval", 0.811)])
    def test_another_published_example_comes_out(self, level: Level, published: float) -> None:
        found = krippendorff_alpha(by_output(THREE_CODERS), level)
        assert value(found) == pytest.approx(published, abs=5e-4)

    @given(matrices, st.sampled_from(LEVELS))
    def test_it_is_what_the_definition_says_pair_by_pair(
        self, matrix: Matrix, level: Level
    ) -> None:
        found, expected = krippendorff_alpha(matrix, level).value, naive_alpha(matrix, level)
        assert (found is None) == (expected is None)
        if found is not None:
            assert found == pytest.approx(expected, abs=1e-9)

    def test_without_missing_scores_it_is_fleiss_kappa_made_fair_to_small_samples(self) -> None:
        from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

        draw = random.Random(3)
        rows = [[float(draw.choice([0, 0, 1, 2])) for _ in range(4)] for _ in range(40)]
        kappa = fleiss_kappa(aggregate_raters(np.array(rows, dtype=int))[0])
        alpha = value(krippendorff_alpha(rows, "nominal"))
        assert alpha == pytest.approx(kappa + (1 - kappa) / (40 * 4))

    @given(matrices, st.sampled_from(LEVELS), st.randoms())
    def test_who_is_who_and_which_output_is_first_does_not_matter(
        self, matrix: Matrix, level: Level, draw: random.Random
    ) -> None:
        rows = [list(row) for row in matrix]
        order = list(range(len(rows[0]))) if rows else []
        draw.shuffle(rows)
        draw.shuffle(order)
        turned = [[row[i] for i in order] for row in rows]
        assert krippendorff_alpha(turned, level).value == pytest.approx(
            krippendorff_alpha(matrix, level).value
        )

    @given(matrices)
    def test_ordinal_asks_for_the_order_alone_and_interval_for_distances(
        self, matrix: Matrix
    ) -> None:
        squares = [[None if s is None else s * s for s in row] for row in matrix]
        moved = [[None if s is None else 3 * s - 7 for s in row] for row in matrix]
        pairs: tuple[tuple[Matrix, Level], ...] = (
            (squares, "ordinal"),
            (moved, "interval"),
            (squares, "nominal"),
        )
        for changed, level in pairs:
            assert krippendorff_alpha(changed, level).value == pytest.approx(
                krippendorff_alpha(matrix, level).value
            )

    @pytest.mark.parametrize("level", LEVELS)
    def test_people_who_always_agree_have_one(self, level: Level) -> None:
        assert krippendorff_alpha([[1, 1, N], [2, N, 2], [4, 4, 4]], level).value == 1.0

    def test_people_who_never_agree_fall_below_chance(self) -> None:
        assert value(krippendorff_alpha([[0, 1], [1, 0], [0, 1]], "nominal")) < 0


class TestKappa:
    @settings(deadline=None)  # the oracle is imported in it
    @given(two_people)
    def test_of_two_people_it_is_the_one_of_scikit_learn(self, matrix: Matrix) -> None:
        from sklearn.metrics import cohen_kappa_score

        a, b = (list(column) for column in zip(*matrix, strict=True))
        labels = sorted({*a, *b})
        for ours, weights in ((cohen_kappa, None), (weighted_kappa, "quadratic")):
            found = ours(matrix).value
            if len(labels) == 1:
                assert found is None
                continue
            oracle = cohen_kappa_score(a, b, labels=range(4), weights=weights)
            assert found == pytest.approx(oracle, abs=1e-9)

    def test_of_more_people_it_is_congers(self) -> None:
        draw = random.Random(5)
        rows = [[float(draw.choice([0, 1, 1, 2])) for _ in range(3)] for _ in range(50)]
        observed = expected = 0.0
        for a, b in combinations(zip(*rows, strict=True), 2):
            observed += sum(x == y for x, y in zip(a, b, strict=True)) / 50
            expected += sum(a.count(v) * b.count(v) for v in (0, 1, 2)) / 50**2
        conger = (observed / 3 - expected / 3) / (1 - expected / 3)
        assert value(cohen_kappa(rows)) == pytest.approx(conger)

    def test_a_pair_counts_by_the_outputs_it_shares(self) -> None:
        both = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
        with_a_stranger: Matrix = [[*row, None] for row in both]
        assert cohen_kappa(with_a_stranger).value == pytest.approx(cohen_kappa(both).value)

    def test_a_value_that_is_far_off_weighs_more(self) -> None:
        near = [[0, 0], [1, 1], [2, 2], [3, 2]]
        far = [[0, 0], [1, 1], [2, 2], [3, 0]]
        assert value(weighted_kappa(near)) > value(weighted_kappa(far))


class TestPercent:
    def test_it_is_the_share_of_pairs_within_the_tolerance(self) -> None:
        matrix: Matrix = [[1, 1, 1], [1, 2, 3], [5, N, 5], [4, N, N]]
        assert value(percent(matrix)) == pytest.approx(4 / 7)
        assert value(percent(matrix, tolerance=1)) == pytest.approx(6 / 7)
        assert percent(matrix).n == 3

    @given(matrices, st.integers(0, 4))
    def test_more_tolerance_never_means_less_agreement(
        self, matrix: Matrix, tolerance: int
    ) -> None:
        strict, lax = percent(matrix, tolerance).value, percent(matrix, tolerance + 1).value
        assert strict == lax is None or (strict or 0.0) <= (lax or 0.0) <= 1.0


class TestUndefined:
    @pytest.mark.parametrize("matrix", [[], [[1, N]], [[N, N], [N, 2]], [[3]]])
    def test_without_two_scores_of_an_output_there_is_nothing(self, matrix: Matrix) -> None:
        for measure in (percent, cohen_kappa, weighted_kappa):
            found = measure(matrix, resamples=10)
            assert (found.n, found.value, found.interval) == (0, None, None)
            assert found.why == "no output has two scores"

    def test_one_value_only_is_perfect_agreement_that_says_nothing(self) -> None:
        matrix: Matrix = [[2, 2], [2, 2], [2, N]]
        assert percent(matrix).value == 1.0
        found = [cohen_kappa(matrix), weighted_kappa(matrix)]
        found += [krippendorff_alpha(matrix, level) for level in LEVELS]
        for one in found:
            assert one.value is None
            assert one.why is not None
            assert "one value only" in one.why

    def test_an_interval_is_not_given_where_most_resamples_are_undefined(self) -> None:
        found = krippendorff_alpha([[1, 1]] * 9 + [[2, 2]], "nominal", resamples=300)
        assert found.value == 1.0
        assert found.interval is None
        assert "too little variation" in str(found.why)

    def test_one_output_gives_no_interval(self) -> None:
        assert krippendorff_alpha([[1, 2]], "nominal", resamples=50).interval is None

    @pytest.mark.parametrize("matrix", [[[1.0, float("inf")]], [[1.0, 2.0], [1.0]]])
    def test_what_is_no_matrix_of_scores_is_refused(self, matrix: Matrix) -> None:
        with pytest.raises(ValueError, match=r"score|shape|sequence"):
            percent(matrix)


class TestBootstrap:
    @pytest.mark.parametrize("level", LEVELS)
    def test_the_interval_is_that_of_resampling_outputs_one_by_one(self, level: Level) -> None:
        matrix = some_scores(60, 3)
        found = krippendorff_alpha(matrix, level, resamples=2_000)
        draw = random.Random(9)
        naive = [
            one
            for _ in range(150)
            if (one := naive_alpha(draw.choices(matrix, k=len(matrix)), level)) is not None
        ]
        assert found.interval is not None
        width = found.interval[1] - found.interval[0]
        assert width == pytest.approx(4 * float(np.std(naive)), rel=0.25)
        assert sum(found.interval) / 2 == pytest.approx(float(np.mean(naive)), abs=0.02)

    def test_percent_has_the_interval_of_scipy(self) -> None:
        from scipy.stats import bootstrap as of_scipy

        matrix = [[0, 0]] * 70 + [[0, 1]] * 30
        found = percent(matrix, resamples=4_000)
        agree = np.array([a == b for a, b in matrix], dtype=float)
        oracle = of_scipy((agree,), np.mean, method="percentile", n_resamples=4_000, rng=1)
        assert found.interval == pytest.approx(tuple(oracle.confidence_interval), abs=0.011)

    def test_the_same_seed_gives_the_same_interval_however_it_is_cut(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        matrix = some_scores(60, 3)
        whole = weighted_kappa(matrix, resamples=200, seed=4)
        monkeypatch.setattr(agreement, "_CHUNK", 100)
        assert weighted_kappa(matrix, resamples=200, seed=4) == whole
        assert weighted_kappa(matrix, resamples=200, seed=5) != whole

    def test_every_resample_is_as_large_as_the_sample(self) -> None:
        sizes = bootstrap(lambda weights: weights.sum(axis=1), np.array([3, 1, 6]), resamples=20)
        assert sizes.tolist() == [10.0] * 20

    @given(matrices)
    def test_the_interval_holds_the_value(self, matrix: Matrix) -> None:
        for found in (
            percent(matrix, 1, resamples=20),
            cohen_kappa(matrix, resamples=20),
            krippendorff_alpha(matrix, "ordinal", resamples=20),
        ):
            if found.interval is not None:
                low, high = found.interval
                assert low <= value(found) <= high <= 1 + 1e-9


def test_numpy_and_scipy_stay_unloaded_until_something_is_measured() -> None:
    code = (
        "import sys; import labeltool.stats.agreement, labeltool.rules.agreement;"
        "sys.exit(any(name in sys.modules for name in ('scipy', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def naive_alpha(matrix: Matrix, level: Level) -> float | None:
    """Average squared difference within outputs over that of all pairable scores, by loops."""
    outputs = [[s for s in row if s is not None] for row in matrix]
    outputs = [given for given in outputs if len(given) > 1]
    pooled = [score for given in outputs for score in given]
    if not pooled:
        return None

    @cache
    def apart(a: float, b: float) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(low <= score <= high for score in pooled)
        return (between - (pooled.count(a) + pooled.count(b)) / 2) ** 2

    def mean(pairs: list[tuple[float, float]]) -> float:
        return sum(apart(a, b) for a, b in pairs) / len(pairs)

    within = sum(len(given) * mean(list(combinations(given, 2))) for given in outputs)
    expected = mean(list(combinations(pooled, 2)))
    return None if expected == 0 else 1 - within / len(pooled) / expected
