from __future__ import annotations

import pytest

from labeltool.rules.staleness import current_scores, stale_label, stale_resolution
from tests.rules.people import RUBRIC, TEXTS, label, resolution


class TestStaleness:
    def test_an_amendment_makes_only_the_changed_criterion_stale(self) -> None:
        old = label("alice", {"tone": 1, "items": 2}, rubric="r@1")
        assert stale_label(old, RUBRIC, TEXTS) == {"tone": "amended"}
        assert current_scores(old, RUBRIC, TEXTS) == {"items": 2}

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"input_hash": "c" * 12}, "input_changed"),
            ({"output_hash": "c" * 12}, "output_changed"),
            ({"rubric": "other@2"}, "other_rubric"),
            ({"rubric": "r@3"}, "newer_rubric"),
        ],
    )
    def test_another_text_or_rubric_makes_all_of_it_stale(
        self, changes: dict[str, str], reason: str
    ) -> None:
        stale = stale_label(label("alice", {"tone": 1, "items": 2}, **changes), RUBRIC, TEXTS)
        assert set(stale.values()) == {reason}
        assert set(stale) == {"tone", "items"}

    def test_scores_that_the_rubric_has_no_place_for_are_not_current(self) -> None:
        odd = label("alice", {"gone": 1, "tone": 7, "items": "na", "short": 1})
        assert stale_label(odd, RUBRIC, TEXTS) == {
            "gone": "not_in_rubric",
            "tone": "off_scale",
            "items": "off_scale",
            "short": "not_in_rubric",
        }

    def test_without_hashes_a_label_speaks_of_the_text_as_it_is(self) -> None:
        bare = label("alice", {"items": 2}, input_hash=None, output_hash=None)
        assert current_scores(bare, RUBRIC, TEXTS) == {"items": 2}

    def test_a_resolution_goes_stale_by_criterion(self) -> None:
        settled = resolution(
            {"tone": 1, "items": 2},
            rubric="r@1",
            settles={"alice": {"tone": 0, "items": 1}, "bob": {"items": 3}},
        )
        labels = {
            "alice": label("alice", {"tone": 0, "items": 1}),
            "bob": label("bob", {"items": 3}),
        }
        assert stale_resolution(settled, RUBRIC, TEXTS, labels) == {"tone": "amended"}

    def test_a_withdrawn_label_reopens_what_it_was_part_of(self) -> None:
        settled = resolution({"items": 2}, settles={"alice": {"items": 0}})
        assert stale_resolution(settled, RUBRIC, TEXTS, {}) == {"items": "score_changed"}
