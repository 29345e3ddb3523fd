from __future__ import annotations

from typing import Any

from labeltool.model.label import Label
from labeltool.model.rubric import Rubric
from labeltool.rules.agreement import Said
from labeltool.rules.lapse import lapses, stale_settled
from tests.rules.people import RUBRIC, TEXTS, label, resolution

KEY = ("s1", "c1")
AMENDED = Rubric.model_validate(
    RUBRIC.model_dump()
    | {
        "version": 3,
        "changelog": [{"version": 2, "changed": ["tone"]}, {"version": 3, "changed": ["items"]}],
    }
)
APART = (label("ann", {"tone": 1, "items": 0}), label("bob", {"tone": 1, "items": 4}))
WAS_OPEN = [("items", KEY)]


def said(*labels: Label, rubric: Rubric = RUBRIC, **changes: Any) -> Said:
    texts = {(one.system, one.case): TEXTS for one in labels}
    return Said(rubric, labels, **{"resolutions": (), "rounds": (), "texts": texts, **changes})


def test_an_amendment_lets_labels_and_their_open_disagreement_lapse() -> None:
    found = lapses(said(*APART), said(*APART, rubric=AMENDED), WAS_OPEN)
    assert found.keys() == {"items"}
    assert found["items"].labels == {"ann": 1, "bob": 1}
    assert (found["items"].resolutions, found["items"].disagreements) == (0, 1)


def test_a_resolution_that_lapses_ended_the_disagreement_before() -> None:
    ended = (resolution({"items": 2}, settles={"ann": {"items": 0}, "bob": {"items": 4}}),)
    after = said(*APART, rubric=AMENDED, resolutions=ended)
    one = lapses(said(*APART), after, WAS_OPEN)["items"]
    assert (one.resolutions, one.disagreements) == (1, 0)
    assert stale_settled(after) == {KEY: {"items": "amended"}}


def test_a_score_that_changed_takes_the_resolution_of_it_along() -> None:
    ended = (resolution({"items": 2}, settles={"ann": {"items": 0}, "bob": {"items": 4}}),)
    moved = (APART[0], label("bob", {"tone": 1, "items": 3}))
    one = lapses(said(*APART, resolutions=ended), said(*moved, resolutions=ended), [])["items"]
    assert (one.labels, one.resolutions) == ({}, 1)


def test_what_was_stale_before_or_is_given_again_does_not_lapse() -> None:
    before, after = said(*APART, rubric=AMENDED), said(*APART, rubric=AMENDED)
    assert lapses(before, after, []) == {}
    again = [label(one.annotator, dict(one.scores), rubric="r@3") for one in APART]
    assert lapses(said(*APART), said(*again, rubric=AMENDED), WAS_OPEN) == {}


def test_outputs_of_an_open_round_are_left_out() -> None:
    hidden = said(*APART, rubric=AMENDED, texts={})
    assert lapses(said(*APART), hidden, WAS_OPEN) == {}
