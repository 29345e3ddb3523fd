from __future__ import annotations

from typing import Any

from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Rubric
from labeltool.rules.trust import judge_trust, judged


def rubric(version: int = 2, changed: list[str] | None = None) -> Rubric:
    return Rubric.model_validate(
        {
            "name": "r",
            "version": version,
            "criteria": [
                {"id": "items", "text": "t", "max": 2},
                {"id": "tone", "text": "t", "max": 2},
                {"id": "kind", "text": "t", "max": 1, "grader": "human"},
                {"id": "short", "text": "t", "max": 1, "check": {"kind": "max_words", "value": 9}},
            ],
            "changelog": [{"version": version, "changed": changed or []}],
        }
    )


def calibration(**changes: Any) -> Calibration:
    return Calibration.model_validate(
        {
            "judge": "default",
            "fingerprint": "j1",
            "rubric": "r@2",
            "criteria": {
                "items": {"trusted": True, "agreement": 0.9, "n": 40},
                "tone": {"trusted": False, "agreement": 0.61, "n": 64, "reason": "under 0.80"},
            },
            **changes,
        }
    )


def test_only_criteria_for_a_judge_are_judged() -> None:
    assert judged(rubric()) == ("items", "tone")


def test_without_a_calibration_nothing_is_trusted() -> None:
    trust = judge_trust(None, "j1", rubric())
    assert trust.trust == "uncalibrated"
    assert trust.not_trusted() == ("items", "tone")


def test_trust_is_per_criterion_and_carries_its_measure() -> None:
    trust = judge_trust(calibration(), "j1", rubric())
    assert trust.trust == "untrusted"
    assert trust.not_trusted() == ("tone",)
    assert (trust.criteria["tone"].agreement, trust.criteria["tone"].n) == (0.61, 64)


def test_another_judge_ends_all_trust() -> None:
    trust = judge_trust(calibration(), "j2", rubric())
    assert trust.trust == "stale"
    assert trust.not_trusted() == ("items", "tone")


def test_an_amendment_ends_the_trust_of_what_it_changed() -> None:
    trusted = calibration(criteria={id: {"trusted": True} for id in ("items", "tone")})
    assert judge_trust(trusted, "j1", rubric()).trust == "trusted"
    trust = judge_trust(trusted, "j1", rubric(3, ["tone"]))
    assert trust.trust == "stale"
    assert trust.not_trusted() == ("tone",)


def test_a_calibration_of_another_rubric_or_a_later_version_does_not_count() -> None:
    assert judge_trust(calibration(rubric="other@2"), "j1", rubric()).trust == "stale"
    assert judge_trust(calibration(rubric="r@3"), "j1", rubric()).trust == "stale"


def test_a_criterion_that_was_not_measured_is_uncalibrated() -> None:
    trust = judge_trust(calibration(criteria={"items": {"trusted": True}}), "j1", rubric())
    assert trust.criteria["tone"].trust == "uncalibrated"
    assert trust.trust == "uncalibrated"


def test_agreement_measured_at_another_pass_at_is_not_trusted() -> None:
    measured = {"trusted": True, "agreement": 0.9, "n": 40, "pass_at": 1}
    found = judge_trust(calibration(criteria={"items": measured}), "j1", rubric())
    assert found.criteria["items"].trust == "stale"
    assert found.criteria["items"].why == "measured with pass_at 1"
    measured["pass_at"] = 2
    found = judge_trust(calibration(criteria={"items": measured}), "j1", rubric())
    assert found.criteria["items"].trust == "trusted"
