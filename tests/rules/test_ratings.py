from __future__ import annotations

from typing import Any

import pytest

from labeltool.model.base import Score
from labeltool.model.rubric import Criterion, Rubric, Stable
from labeltool.rules.ratings import (
    alpha,
    annotators,
    current,
    disagreements,
    distance_matrix,
    equal_matrix,
    held,
    level_of,
    measure,
    percent,
)
from tests.rules.people import RUBRIC, TEXTS, label

KEY = ("s1", "c1")
STABLE = Stable()
TONE = Criterion(id="tone", text="t", max=2, na=True)
FACTS = Criterion(id="facts", text="t", max=1)
ITEMS = Criterion(id="items", text="t", max=4, tolerance=1)


def scored(*pairs: tuple[Score, Score]) -> dict[str, dict[str, Score]]:
    return {f"c{n}": {"ann": a, "bob": b} for n, (a, b) in enumerate(pairs)}


class TestWhichScoresCount:
    def test_those_that_still_stand_of_outputs_that_are_asked_about(self) -> None:
        labels = [
            label("ann", {"tone": 1, "items": 3}),
            label("bob", {"tone": 2, "items": 4}, rubric="r@1"),  # tone was amended in 2
            label("cat", {"tone": 0}, case="c2"),
            label("dan", {"items": 1}, output_hash="c" * 12),
            label("eve", {}, status="skipped"),
        ]
        found = current(RUBRIC, labels, {KEY: TEXTS})
        assert found == {"tone": {KEY: {"ann": 1}}, "items": {KEY: {"ann": 3, "bob": 4}}}


class TestNotApplicable:
    MIXED = scored((1, 1), (2, "na"), ("na", "na"), (0, 2))

    def test_is_a_value_of_its_own_where_equality_counts(self) -> None:
        assert percent(TONE, self.MIXED).value == 0.5
        assert percent(ITEMS, scored((0, "na"), (0, 1))).value == 0.5
        assert len({score for row in equal_matrix(self.MIXED) for score in row}) == 4

    def test_is_missing_where_distances_count(self) -> None:
        assert distance_matrix(self.MIXED) == [[1, 1], [2, None], [None, None], [0, 2]]
        assert alpha(TONE, self.MIXED).n == 2
        assert measure(TONE, self.MIXED, resamples=0).weighted_kappa.n == 2

    def test_two_levels_are_nominal_and_na_counts(self) -> None:
        yes_or_no = Criterion(id="x", text="t", max=1, na=True)
        assert (level_of(yes_or_no), level_of(TONE)) == ("nominal", "ordinal")
        assert alpha(yes_or_no, scored((1, 1), ("na", "na"), (0, "na"))).n == 3


class TestMeasure:
    def test_a_pair_says_who_is_higher_and_whether_all_is_the_same(self) -> None:
        scores = scored((2, 1), (2, 2), (1, 0), ("na", 1))
        [(pair, found)] = measure(TONE, scores, resamples=0).pairs.items()
        assert pair == ("ann", "bob")
        assert found.difference == pytest.approx(2 / 3)
        assert not found.same
        same = measure(TONE, scored((2, 2), ("na", "na")), resamples=0).pairs["ann", "bob"]
        assert same.same
        assert same.difference == 0

    def test_three_people_are_three_pairs_each_over_what_it_shares(self) -> None:
        scores: dict[str, dict[str, Score]] = {
            "c1": {"ann": 1, "bob": 1},
            "c2": {"ann": 2, "cat": 0},
            "c3": {"ann": 2, "bob": 2, "cat": 2},
        }
        pairs = measure(TONE, scores, resamples=0).pairs
        assert {pair: one.percent.n for pair, one in pairs.items()} == {
            ("ann", "bob"): 2,
            ("ann", "cat"): 2,
            ("bob", "cat"): 1,
        }
        assert annotators(scores) == ["ann", "bob", "cat"]

    def test_nobody_and_one_person_are_undefined(self) -> None:
        for scores in ({}, {"c1": {"ann": 1}}):
            found = measure(TONE, scores)
            assert (found.n, found.percent.value, found.alpha.value) == (0, None, None)
            assert found.pairs == {}


