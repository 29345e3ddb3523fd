"""The total and how sure it is, held against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labeltool.stats.ranking import Row, rank, scaled, totals_of

RANDOM = np.random.default_rng(5)


def passes(rate: float, n: int, seed: int) -> list[float]:
    return [float(one) for one in np.random.default_rng(seed).random(n) < rate]


def test_totals_are_weighted_means_on_a_scale_that_no_other_system_moves() -> None:
    rows = [
        Row(0.6, [[1, 1, 0, 1], [1, 0, 0, 1]]),
        Row(0.4, [[100, 300, 200, 400], [900, 2000, 50, 60]], "p95", target=200, limit=1000),
    ]
    scores = scaled(rows)
    assert scores[0] == [0.75, 0.5]
    # p95 of four is the greatest: (1000 - 400) / 800, and 2,000 is past the limit.
    assert scores[1] == [0.75, 0.0]
    assert totals_of(scores, [0.6, 0.4]) == pytest.approx([0.75, 0.3])
    alone = scaled([Row(1, [rows[1].values[0]], "p95", target=200, limit=1000)])
    assert alone[0] == [scores[1][0]]


def test_the_interval_of_a_mean_is_scipys() -> None:
    values = passes(0.7, 120, 1)
    found = rank([Row(1, [values])], [0] * 120, resamples=4_000, seed=3).standings[0]
    oracle = stats.bootstrap(
        (np.array(values),), np.mean, n_resamples=4_000, method="percentile", rng=RANDOM
    ).confidence_interval
    assert found.total == pytest.approx(np.mean(values))
    assert found.interval == pytest.approx((oracle.low, oracle.high), abs=0.02)
    assert found.p_best == 1


def test_the_difference_is_paired_as_scipys() -> None:
    hard = RANDOM.random(200)
    one = [float(x < 0.8) for x in hard]
    two = [float(x < 0.7) for x in hard]
    ranking = rank([Row(1, [two, one])], [0] * 200, resamples=4_000, seed=1)
    (gap,) = ranking.gaps
    oracle = stats.bootstrap(
        (np.array(one), np.array(two)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        paired=True,
        n_resamples=4_000,
        method="percentile",
        rng=RANDOM,
    ).confidence_interval
    assert (gap.first, gap.second) == (1, 0)
    assert gap.interval == pytest.approx((oracle.low, oracle.high), abs=0.02)
    assert gap.more_cases == 0
    # Unpaired, the same two rates would be far from settled.
    apart = np.sqrt(np.var(one) / 200 + np.var(two) / 200)
    assert 1.96 * apart > gap.difference - gap.interval[0]


def test_equal_systems_share_the_first_place_and_nothing_would_part_them() -> None:
    values = passes(0.5, 50, 2)
    ranking = rank([Row(1, [values, values])], [0] * 50)
    assert [one.p_best for one in ranking.standings] == [0.5, 0.5]
    assert ranking.gaps[0].difference == 0
    assert ranking.gaps[0].more_cases is None


def test_more_cases_of_the_promised_number_do_settle_it() -> None:
    one = [float(n % 4 != 0) for n in range(60)]
    two = [float(n * 7 % 60 < 39) for n in range(60)]
    (gap,) = rank([Row(1, [one, two])], [0] * 60, seed=1).gaps
    assert gap.interval[0] <= 0
    assert gap.more_cases is not None
    times = -(-(60 + gap.more_cases) // 60)
    (later,) = rank([Row(1, [one * times, two * times])], [0] * 60 * times, seed=1).gaps
    assert later.interval[0] > 0


def test_strata_are_drawn_apart() -> None:
    """Were they drawn together, the share of either would vary, and the mean with it."""
    values = [1.0] * 30 + [0.0] * 10
    ranking = rank([Row(1, [values])], [0] * 30 + [1] * 10)
    assert ranking.standings[0].interval == (0.75, 0.75)


def test_p_best_of_two_close_systems_is_the_normal_tail() -> None:
    one, two = passes(0.80, 400, 21), passes(0.77, 400, 22)
    ranking = rank([Row(1, [one, two])], [0] * 400, resamples=8_000, seed=2)
    apart = np.array(one) - np.array(two)
    tail = stats.norm.sf(0, loc=apart.mean(), scale=apart.std() / np.sqrt(400))
    assert ranking.standings[0].p_best == pytest.approx(tail, abs=0.03)


def test_a_row_that_some_cases_lack_is_measured_on_the_others() -> None:
    row = Row(1, [[1, None, 0, None], [1, 1, None, None]])
    assert scaled([row]) == [[0.5, 1.0]]
    assert all(np.isfinite(one.total) for one in rank([row], [0] * 4).standings)


def test_p95_of_a_draw_is_numpys_inverted_cdf() -> None:
    values = [float(x) for x in RANDOM.lognormal(5, 1, 333)]
    (found,) = scaled([Row(1, [values], "p95", target=0, limit=10_000)])
    oracle = np.quantile(values, 0.95, method="inverted_cdf")
    assert found[0] == pytest.approx(1 - oracle / 10_000)


def test_no_weight_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no row has weight"):
        rank([Row(0, [[1.0]])], [0])


def test_the_same_seed_gives_the_same_answer_however_many_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [Row(1, [passes(0.7, 80, 4), passes(0.6, 80, 5)])]
    whole = rank(rows, [0] * 80, seed=6)
    monkeypatch.setattr("labeltool.stats.ranking._CHUNK", 800)
    assert rank(rows, [0] * 80, seed=6) == whole
