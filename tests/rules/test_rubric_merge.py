"""Two amendments side by side become a version of their own."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.model.rubric import Rubric
from labeltool.rules.rubric_merge import both_amended, clashes, joined, whole


def rubric(version: int = 1, changed: tuple[str, ...] = (), **texts: Any) -> Rubric:
    words = {"tone": "It fits.", "facts": "They are there."} | texts
    criteria = [{"id": id, "text": text, "max": 1} for id, text in words.items() if text]
    log = [{"version": version, "changed": changed, "reason": f"{changed}"}] if changed else []
    return Rubric.model_validate(
        {"name": "mail", "version": version, "criteria": criteria, "changelog": log}
    )


BASE = rubric()
TONE = rubric(2, ("tone",), tone="It suits.")
FACTS = rubric(2, ("facts",), facts="They are right.")


def join(ours: Rubric, theirs: Rubric, **picks: Any) -> Rubric:
    return joined(BASE, ours, theirs, picks, date="2026-11-24", reason="Joined.")


def test_each_side_keeps_what_it_changed_and_both_go_stale() -> None:
    both = join(TONE, FACTS)
    assert both.version == 3
    assert [one.text for one in both.criteria] == ["It suits.", "They are right."]
    assert both.changed_since(2) == {"tone", "facts"}
    assert [one.version for one in both.changelog] == [3, 2]


def test_either_way_round_says_the_same() -> None:
    one, other = join(TONE, FACTS), join(FACTS, TONE)
    assert one.criteria == other.criteria
    assert one.changed_since(1) == other.changed_since(1)


def test_a_clash_must_be_picked() -> None:
    other = rubric(2, ("tone",), tone="It is right.")
    assert clashes(BASE, TONE, other) == ("tone",)
    with pytest.raises(KeyError, match="tone"):
        join(TONE, other)
    assert join(TONE, other, tone="theirs").criteria[0].text == "It is right."


def test_taking_one_side_whole_still_asks_again_for_what_either_changed() -> None:
    picks = whole(BASE, TONE, FACTS, "ours")
    mine = joined(BASE, TONE, FACTS, picks, date=None, reason="Mine.")
    assert mine.criteria == TONE.criteria
    # Labels under their version 2 knew another meaning of both criteria.
    assert mine.changed_since(2) == {"tone", "facts"}


def test_added_and_removed_criteria_are_changes_too() -> None:
    added = rubric(2, ("length",), length="Short.")
    removed = rubric(2, ("facts",), facts=None)
    both = join(added, removed)
    assert [one.id for one in both.criteria] == ["tone", "length"]
    assert clashes(BASE, removed, FACTS) == ("facts",)


def test_only_two_new_versions_that_differ_are_two_amendments() -> None:
    assert both_amended(BASE, TONE, FACTS)
    assert both_amended(None, TONE, FACTS)
    assert not both_amended(BASE, TONE, TONE)
    assert not both_amended(BASE, TONE, BASE)
    assert both_amended(BASE, TONE, rubric(3, ("facts",), facts="Right."))