class TestHeld:
    def test_alpha_decides_where_scores_vary(self) -> None:
        good = scored(*[(0, 0), (1, 1), (2, 2)] * 4)
        found = held(TONE, good, STABLE)
        assert (found.n, found.alpha, found.agreement, found.holds) == (12, 1.0, 1.0, True)
        assert found.why == "alpha 1.00 of at least 0.8, on 12 outputs"
        poor = held(TONE, scored(*[(0, 2), (1, 1), (2, 0)] * 4), STABLE)
        assert not poor.holds
        assert "under 0.8, on 12 outputs" in poor.why

    def test_high_agreement_does_not_help_where_alpha_is_low(self) -> None:
        """Nineteen of twenty levels the same is easy where one level is all but certain."""
        scores = scored(*[(2, 2)] * 95, *[(2, 1), (1, 2), (2, 1), (1, 2), (2, 0)])
        found = held(TONE, scores, STABLE)
        assert (found.agreement, found.holds) == (0.95, False)
        assert found.alpha is not None
        assert found.alpha < 0.1

    def test_ten_outputs_with_two_scores_are_needed(self) -> None:
        nine = scored(*[(0, 0), (1, 1), (2, 2)] * 3)
        nine["c9"] = {"ann": 2}
        found = held(TONE, nine, STABLE)
        assert (found.n, found.holds) == (9, False)
        assert found.why == "only 9 fresh outputs with two scores: it takes 10"
        assert held(TONE, {}, STABLE).why == "no fresh outputs with two scores: it takes 10"
        nine["c9"]["bob"] = 2
        assert held(TONE, nine, STABLE).holds

    @pytest.mark.parametrize(
        ("off", "differ", "holds", "little"),
        [
            (0, 0, True, True),  # alpha is undefined
            (4, 0, True, True),
            (4, 2, True, True),  # 18 of 20 agree: the bar itself
            (4, 3, False, True),
            (5, 0, True, False),
            (5, 2, False, False),
        ],
    )
    def test_where_little_varies_agreement_decides_and_it_says_so(
        self, off: int, differ: int, holds: bool, little: bool
    ) -> None:
        scores = scored(*[(2, 0)] * differ, *[(0, 0)] * (off - differ), *[(2, 2)] * (20 - off))
        found = held(TONE, scores, STABLE)
        assert found.holds is holds
        assert ("little variation" in found.why) is little
        if little:
            assert f"({off} of 20 outputs off 2)" in found.why

    def test_agreement_is_within_the_tolerance_and_na_is_a_level(self) -> None:
        assert held(ITEMS, scored(*[(4, 3)] * 4, *[(4, 4)] * 8), STABLE).holds
        nothing_applies: tuple[Score, Score] = ("na", "na")
        found = held(TONE, scored(*[nothing_applies] * 12), STABLE)
        assert found.holds
        assert found.why == (
            "little variation (0 of 12 outputs off na): agreement 1.00 of at least 0.9"
        )

    def test_the_bars_are_the_rubrics_own(self) -> None:
        scores = scored(*[(0, 0), (1, 1), (2, 1)] * 4)
        low = held(TONE, scores, Stable(alpha=0.2))
        assert low.holds
        assert not held(TONE, scores, Stable(alpha=0.99)).holds


class TestDisagreements:
    @staticmethod
    def rubric(**changes: Any) -> Rubric:
        criteria = [
            {"id": "a", "text": "t", "max": 4},
            {"id": "b", "text": "t", "max": 2, "required": True},
            {"id": "c", "text": "t", "max": 1, "weight": 3},
            {"id": "d", "text": "t", "max": 4, "tolerance": 1, "na": True},
        ]
        return Rubric.model_validate({"name": "r", "version": 1, "criteria": criteria, **changes})

    def test_required_first_then_by_weight_and_how_far_apart(self) -> None:
        apart: dict[str, dict[tuple[str, str], dict[str, Score]]] = {
            "a": {("s", "c1"): {"x": 0, "y": 1}, ("s", "c2"): {"x": 0, "y": 4}},
            "b": {("s", "c3"): {"x": 1, "y": 2}},
            "c": {("s", "c4"): {"x": 0, "y": 1}},
            "d": {("s", "c5"): {"x": 0, "y": 1}, ("s", "c6"): {"x": 3, "y": "na"}},
        }
        found = disagreements(self.rubric(), apart, {})
        assert [one.output[1] for one in found] == ["c3", "c4", "c2", "c6", "c1"]

    def test_what_is_settled_comes_last_and_says_so(self) -> None:
        apart = {"b": {("s", "c1"): {"x": 0, "y": 2}, ("s", "c2"): {"x": 1, "y": 2}}}
        found = disagreements(self.rubric(), apart, {("s", "c1"): {"b": 1}})
        assert [(one.output[1], one.difference.settled) for one in found] == [
            ("c2", None),
            ("c1", 1),
        ]

    def test_one_persons_word_is_no_disagreement(self) -> None:
        assert disagreements(self.rubric(), {"a": {("s", "c1"): {"x": 0}}}, {}) == ()
