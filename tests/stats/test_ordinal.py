"""The ordinal fit against statsmodels and scikit-learn, and what it promises of itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from statsmodels.miscmodels.ordinal_model import OrderedModel

from labeltool.stats.ordinal import Ordinal, fit, folds

Data = tuple[NDArray[np.float64], NDArray[np.int64]]


@pytest.fixture(scope="module")
def data() -> Data:
    """500 outputs, three features of very different size, four levels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 3)) * [1, 5, 0.1] + [3, 0, 1]
    merit = x @ [1, -0.2, 4] + rng.logistic(size=500)
    return x, np.digitize(merit, np.quantile(merit, [0.1, 0.5, 0.8])).astype(np.int64)


def test_without_a_penalty_it_is_the_likeliest_model(data: Data) -> None:
    x, y = data
    found = fit(x.tolist(), y.tolist(), penalty=0)
    model = OrderedModel(y, x, distr="logit")
    other = model.fit(method="bfgs", disp=0, maxiter=1000)
    assert found.weights == pytest.approx(other.params[:3], rel=1e-3)
    cuts = model.transform_threshold_params(other.params[3:])[1:-1]
    assert found.cuts == pytest.approx(cuts, rel=1e-3)


@pytest.mark.parametrize("penalty", [0.5, 2.0, 40.0])
def test_of_two_levels_it_is_ridge_logistic_regression(data: Data, penalty: float) -> None:
    x, y = data
    met = (y >= 2).astype(int)
    mean, sd = x.mean(0), x.std(0)
    other = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10_000).fit((x - mean) / sd, met)
    found = fit(x.tolist(), met.tolist(), penalty=penalty)
    weights = other.coef_[0] / sd
    assert found.weights == pytest.approx(weights, rel=1e-4)
    assert -found.cuts[0] == pytest.approx(other.intercept_[0] - mean @ weights, rel=1e-4)
    chance = other.predict_proba((x[:5] - mean) / sd)[:, 1]
    assert [found.at_least(row)[1] for row in x[:5]] == pytest.approx(chance, abs=1e-4)


def test_a_weight_of_three_is_three_of_the_same(data: Data) -> None:
    x, y = data[0][:90], data[1][:90]
    weights = [1.0, 2.0, 3.0] * 30
    again = [at for at in range(90) for _ in range(int(weights[at]))]
    one = fit(x.tolist(), y.tolist(), penalty=1, sample_weights=weights)
    other = fit(x[again].tolist(), y[again].tolist(), penalty=1)
    assert one.weights == pytest.approx(other.weights, rel=1e-3)
    assert one.cuts == pytest.approx(other.cuts, rel=1e-3)


def test_a_known_sign_is_held_and_the_rest_fitted_without_it(data: Data) -> None:
    x, y = data
    bound = fit(x.tolist(), y.tolist(), signs=[0, 1, 0])
    assert bound.weights[1] == 0
    free = fit(x[:, [0, 2]].tolist(), y.tolist())
    assert (bound.weights[0], bound.weights[2]) == pytest.approx(free.weights, rel=1e-3)
    right = fit(x.tolist(), y.tolist(), signs=[1, -1, 1])
    assert right.weights == pytest.approx(fit(x.tolist(), y.tolist()).weights, rel=1e-3)


def test_a_strong_penalty_leaves_the_levels_own_shares(data: Data) -> None:
    x, y = data
    found = fit(x.tolist(), y.tolist(), penalty=1e7)
    for level, chance in zip(found.levels, found.at_least(x.mean(0).tolist()), strict=True):
        assert chance == pytest.approx(float(np.mean(y >= level)), abs=0.01)


def test_a_feature_that_never_changes_says_nothing(data: Data) -> None:
    x, y = data
    flat = np.column_stack([x[:, 0], np.full(len(y), 7.0)])
    assert fit(flat.tolist(), y.tolist()).weights[1] == 0


def test_one_level_is_nothing_to_fit_and_one_not_seen_is_never_said() -> None:
    with pytest.raises(ValueError, match="nothing to fit"):
        fit([[0.0], [1.0]], [2, 2])
    found = fit([[float(at)] for at in range(20)], [1] * 10 + [5] * 10)
    assert found.levels == (1, 5)
    assert {found.level([float(at)]) for at in range(20)} == {1, 5}


def test_levels_that_part_perfectly_have_a_finite_fit() -> None:
    found = fit([[float(at)] for at in range(40)], [at // 10 for at in range(40)], penalty=1)
    assert all(np.isfinite([*found.cuts, *found.weights]))
    assert [found.level([float(at)]) for at in (0, 15, 25, 39)] == [0, 1, 2, 3]


@given(st.floats(-1e6, 1e6), st.integers(0, 2))
def test_the_level_is_the_median(merit: float, cut: int) -> None:
    model = Ordinal((0, 1, 2, 3), (-1.0, 0.5, 2.0), (1.0,))
    chances = model.at_least([merit])
    assert list(chances) == sorted(chances, reverse=True)
    level = model.level([merit])
    assert (level > cut) == (chances[cut + 1] >= 0.5)


@given(st.lists(st.sampled_from("abcdefghij"), min_size=10, max_size=80), st.integers(0, 5))
def test_folds_keep_groups_whole_in_any_order(groups: list[str], seed: int) -> None:
    found = folds(groups, 3, seed=seed)
    homes = dict(zip(groups, found, strict=True))
    assert [homes[group] for group in groups] == found
    assert folds(groups[::-1], 3, seed=seed) == found[::-1]
    if len(homes) >= 3:
        assert set(found) == {0, 1, 2}


def test_folds_are_even() -> None:
    found = folds([f"case-{at // 4}" for at in range(400)], 5, seed=1)
    assert [found.count(fold) for fold in range(5)] == [80] * 5
