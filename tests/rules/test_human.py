from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from labeltool.model.round import Round
from labeltool.rules.human import agreed, blind_outputs, human_score
from tests.rules.people import RUBRIC, TEXTS, label, resolution


class TestHumanScore:
    def test_one_label_counts_and_is_said_to_be_single(self) -> None:
        human = human_score(RUBRIC, TEXTS, [label("alice", {"tone": 1, "items": 4})])
        assert human.scores == {"tone": 1, "items": 4}
        assert human.single == ("tone", "items")
        assert human.missing(RUBRIC) == ()

    def test_labels_that_differ_beyond_the_tolerance_are_unresolved(self) -> None:
        human = human_score(
            RUBRIC,
            TEXTS,
            [label("alice", {"tone": 1, "items": 3}), label("bob", {"tone": 2, "items": 4})],
        )
        assert human.scores == {"items": 3}
        assert human.unresolved == {"tone": {"alice": 1, "bob": 2}}
        assert human.missing(RUBRIC) == ("tone",)

    def test_a_current_resolution_comes_before_labels(self) -> None:
        labels = [label("alice", {"tone": 0}), label("bob", {"tone": 2})]
        settled = resolution({"tone": 1}, settles={"alice": {"tone": 0}, "bob": {"tone": 2}})
        human = human_score(RUBRIC, TEXTS, labels, settled)
        assert human.settled["tone"].by == "resolution"
        assert human.scores == {"tone": 1}

    def test_a_resolution_whose_settled_score_changed_no_longer_counts(self) -> None:
        labels = [label("alice", {"tone": 2}), label("bob", {"tone": 2})]
        settled = resolution({"tone": 1}, settles={"alice": {"tone": 0}, "bob": {"tone": 2}})
        assert human_score(RUBRIC, TEXTS, labels, settled).scores == {"tone": 2}

    def test_a_skipped_label_says_nothing(self) -> None:
        for scores in ({}, {"tone": 2}):
            skipped = label("alice", scores, status="skipped")
            assert human_score(RUBRIC, TEXTS, [skipped]).settled == {}

    def test_a_score_is_single_where_the_others_labels_have_none_that_stands(self) -> None:
        labels = [
            label("alice", {"tone": 2, "items": 4}),
            label("bob", {"tone": 0, "items": 4}, rubric="r@1"),
        ]
        human = human_score(RUBRIC, TEXTS, labels)
        assert human.scores == {"tone": 2, "items": 4}
        assert human.single == ("tone",)

    def test_a_criterion_of_a_check_is_never_taken_from_people(self) -> None:
        assert "short" not in human_score(RUBRIC, TEXTS, [label("alice", {"short": 0})]).settled


class TestAgreed:
    def test_na_agrees_with_na_only(self) -> None:
        tone = RUBRIC.criteria[0]
        assert agreed(tone, ["na", "na"]) == "na"
        assert agreed(tone, ["na", 2]) is None

    def test_between_two_middle_scores_it_is_the_lower(self) -> None:
        assert agreed(RUBRIC.criteria[1], [2, 3]) == 2

    @given(st.lists(st.integers(0, 4), min_size=1, max_size=6))
    def test_what_is_agreed_is_somebodys_score_in_any_order(self, scores: list[int]) -> None:
        items = RUBRIC.criteria[1]
        found = agreed(items, scores)
        assert found == agreed(items, sorted(scores, reverse=True))
        assert (found is None) == (max(scores) - min(scores) > items.tolerance)
        assert found is None or found in scores


def test_outputs_of_open_rounds_are_blind_and_of_closed_ones_are_not() -> None:
    def round(number: int, **changes: Any) -> Round:
        return Round.model_validate(
            {
                "number": number,
                "rubric": "r@2",
                "system": "s1",
                "outputs": [{"case": f"c{number}"}],
                **changes,
            }
        )

    assert blind_outputs([round(1, closed={"at": "2026-11-01"}), round(2)]) == {("s1", "c2")}
