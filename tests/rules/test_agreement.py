from __future__ import annotations

from typing import Any

from labeltool.model.label import Label
from labeltool.model.round import Round
from labeltool.rules.agreement import Agreement, Said, agreement, notes, over_versions
from labeltool.rules.staleness import Texts
from tests.rules.people import RUBRIC, TEXTS, label, resolution


def everybody(*labels: Label, **changes: Any) -> Agreement:
    texts: dict[tuple[str, str], Texts] = {(one.system, one.case): TEXTS for one in labels}
    said = {"resolutions": (), "rounds": (), "texts": texts, **changes}
    return agreement("d", Said(RUBRIC, labels, **said), resamples=20)


def closed(number: int, version: int, alpha: float | None, **changes: Any) -> Round:
    entry = {"n": 12, "alpha": alpha, "agreement": 0.95, "holds": alpha is None, "why": "w"}
    frozen = {"at": "2026-11-19", "agreement": {"items": entry}, "scores": {}, **changes}
    return Round.model_validate(
        {"number": number, "rubric": f"r@{version}", "system": "s1", "closed": frozen}
    )


def test_it_counts_what_stands_and_says_what_it_left_out() -> None:
    found = everybody(
        label("ann", {"tone": 1, "items": 3}),
        label("bob", {"tone": 2, "items": 4}, rubric="r@1"),
        label("ann", {"tone": 1}, case="c2"),
        hidden=2,
        gone=1,
    )
    assert (found.annotators, found.labelled, found.outputs) == (("ann", "bob"), 2, 1)
    assert found.criteria["items"].percent.value == 1.0
    assert found.criteria["tone"].n == 0
    assert "short" not in found.criteria, "a check's criterion is nobody's opinion"
    assert found.stale == 1
    assert [line for line in notes(found) if line.startswith("left out")] == [
        "left out: 2 outputs of an open round, whose labels stay hidden until it closes",
        "left out: 1 score that no longer stands and is asked again",
        "left out: labels of 1 output recorded no more",
    ]


def test_a_current_resolution_settles_a_disagreement() -> None:
    labels = [label("ann", {"tone": 0}), label("bob", {"tone": 2})]
    said = {"ann": {"tone": 0}, "bob": {"tone": 2}}
    open_one = everybody(*labels)
    assert [one.difference.settled for one in open_one.open] == [None]
    settled = everybody(*labels, resolutions=[resolution({"tone": 1}, settles=said)])
    assert settled.open == ()
    assert [one.difference.settled for one in settled.disagreements] == [1]
    changed = everybody(
        label("ann", {"tone": 1}),
        labels[1],
        resolutions=[resolution({"tone": 1}, settles=said)],
    )
    assert len(changed.open) == 1, "a score that it settled has changed"


def test_each_tag_is_measured_on_its_own_cases() -> None:
    found = everybody(
        label("ann", {"items": 0}),
        label("bob", {"items": 4}),
        label("ann", {"items": 1}, case="c2"),
        label("bob", {"items": 1}, case="c2"),
        tags={"c1": ["angry", "refund"], "c2": ["refund"], "c3": ["none"]},
    )
    assert {tag: one["items"].percent.value for tag, one in found.tags.items()} == {
        "angry": 0.0,
        "refund": 0.5,
    }


def test_nothing_to_measure_is_said_with_what_to_do() -> None:
    assert "labeltool label" in str(everybody().nothing)
    assert "all labels are of an open round" in str(everybody(hidden=3).nothing)
    one = everybody(label("ann", {"tone": 1}))
    assert str(one.nothing).startswith("only ann has labels: agreement takes two")
    apart = everybody(label("ann", {"tone": 1}), label("bob", {"tone": 1}, case="c2"))
    assert str(apart.nothing).startswith("no output has labels of two annotators")
    assert "(tag late)" in str(everybody(scope="tag late").nothing)
    both = everybody(label("ann", {"tone": 1}), label("bob", {"tone": 1}))
    assert both.nothing is None


def test_what_is_undefined_is_explained_once_for_all_it_is_true_of() -> None:
    found = everybody(label("ann", {"tone": 1}), label("bob", {"tone": 1}))
    assert notes(found) == [
        "tone: alpha, kappa, weighted: one value only: there is nothing to tell from chance",
        "items: alpha, kappa, weighted: no output has two scores",
    ]


def test_two_people_who_never_differ_are_asked_about() -> None:
    labels = [
        label(name, {"items": n % 3}, case=f"c{n}") for n in range(60) for name in ("ann", "bob")
    ]
    assert "items: ann and bob gave the very same score 60 times: independently?" in notes(
        everybody(*labels)
    )
    assert not any("independently" in line for line in notes(everybody(*labels[:80])))


class TestOverVersions:
    def test_closed_rounds_in_order_of_this_rubric_only(self) -> None:
        still_open = Round.model_validate({"number": 4, "rubric": "r@2", "system": "s1"})
        other = closed(3, 1, 0.2).model_copy(update={"rubric": "another@1"})
        found = over_versions(RUBRIC, [closed(2, 2, 0.9), other, still_open, closed(1, 1, 0.4)])
        assert [(one.round, one.version, one.alpha, one.n) for one in found["items"]] == [
            (1, 1, 0.4, 12),
            (2, 2, 0.9, 12),
        ]
        assert found["tone"] == (), "no round has spoken of it"

    def test_an_undefined_alpha_keeps_its_agreement(self) -> None:
        [one] = over_versions(RUBRIC, [closed(1, 1, None)])["items"]
        assert (one.alpha, one.agreement, one.holds, one.why) == (None, 0.95, True, "w")
