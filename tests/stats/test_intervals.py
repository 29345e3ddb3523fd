from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.stats.intervals import cases_to_settle, quantile, wilson


def test_a_published_example_comes_out() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0000, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (successes, n), (low, high) in published.items():
        assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_it_is_the_interval_of_statsmodels() -> None:
    from statsmodels.stats.proportion import proportion_confint

    for n in (1, 2, 7, 50, 333, 100_000):
        for successes in {0, 1, n // 3, n // 2, n - 1, n}:
            oracle = proportion_confint(successes, n, method="wilson")
            assert wilson(successes, n) == pytest.approx(oracle, abs=1e-9)


@given(
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.floats(0, n), st.just(n))),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_the_interval_holds_the_rate_and_stays_a_rate(
    counts: tuple[float, int], confidence: float
) -> None:
    successes, n = counts
    low, high = wilson(successes, n, confidence)
    assert 0 <= low <= successes / n <= high <= 1


def test_none_and_all_reach_the_ends_exactly() -> None:
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_rate_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a rate"):
        wilson(successes, n)


def test_the_usual_quantile_needs_no_library_and_others_agree_with_it() -> None:
    from statistics import NormalDist

    assert quantile(0.95) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-12)
    assert quantile(0.99) == pytest.approx(2.5758293, abs=1e-6)


@given(st.floats(0.02, 0.98), st.floats(0.05, 0.95), st.integers(0, 300))
def test_what_would_settle_it_does_and_one_case_less_would_not(
    rate: float, threshold: float, n: int
) -> None:
    needed = cases_to_settle(rate, threshold, more_than=n)

    def clear(count: int) -> bool:
        low, high = wilson(rate * count, count)
        return low >= threshold or high < threshold

    if needed is None:
        assert abs(rate - threshold) < 0.01
        return
    assert needed > n
    assert clear(needed)
    assert needed == n + 1 or not clear(needed - 1)


def test_a_rate_on_the_threshold_is_never_settled() -> None:
    assert cases_to_settle(0.85, 0.85) is None


def test_scipy_and_numpy_stay_unloaded() -> None:
    code = (
        "import sys; from labeltool.stats.intervals import wilson; wilson(3, 4, 0.9);"
        "sys.exit(any(name in sys.modules for name in ('scipy', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
