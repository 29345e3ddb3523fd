"""A judge's figures against independent implementations, and what cannot be said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import accuracy_score, cohen_kappa_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from labeltool.stats.calibration import Figures, Pair, measure

SCALE = range(1, 6)
levels = st.integers(1, 5)
weighted = st.tuples(levels, levels, st.sampled_from([0.5, 1.0, 2.0, 3.5]))


def measured(*pairs: tuple[int | None, int | None], met_at: int = 4) -> Figures:
    return measure([Pair(*pair) for pair in pairs], SCALE, met_at)


@given(st.lists(weighted, min_size=2, max_size=60))
def test_every_figure_is_what_other_implementations_say(
    rows: list[tuple[int, int, float]],
) -> None:
    human, judge, weights = (list(column) for column in zip(*rows, strict=True))
    found = measure([Pair(*row) for row in rows], SCALE, 4)
    met, said = [h >= 4 for h in human], [j >= 4 for j in judge]
    assert found.agreement == pytest.approx(accuracy_score(met, said, sample_weight=weights))
    assert found.exact == pytest.approx(accuracy_score(human, judge, sample_weight=weights))
    if found.tpr is not None:
        assert found.tpr == pytest.approx(recall_score(met, said, sample_weight=weights))
    if found.tnr is not None:
        tnr = recall_score(met, said, pos_label=False, sample_weight=weights)
        assert found.tnr == pytest.approx(tnr)
    for value, how in ((found.kappa, None), (found.weighted_kappa, "quadratic")):
        if value is not None:
            other = cohen_kappa_score(
                human, judge, labels=list(SCALE), weights=how, sample_weight=weights
            )
            assert value == pytest.approx(other, abs=1e-9)


@given(st.lists(st.tuples(levels, levels), min_size=3, max_size=60))
def test_rank_correlation_and_interval_of_a_plain_sample(rows: list[tuple[int, int]]) -> None:
    human, judge = (list(column) for column in zip(*rows, strict=True))
    found = measured(*rows)
    if len(set(human)) > 1 and len(set(judge)) > 1:
        assert found.spearman == pytest.approx(spearmanr(human, judge).statistic, abs=1e-9)
    else:
        assert found.spearman is None
    assert found.agreement is not None
    low, high = proportion_confint(found.agreement * found.n, found.n, method="wilson")
    assert found.interval == pytest.approx((low, high), abs=1e-9)


def test_the_worked_example_of_cohen_1968() -> None:
    """Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: 100
    subjects, 3 categories, kappa 0.676.
    """
    table = ((75, 1, 4), (5, 4, 1), (0, 0, 10))
    pairs = [
        (human, judge)
        for human, row in enumerate(table, 1)
        for judge, count in enumerate(row, 1)
        for _ in range(count)
    ]
    found = measured(*pairs)
    assert found.kappa == pytest.approx(0.676, abs=5e-4)
    assert [row[:3] for row in found.table[:3]] == [*table]


def test_weights_undo_a_stratified_draw() -> None:
    """Ten outputs of a thousand that people call met, ten of a hundred that they do not."""
    rows = [Pair(5, 5, 100.0)] * 9 + [Pair(5, 1, 100.0)]
    rows += [Pair(1, 1, 10.0)] * 5 + [Pair(1, 5, 10.0)] * 5
    found = measure(rows, SCALE, 4)
    assert (found.n, found.met, found.not_met) == (20, 10, 10)
    assert found.agreement == pytest.approx((0.9 * 1000 + 0.5 * 100) / 1100)
    assert found.tpr == pytest.approx(0.9)
    assert found.tnr == pytest.approx(0.5)
    assert found.constant_agreement == pytest.approx(1000 / 1100)
    plain = measure([Pair(one.human, one.judge) for one in rows], SCALE, 4)
    assert found.interval is not None
    assert plain.interval is not None
    wide, narrow = (high - low for low, high in (found.interval, plain.interval))
    assert wide > 0.8 * narrow, "uneven weights say less than their number"


def test_what_cannot_be_told_is_none_and_says_why() -> None:
    found = measured((5, 5), (5, 5), (5, 5))
    assert (found.agreement, found.exact, found.within_one, found.tpr) == (1, 1, 1, 1)
    undefined = {"kappa", "weighted_kappa", "spearman", "tnr"}
    assert set(found.why) == undefined
    assert all(getattr(found, name) is None for name in undefined)
    nothing = measure([], SCALE, 4)
    assert nothing.n == 0
    assert nothing.agreement is None
    assert "agreement" in nothing.why


def test_not_applicable_is_an_answer_that_both_must_give() -> None:
    found = measured((None, None), (5, None), (None, 1), (5, 5))
    assert (found.n, found.met, found.not_met) == (3, 1 + 1, 0)
    assert found.agreement == pytest.approx(1 / 3)
    assert found.tpr == pytest.approx(1 / 2), "to dodge is not to see that it is met"
    assert found.levels == (1, 2, 3, 4, 5, None)
    assert found.table[-1] == (1, 0, 0, 0, 0, 0)


def test_a_level_beside_the_scale_is_no_score() -> None:
    with pytest.raises(ValueError, match="no levels of the scale"):
        measured((6, 1))
