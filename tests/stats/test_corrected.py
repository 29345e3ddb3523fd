"""What a judge that errs lets one say of the true rate."""

from __future__ import annotations

import numpy as np
import pytest

from labeltool.stats.corrected import corrected_rate
from labeltool.stats.intervals import wilson


def test_the_rate_is_rogan_and_gladens() -> None:
    # Of 1,000 outputs 600 truly pass; the judge passes 90% of those and 20% of the others.
    found = corrected_rate(620, 1000, tpr=0.9, tnr=0.8, positives=500, negatives=500)
    assert found.rate == pytest.approx(0.6)
    assert found.interval is not None
    assert found.interval[0] < 0.6 < found.interval[1]


def test_a_perfect_judge_measured_without_end_leaves_about_wilsons_interval() -> None:
    found = corrected_rate(80, 100, tpr=1, tnr=1, positives=10**9, negatives=10**9)
    assert found.rate == 0.8
    # Both are Agresti-Coull's centre; Wilson's is a little narrower.
    assert found.interval == pytest.approx(wilson(80, 100), abs=0.005)


def test_a_judge_measured_on_few_outputs_leaves_more_open() -> None:
    def width(measured: int) -> float:
        found = corrected_rate(620, 1000, tpr=0.9, tnr=0.8, positives=measured, negatives=measured)
        assert found.interval is not None
        return found.interval[1] - found.interval[0]

    assert width(20) > 2 * width(500)


def test_a_judge_that_tells_little_corrects_nothing_and_says_why() -> None:
    found = corrected_rate(50, 100, tpr=0.6, tnr=0.5, positives=50, negatives=50)
    assert (found.rate, found.interval) == (None, None)
    assert "TPR + TNR is 1.10" in (found.why or "")
    none = corrected_rate(50, 100, tpr=0.9, tnr=None, positives=50, negatives=0)
    assert none.rate is None
    assert "one of the two sides" in (none.why or "")


@pytest.mark.parametrize("passed", [0, 100])
def test_a_rate_out_of_bounds_is_clipped_and_inside_its_interval(passed: int) -> None:
    found = corrected_rate(passed, 100, tpr=0.9, tnr=0.9, positives=40, negatives=40)
    assert found.rate == passed / 100
    assert found.interval is not None
    assert found.interval[0] <= found.rate <= found.interval[1]


@pytest.mark.parametrize(("passed", "says"), [(990, "more than 0.88"), (340, "less than 0.57")])
def test_what_no_true_rate_could_give_is_no_certainty(passed: int, says: str) -> None:
    """Seen on real data: a system whose outputs the judge passes nearly all."""
    found = corrected_rate(passed, 1000, tpr=0.884, tnr=0.434, positives=199, negatives=122)
    assert found.rate == (1.0 if passed > 500 else 0.0)
    assert found.interval == (0.0, 1.0)
    assert says in (found.why or "")
    assert "errs otherwise here than where it was measured" in (found.why or "")


def test_no_rate_is_a_bug() -> None:
    with pytest.raises(ValueError, match="not a rate"):
        corrected_rate(1, 0, tpr=0.9, tnr=0.9, positives=40, negatives=40)


@pytest.mark.parametrize(
    ("rate", "tpr", "tnr", "positives", "negatives"),
    [(0.85, 0.9, 0.8, 60, 20), (0.5, 0.8, 0.75, 40, 40), (0.95, 0.95, 0.7, 80, 10)],
)
def test_nineteen_of_twenty_intervals_hold_the_truth(
    rate: float, tpr: float, tnr: float, positives: int, negatives: int
) -> None:
    """Both uncertainties are drawn anew: the run's outputs and the calibration's."""
    random = np.random.default_rng(11)
    times, n = 4_000, 200
    seen = random.binomial(n, rate * tpr + (1 - rate) * (1 - tnr), times)
    hits = random.binomial(positives, tpr, times)
    rejects = random.binomial(negatives, tnr, times)
    held = told = 0
    for passed, hit, reject in zip(seen, hits, rejects, strict=True):
        found = corrected_rate(
            int(passed), n, tpr=hit / positives, tnr=reject / negatives,
            positives=positives, negatives=negatives,
        )  # fmt: skip
        if found.interval is not None:
            told += 1
            held += found.interval[0] <= rate <= found.interval[1]
    assert told > 0.9 * times
    assert held / told >= 0.94


def test_an_interval_that_forgot_the_calibration_would_not_hold_it() -> None:
    """The simulation can fail: with the judge's errors taken as known, coverage falls."""
    random = np.random.default_rng(12)
    n, tpr, tnr, rate = 200, 0.8, 0.75, 0.5
    held = 0
    for _ in range(1_000):
        passed = int(random.binomial(n, rate * tpr + (1 - rate) * (1 - tnr)))
        hit, reject = random.binomial(40, tpr) / 40, random.binomial(40, tnr) / 40
        found = corrected_rate(passed, n, tpr=hit, tnr=reject, positives=10**7, negatives=10**7)
        if found.interval is not None:
            held += found.interval[0] <= rate <= found.interval[1]
    assert held / 1_000 < 0.9


def test_it_agrees_with_a_published_worked_example() -> None:
    """Brucellosis in cows, of the documentation of R's epiR (`epi.prev`): 23 of 150 positive, the
    test's shares 0.96 and 0.89 taken as known: 5.1 of 100, interval 0 to 13 by Blaker's method.
    """
    found = corrected_rate(23, 150, tpr=0.96, tnr=0.89, positives=10**9, negatives=10**9)
    assert found.rate == pytest.approx(0.051, abs=0.0005)
    assert found.interval == pytest.approx((0.0, 0.13), abs=0.01)
