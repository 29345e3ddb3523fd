from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.model.rubric import Rubric
from labeltool.rules.scoring import Scored, is_met, normalised, output_passes, shares


def rubric(**changes: object) -> Rubric:
    return Rubric.model_validate(
        {
            "name": "r",
            "version": 1,
            "criteria": [
                {"id": "items", "text": "t", "max": 2, "weight": 3.0},
                {"id": "tone", "text": "t", "min": 1, "max": 5, "pass_at": 4, "na": True},
                {"id": "truth", "text": "t", "max": 1, "required": True},
            ],
            **changes,
        }
    )


def test_scores_are_weighted_by_their_scale() -> None:
    gained, possible = 3 * 1 + (4 - 1) + 1, 3 * 2 + (5 - 1) + 1
    score = normalised(rubric(), {"items": 1, "tone": 4, "truth": 1}).score
    assert score == pytest.approx(gained / possible)


def test_not_applicable_leaves_both_sums() -> None:
    assert normalised(rubric(), {"items": 2, "tone": "na", "truth": 1}).score == 1.0


def test_all_not_applicable_is_unscored_not_zero() -> None:
    assert normalised(rubric(), {"tone": "na"}).score is None


def test_a_dropped_criterion_counts_neither_in_the_score_nor_as_required() -> None:
    scored = normalised(rubric(), {"items": 2, "tone": 5, "truth": 0}, drop={"truth"})
    assert scored == Scored(1.0)


def test_a_missed_required_criterion_fails_whatever_the_total() -> None:
    scored = normalised(rubric(), {"items": 2, "tone": 5, "truth": 0})
    assert scored.score is not None
    assert scored.score > 0.8
    assert output_passes(rubric(), scored, checks_pass=True, has_checks=False) is False


def test_a_required_criterion_is_held_to_its_pass_at_and_not_to_its_best_level() -> None:
    lenient = rubric(
        criteria=[{"id": "items", "text": "t", "max": 2, "pass_at": 1, "required": True}]
    )
    assert normalised(lenient, {"items": 1}).missed == ()
    assert normalised(lenient, {"items": 0}).missed == ("items",)


def test_a_required_criterion_without_weight_still_fails_what_misses_it() -> None:
    bare = rubric(criteria=[{"id": "truth", "text": "t", "max": 1, "weight": 0, "required": True}])
    scored = normalised(bare, {"truth": 0})
    assert scored == Scored(None, ("truth",))
    assert output_passes(bare, scored, checks_pass=True, has_checks=True) is False


def test_the_pass_mark_itself_passes_in_spite_of_rounding() -> None:
    marked = rubric(pass_mark=0.1 + 0.2)
    assert output_passes(marked, Scored(0.3), checks_pass=True, has_checks=True) is True


def test_a_failing_check_fails_a_full_score() -> None:
    assert output_passes(rubric(), Scored(1.0), checks_pass=False, has_checks=True) is False


@pytest.mark.parametrize(
    ("checks_pass", "has_checks", "passes"),
    [(True, True, True), (False, True, False), (True, False, None)],
)
def test_without_a_score_the_checks_decide_and_without_those_nothing_does(
    checks_pass: bool, has_checks: bool, passes: bool | None
) -> None:
    scored = Scored(None)
    assert output_passes(rubric(), scored, checks_pass=checks_pass, has_checks=has_checks) is passes


def test_met_is_at_the_level_that_counts() -> None:
    tone = rubric().criteria[1]
    assert (is_met(tone, 4), is_met(tone, 3), is_met(tone, "na")) == (True, False, None)


def test_shares_sum_to_one_and_show_the_weight_of_the_scale() -> None:
    assert shares(rubric()) == pytest.approx({"items": 6 / 11, "tone": 4 / 11, "truth": 1 / 11})


@given(st.integers(0, 2), st.integers(1, 5), st.integers(0, 1))
def test_the_score_is_a_share_and_grows_with_each_criterion(
    items: int, tone: int, truth: int
) -> None:
    score = normalised(rubric(), {"items": items, "tone": tone, "truth": truth}).score
    assert score is not None
    assert 0 <= score <= 1
    if items < 2:
        better = normalised(rubric(), {"items": items + 1, "tone": tone, "truth": truth}).score
        assert better is not None
        assert better > score
