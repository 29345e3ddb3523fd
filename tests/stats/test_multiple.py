"""Many tests at once, beside statsmodels and scipy."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from labeltool.stats.multiple import holm, rise

P = st.floats(0, 1)


@given(st.lists(P, min_size=1, max_size=30))
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    oracle = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(list(oracle))


def test_of_no_tests_none_is_adjusted() -> None:
    assert holm([]) == []


def test_a_rise_is_fishers_exact_test() -> None:
    draws = random.Random(3)
    for _ in range(200):
        n, before_n = draws.randint(1, 60), draws.randint(1, 90)
        hits, before = draws.randint(0, n), draws.randint(0, before_n)
        table = [[hits, n - hits], [before, before_n - before]]
        oracle = fisher_exact(table, alternative="greater").pvalue
        assert rise(hits, n, before, before_n) == pytest.approx(oracle)


@pytest.mark.parametrize("counts", [(3, 2, 0, 1), (0, 0, 1, 2), (1, 2, 0, 0), (-1, 2, 0, 1)])
def test_what_is_no_rate_is_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="no two rates"):
        rise(*counts)
