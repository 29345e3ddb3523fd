"""What changed from one version of a rubric to the next."""

from __future__ import annotations

from typing import Any

from labeltool.model.rubric import Rubric
from labeltool.rules.rubric_diff import FieldChange, diff

TONE: dict[str, Any] = {"id": "tone", "text": "It is kind.", "max": 2, "levels": {0: "It hurts."}}
FACTS: dict[str, Any] = {"id": "facts", "text": "It is true.", "max": 1}


def rubric(*criteria: dict[str, Any], version: int = 1, **more: Any) -> Rubric:
    return Rubric.model_validate(
        {"name": "mail", "version": version, "criteria": list(criteria), **more}
    )


def test_the_same_rubric_differs_in_nothing() -> None:
    assert not diff(rubric(TONE, FACTS), rubric(TONE, FACTS))


def test_fields_and_level_texts_are_told_with_before_and_after() -> None:
    after = {**TONE, "max": 3, "required": True, "levels": {0: "It wounds.", 3: "It heals."}}
    (change,) = diff(rubric(TONE), rubric(after, version=2)).criteria
    assert (change.id, change.what, change.asked_again) == ("tone", "changed", False)
    assert change.fields == (
        FieldChange("max", 2, 3),
        FieldChange("required", False, True),
        FieldChange("levels.0", "It hurts.", "It wounds."),
        FieldChange("levels.3", None, "It heals."),
    )


def test_added_and_removed_criteria_are_told_once_each() -> None:
    found = diff(rubric(TONE), rubric(FACTS, version=2))
    assert [(one.id, one.what) for one in found.criteria] == [
        ("facts", "added"),
        ("tone", "removed"),
    ]
    assert found.fields == ()


def test_a_criterion_that_the_changelog_names_is_asked_again_even_in_the_same_words() -> None:
    changelog = [{"version": 2, "changed": ["tone"], "reason": "Read it again."}]
    found = diff(rubric(TONE, FACTS), rubric(TONE, FACTS, version=2, changelog=changelog))
    tone = found.criterion("tone")
    assert tone is not None
    assert (tone.fields, tone.asked_again) == ((), True)
    assert found.criterion("facts") is None


def test_the_rubrics_own_fields_and_the_order_of_criteria() -> None:
    found = diff(rubric(TONE, FACTS), rubric(FACTS, TONE, version=2, pass_mark=0.9, task="Reply."))
    assert found.fields == (
        FieldChange("task", None, "Reply."),
        FieldChange("pass_mark", 0.8, 0.9),
        FieldChange("order", "tone, facts", "facts, tone"),
    )


def test_another_check_is_another_criterion() -> None:
    def short(value: int) -> dict[str, Any]:
        return {"id": "short", "text": "", "max": 1, "check": {"kind": "max_words", "value": value}}

    (change,) = diff(rubric(short(9)), rubric(short(8))).criteria
    assert change.fields == (FieldChange("check", "max_words 9", "max_words 8"),)
