from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar

from labeltool.stats.paired import mcnemar_exact

COUNTS = st.integers(0, 400)


@given(COUNTS, COUNTS)
def test_is_the_two_sided_binomial_test_of_scipy(broken: int, fixed: int) -> None:
    found = mcnemar_exact(broken, fixed)
    if broken + fixed == 0:
        assert found is None
        return
    assert found == pytest.approx(binomtest(broken, broken + fixed).pvalue, rel=1e-9)


@pytest.mark.parametrize(("broken", "fixed"), [(3, 0), (1, 6), (10, 10), (25, 9), (0, 1)])
def test_is_the_exact_mcnemar_of_statsmodels(broken: int, fixed: int) -> None:
    table = [[50, broken], [fixed, 20]]
    assert mcnemar_exact(broken, fixed) == pytest.approx(mcnemar(table, exact=True).pvalue)


def test_three_broken_and_none_fixed_is_no_proof_yet() -> None:
    assert mcnemar_exact(3, 0) == pytest.approx(0.25)


def test_a_hundred_thousand_pairs_stay_inside_the_floats() -> None:
    assert mcnemar_exact(50_000, 50_000) == 1.0
    found = mcnemar_exact(49_000, 51_000)
    assert found == pytest.approx(binomtest(49_000, 100_000).pvalue, rel=1e-6)


def test_refuses_what_is_no_count() -> None:
    with pytest.raises(ValueError, match="no counts"):
        mcnemar_exact(-1, 2)
