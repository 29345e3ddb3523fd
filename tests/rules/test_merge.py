"""Which side of a merge stands where nobody needs to be asked."""

from __future__ import annotations

import pytest

from labeltool.model.label import Label, Preference
from labeltool.model.resolution import Resolution
from labeltool.model.round import Closed, Round
from labeltool.model.rubric import Rubric
from labeltool.rules.merge import moved_on, stands

X, Y = "blob x", "blob y"


@pytest.mark.parametrize(
    ("ours", "theirs", "we_had", "they_had", "side"),
    [
        (Y, X, {X, Y}, {X}, "ours"),  # squashed at x, we went on to y
        (X, Y, {X}, {X, Y}, "theirs"),
        (None, X, {X, None}, {X}, "ours"),  # taken back after the squash
        (Y, X, {Y}, {X}, None),  # two different decisions
        (Y, X, {X, Y}, {X, Y}, None),  # each has left the other's behind
    ],
)
def test_a_side_that_had_the_other_and_left_it_has_moved_on(
    ours: str | None,
    theirs: str | None,
    we_had: set[str | None],
    they_had: set[str | None],
    side: str | None,
) -> None:
    assert moved_on(ours, theirs, we_had, they_had) == side


def label(tone: int, at: str | None) -> Label:
    return Label(
        case="one",
        system="v1",
        annotator="ann",
        rubric="mail@2",
        scores={"tone": tone},
        labeled_at=at,
    )


def test_of_two_labels_the_newer_instant_stands_whatever_the_zone() -> None:
    early, late = label(0, "2026-11-23T12:00:00+02:00"), label(1, "2026-11-23T11:00:00Z")
    assert stands(early, late) == "theirs"
    assert stands(late, early) == "ours"


def test_a_label_without_a_time_is_older_and_a_label_beats_none() -> None:
    assert stands(label(0, None), label(1, "2026-11-23")) == "theirs"
    assert stands(None, label(0, None)) == "theirs"
    assert stands(label(0, None), None) == "ours"


def test_labels_of_one_instant_settle_alike_on_both_machines() -> None:
    a, b = label(0, "2026-11-23T11:00:00Z"), label(1, "2026-11-23T11:00:00Z")
    assert {stands(a, b), stands(b, a)} == {"ours", "theirs"}


def test_preferences_go_by_the_same_rule() -> None:
    pair = Preference(
        case="one", a="v1", b="v2", annotator="ann", choice="a", labeled_at="2026-01-01"
    )
    newer = pair.model_copy(update={"choice": "b", "labeled_at": "2026-01-02"})
    assert stands(pair, newer) == "theirs"


def resolution(tone: int, **more: str) -> Resolution:
    said = {"case": "one", "system": "v1", "rubric": "mail@2", **more}
    return Resolution.model_validate({**said, "scores": {"tone": tone}})


def test_the_same_resolution_stands_with_its_note_or_the_earlier_one() -> None:
    ann = resolution(1, resolver="ann", resolved_at="2026-11-23")
    bob = resolution(1, resolver="bob", resolved_at="2026-11-24")
    assert stands(bob, ann) == "theirs"
    assert stands(ann, bob) == "ours"
    assert stands(ann, bob.model_copy(update={"note": "Why."})) == "theirs"


@pytest.mark.parametrize(
    "other",
    [
        resolution(2, note="a"),
        resolution(1, note="b"),
        resolution(1, note="a", because="subjective"),
    ],
)
def test_what_two_people_settled_differently_is_for_people(other: Resolution) -> None:
    assert stands(resolution(1, note="a"), other) is None
    assert stands(other, None) is None


def test_a_round_closed_alike_twice_was_closed_by_the_earlier() -> None:
    opened = Round(number=1, rubric="mail@2", system="v1")
    first = opened.model_copy(update={"closed": Closed(at="2026-11-23")})
    second = opened.model_copy(update={"closed": Closed(at="2026-11-24")})
    assert stands(second, first) == "theirs"
    assert stands(opened.model_copy(update={"seed": 1}), opened) is None
    frozen = Closed(at="2026-11-24", scores={"ann": {"one": {"tone": 1}}})
    assert stands(first, opened.model_copy(update={"closed": frozen})) is None


def test_equal_values_are_no_conflict_whatever_they_are() -> None:
    rubric = Rubric.model_validate(
        {"name": "mail", "version": 1, "criteria": [{"id": "tone", "text": "It fits.", "max": 1}]}
    )
    assert stands(rubric, rubric) == "ours"
    assert stands(rubric, rubric.model_copy(update={"version": 2})) is None
