"""What makes a gate easier to pass is said, whichever way it is done; what does not, is not."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.rubric import Rubric
from labeltool.rules.weakened import Guards, weakened

GATE = {
    "threshold": 0.9,
    "rule": "confident",
    "min_cases": 10,
    "max_error_rate": 0.01,
    "untrusted": "block",
    "verified_only": True,
}
CRITERION = {"id": "tone", "text": "t", "max": 2, "weight": 2, "required": True}
CASE = {
    "id": "one",
    "tier": "golden",
    "input": "a",
    "checks": [{"kind": "max_words", "value": 5}],
    "counterexamples": ["b"],
}


def gates(**changes: Any) -> Guards:
    return Guards(
        datasets={
            "mails": Dataset.model_validate(
                {"rubric": "m", "gates": {"golden": {**GATE, **changes}}}
            )
        }
    )


def rubric(criterion: dict[str, Any] | None = None, **changes: Any) -> Guards:
    criteria = [{**CRITERION, **(criterion or {})}]
    noun = Rubric.model_validate({"name": "m", "version": 1, "criteria": criteria, **changes})
    return Guards(rubrics={"m": noun})


def case(**changes: Any) -> Guards:
    return Guards(cases={("mails", "one"): Case.model_validate({**CASE, **changes})})


def said(before: Guards, after: Guards) -> list[str]:
    return [f"{one.where}: {one.what}" for one in weakened(before, after)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"threshold": 0.85}, "threshold lowered from 0.9 to 0.85"),
        ({"rule": "observed"}, "rule confident becomes observed"),
        ({"metric": "mean_score"}, "another metric: pass_rate becomes mean_score"),
        ({"min_cases": 1}, "min_cases lowered from 10 to 1"),
        ({"max_error_rate": 0.5}, "max_error_rate raised from 0.01 to 0.5"),
        ({"untrusted": "count"}, "untrusted: block becomes count"),
        ({"inconclusive": "pass"}, "an inconclusive result now passes"),
        ({"verified_only": False}, "cases that nobody verified count now"),
    ],
)
def test_a_gate(changes: dict[str, Any], words: str) -> None:
    (found,) = said(gates(), gates(**changes))
    assert found.startswith(f"mails, gate golden: {words}")
    if "metric" not in changes:
        assert said(gates(**changes), gates()) == []


def test_a_gate_or_dataset_that_goes() -> None:
    bare = Guards(datasets={"mails": Dataset(rubric="m")})
    assert said(gates(), bare) == ["mails, gate golden: is taken out"]
    assert said(bare, gates()) == []
    assert said(gates(), Guards()) == ["mails: the dataset is deleted, its gates with it"]
    other = Guards(datasets={"mails": Dataset(rubric="easy")})
    assert said(bare, other) == ["mails: another rubric: m becomes easy"]


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ({"required": False}, "is no longer required"),
        ({"pass_at": 1}, "pass_at lowered from 2 to 1"),
        ({"weight": 0}, "weight lowered from 2 to 0"),
        ({"tolerance": 1}, "tolerance raised from 0 to 1"),
        ({"na": True}, "may now be answered with `not applicable`"),
        ({"grader": "human"}, "is no longer graded by machine"),
        ({"check": {"kind": "max_words", "value": 9}}, "its check is another one"),
    ],
)
def test_a_criterion(criterion: dict[str, Any], words: str) -> None:
    assert said(rubric(), rubric(criterion)) == [f"m, tone: {words}"]


def test_a_rubric() -> None:
    assert said(rubric(), rubric(pass_mark=0.5)) == ["m: pass_mark lowered from 0.8 to 0.5"]
    loose = rubric(stable={"alpha": 0.5, "agreement": 0.9})
    assert said(rubric(), loose) == ["m: stable.alpha lowered from 0.8 to 0.5"]
    assert said(rubric(), rubric({"id": "facts"})) == ["m, tone: the criterion is removed"]
    assert said(rubric(), Guards()) == ["m: the rubric is deleted"]
    assert said(rubric(), rubric({"text": "clearer", "weight": 3}, pass_mark=0.9)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tier": "adversarial"}, "the case is moved from golden to adversarial"),
        ({"status": "quarantined"}, "the golden case is quarantined and no longer gates"),
        ({"checks": []}, "1 of its 1 checks changed or gone"),
        ({"checks": [{"kind": "max_words", "value": 99}]}, "1 of its 1 checks changed or gone"),
        ({"counterexamples": []}, "counterexamples are taken out"),
    ],
)
def test_a_case(changes: dict[str, Any], words: str) -> None:
    assert said(case(), case(**changes)) == [f"mails/one: {words}"]


def test_cases_that_come_or_get_stricter_are_welcome() -> None:
    assert said(Guards(), case()) == []
    more = [*CASE["checks"], {"kind": "contains", "value": "x"}]
    assert said(case(), case(checks=more, notes="n")) == []
    assert said(case(), Guards()) == ["mails/one: the golden case is deleted"]


def test_the_judge_and_its_prompt() -> None:
    strong = {"kind": "openai", "model": "big", "base_url": None}
    before = Guards(judges={"default": strong}, files={"prompts/judge.md": "a"})
    cheap = {**strong, "model": "small", "base_url": "http://evil.example"}
    after = Guards(judges={"default": cheap}, files={"prompts/judge.md": "b"})
    assert said(before, after) == [
        "judge default: is another one: base_url, model changed",
        "prompts/judge.md: is edited: the judge's prompt",
    ]
    assert said(before, Guards()) == [
        "judge default: is taken out",
        "prompts/judge.md: is deleted",
    ]


def test_what_else_a_gate_rests_on() -> None:
    paths = (
        ".github/workflows/evals.yml",
        "datasets/mails/baselines/v1.json",
        "datasets/mails/calibrations/default.yaml",
    )
    before, after = (dict.fromkeys(paths, content) for content in "ab")
    assert said(Guards(files=before), Guards(files=after)) == [
        ".github/workflows/evals.yml: is edited: a workflow that runs the gates",
        "datasets/mails/baselines/v1.json: is edited: the baseline that broken cases are counted "
        "against",
        "datasets/mails/calibrations/default.yaml: is edited: a judge's trust",
    ]
