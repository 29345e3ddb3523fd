from __future__ import annotations

from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Criterion
from labeltool.rules.amend import Add, Alter, Edit, Remove, Rescale, apply
from labeltool.rules.staleness import Texts
from labeltool.rules.survival import Survival, Toll, survival
from tests.rules.people import RUBRIC, TEXTS, label, resolution

EARLIER = Texts("c" * 12, TEXTS.output_hash)


def after(*edits: Edit) -> Survival:
    """Ann labelled two outputs, one of them before its input was edited, Bob one."""
    labels = [
        (label("ann", {"tone": 1, "items": 2}), TEXTS),
        (label("ann", {"tone": 1, "items": 2}, case="c2"), EARLIER),
        (label("bob", {"items": 2}), TEXTS),
    ]
    settled = resolution({"tone": 2, "items": 2}, settles={"ann": {"tone": 1}})
    judged = {"judge": "j", "fingerprint": "f", "rubric": "r@2", "criteria": {"tone": {}}}
    return survival(
        "d",
        RUBRIC,
        apply(RUBRIC, edits, date=None, reason="why"),
        labels,
        resolutions=[(settled, TEXTS)],
        calibrations=[Calibration.model_validate(judged)],
    )


def test_only_labels_that_hold_the_changed_criterion_are_asked_again() -> None:
    found = after(Alter("tone", {"text": "other"}))
    assert found.tolls == {"ann": Toll(1, 1), "bob": Toll(1, 0)}
    assert (found.labels_again, found.resolutions) == (1, 1)
    assert found.words == (
        "tone asked again: ann 1 of 1, bob 0 of 1 labels",
        "every other score stands",
        "1 resolution to settle again",
        "the judge j is not trusted on tone until it is calibrated again",
    )


def test_a_new_criterion_is_asked_of_every_label() -> None:
    found = after(Add(Criterion(id="brief", text="b", max=1)))
    assert (found.again, found.new) == (("brief",), ("brief",))
    assert found.words[0] == "brief asked for the first time: ann 1 of 1, bob 1 of 1 labels"


def test_a_removed_criterion_asks_nobody() -> None:
    found = after(Remove("tone"))
    assert (found.again, found.gone, found.labels_again) == ((), ("tone",), 0)
    assert found.resolutions == 0
    assert found.words[0] == ("tone counts no more: its scores stay in the files, nobody is asked")


def test_a_rescaled_criterion_is_asked_again_whatever_the_map() -> None:
    assert after(Rescale("tone", 0, 4, {0: 0, 1: 2, 2: 4})).tolls["ann"] == Toll(1, 1)


def test_another_weight_leaves_everything_as_it_is() -> None:
    found = after(Alter("tone", {"weight": 5.0}))
    assert found.words == ("every label stands as it is: nothing is asked again",)
