"""Pairs that git merges cleanly and that do not fit."""

from __future__ import annotations

from labeltool.model.label import Label
from labeltool.model.round import Closed, Round, RoundOutput
from labeltool.rules.merged import findings
from labeltool.rules.project import DatasetFiles, Placed, Project

PATH = "datasets/mails/rounds/1.yaml"


def project(*labels: Label, closed: Closed | None = None) -> Project:
    round = Round(
        number=1,
        rubric="mail@2",
        system="v1",
        annotators=("ann", "bob"),
        outputs=(RoundOutput(case="one"), RoundOutput(case="two")),
        closed=closed,
    )
    dataset = DatasetFiles("mails", rounds=[Placed(PATH, round)])
    dataset.labels = [Placed(f"labels/{one.annotator}/{one.case}", one) for one in labels]
    return Project("2026-11-24", datasets={"mails": dataset})


def label(who: str, case: str) -> Label:
    return Label(
        case=case, system="v1", annotator=who, rubric="mail@2", scores={"tone": 1}, round=1
    )


def test_a_round_closed_without_labels_of_the_other_side_is_told() -> None:
    frozen = Closed(scores={"ann": {"one": {"tone": 1}}, "bob": {"one": {"tone": 1}}})
    all_labels = [label("ann", "one"), label("bob", "one"), label("bob", "two")]
    ours = project(*all_labels[:2], closed=frozen)
    theirs = project(*all_labels)
    merged = project(*all_labels, closed=frozen)
    for sides in ((ours, theirs), (theirs, ours)):
        [found] = findings(*sides, merged)
        assert found.path == PATH
        assert found.level == "warning"
        assert "was closed without 1 of bob's labels" in found.message


def test_a_round_that_both_know_as_closed_is_past() -> None:
    frozen = Closed(scores={})
    side = project(closed=frozen)
    assert list(findings(side, side, project(label("bob", "two"), closed=frozen))) == []
