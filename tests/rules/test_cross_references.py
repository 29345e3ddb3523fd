"""What one file says of another: every broken reference is told at the field that makes it."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.model import hashing
from labeltool.model.calibration import Calibration
from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.output import Output
from labeltool.model.record import Draft
from labeltool.model.rubric import Rubric
from labeltool.rules.cross_references import findings, is_verified
from labeltool.rules.project import DatasetFiles, Placed, Project

RUBRIC: dict[str, Any] = {
    "name": "r",
    "version": 1,
    "criteria": [{"id": "tone", "text": "t", "max": 2}],
}


def case(id: str = "a", **fields: Any) -> Placed[Case]:
    noun = Case.model_validate({"id": id, "tier": "golden", "input": "x", **fields})
    if "verified" not in fields:
        signed = {"by": "ann", "hash": hashing.verified_hash(noun)}
        noun = Case.model_validate({**noun.model_dump(exclude_unset=True), "verified": signed})
    return Placed(f"cases/{noun.tier}/{id}.yaml", noun)


def output(id: str = "a", system: str = "v1") -> Placed[Output]:
    noun = Output.model_validate({"case": id, "system": system, "output": "o"})
    return Placed(f"outputs/{system}/{id}.yaml", noun)


def project(
    *,
    cases: tuple[Placed[Case], ...] = (),
    outputs: tuple[Placed[Output], ...] = (),
    live: tuple[str, ...] = (),
    recorded: tuple[str, ...] = (),
    dataset: dict[str, Any] | None = None,
    rubric: dict[str, Any] | None = None,
) -> Project:
    noun = Rubric.model_validate({**RUBRIC, **(rubric or {})})
    files = DatasetFiles(
        "d", Placed("dataset.yaml", Dataset.model_validate(dataset or {"rubric": "r"}))
    )
    files.cases += cases
    files.outputs += outputs
    files.case_ids |= {placed.noun.id for placed in cases}
    files.output_keys |= {(placed.noun.system, placed.noun.case) for placed in outputs}
    found = Project("2026-11-23", live=live, recorded=recorded)
    found.rubrics["r"] = Placed("rubrics/r.yaml", noun)
    found.rubric_names.add("r")
    found.datasets["d"] = files
    return found


def told(found: Project) -> list[tuple[str, str, str]]:
    return [
        (one.path, ".".join(map(str, one.field)), f"{one.level}: {one.message}")
        for one in findings(found)
    ]


def test_what_fits_together_has_no_finding() -> None:
    assert told(project(cases=(case(),), outputs=(output(),))) == []


def test_a_dataset_names_a_rubric_and_a_system_that_are_there() -> None:
    found = told(project(dataset={"rubric": "q", "system": "s"}))
    assert found == [
        ("dataset.yaml", "rubric", "error: there is no rubric q"),
        ("dataset.yaml", "system", "error: there is no system s"),
    ]
    assert (
        told(project(cases=(case(),), outputs=(output(),), dataset={"rubric": "r", "system": "v1"}))
        == []
    )


def test_a_case_id_is_unique_over_the_tiers() -> None:
    twice = case("a", tier="regression")
    assert told(project(cases=(case(), twice))) == [
        (
            "cases/regression/a.yaml",
            "id",
            "error: a stands in the tier golden too: cases/golden/a.yaml",
        )
    ]


def test_a_case_cannot_know_a_rubric_version_that_is_still_to_come() -> None:
    (found,) = told(project(cases=(case(rubric_version=2),)))
    assert found == ("cases/golden/a.yaml", "rubric_version", "error: r has no version 2 yet")


def test_a_quarantine_ends() -> None:
    late = case("b", tier="regression", status="quarantined", until="2026-11-22")
    endless = case("c", tier="regression", status="quarantined")
    found = told(project(cases=(case(), late, endless)))
    assert [(path, level) for path, _, level in found] == [
        ("cases/regression/b.yaml", "warning: the quarantine ended on 2026-11-22"),
        ("cases/regression/c.yaml", "warning: a quarantine needs an end"),
    ]


def test_an_output_needs_its_case() -> None:
    found = told(project(cases=(case(),), outputs=(output("gone"),)))
    assert found == [("outputs/v1/gone.yaml", "case", "error: there is no case gone")]


def test_a_snapshot_cannot_be_called_like_a_live_system() -> None:
    outputs = (output("a"), output("b"))
    found = told(project(cases=(case(), case("b")), outputs=outputs, live=("v1",)))
    assert [(path, field) for path, field, _ in found] == [("outputs/v1/a.yaml", "system")]


def test_a_recorded_system_in_the_settings_may_be_the_snapshot() -> None:
    assert told(project(cases=(case(),), outputs=(output(),), recorded=("v1",))) == []


def test_a_rubric_without_weight_scores_nothing() -> None:
    weightless = {"criteria": [{"id": "tone", "text": "t", "max": 2, "weight": 0}]}
    assert (
        told(project(rubric=weightless))[0][2] == "error: every weight is 0: nothing can be scored"
    )


def test_a_version_without_a_changelog_entry_is_doubted() -> None:
    assert told(project(rubric={"version": 2}))[0][:2] == ("rubrics/r.yaml", "changelog")


def test_a_draft_cannot_take_a_cases_name() -> None:
    found = project(cases=(case(),))
    draft = Draft.model_validate({"id": "a", "input": "x"})
    found.datasets["d"].drafts.append(Placed("inbox/a.yaml", draft))
    assert told(found) == [("inbox/a.yaml", "id", "warning: a case is called a already")]


def gate(count: int, **fields: Any) -> list[str]:
    return gate_over(*(case(f"c{number}") for number in range(count)), **fields)


def gate_over(*cases: Placed[Case], **fields: Any) -> list[str]:
    dataset = {"rubric": "r", "gates": {"golden": {"threshold": 0.85, **fields}}}
    return [
        message
        for _, field, message in told(project(cases=cases, dataset=dataset))
        if field == "gates.golden"
    ]


@pytest.mark.parametrize(
    ("tpr", "told_of"), [(None, True), (0.5, True), (0.9, False)], ids=["none", "coin", "good"]
)
def test_a_gate_on_a_corrected_rate_wants_a_judge_that_was_measured(
    tpr: float | None, told_of: bool
) -> None:
    gates = {"golden": {"metric": "corrected_pass_rate"}}
    found = project(cases=(case(),), dataset={"rubric": "r", "gates": gates})
    if tpr is not None:
        overall = {"tpr": tpr, "tnr": 0.5, "met": 30, "not_met": 20}
        found.datasets["d"].calibrations.append(
            Placed(
                "calibrations/default.yaml",
                Calibration(judge="default", fingerprint="f", rubric="r@1", overall=overall),
            )
        )
    fields = [field for _, field, _ in told(found)]
    assert ("gates.golden.metric" in fields) is told_of


@pytest.mark.parametrize(("threshold", "needed"), [(0.85, 22), (0.95, 73)])
def test_a_confident_gate_says_how_many_cases_it_needs(threshold: float, needed: int) -> None:
    assert gate(needed, threshold=threshold, rule="confident") == []
    (message,) = gate(needed - 1, threshold=threshold, rule="confident")
    assert message == (
        f"warning: cannot be met: the tier has {needed - 1} cases, "
        f"the gate needs {needed} at {threshold}, all of them passing"
    )


def test_no_number_of_cases_is_confident_of_perfection() -> None:
    (message,) = gate(100, threshold=1.0, rule="confident")
    assert "no number of cases" in message


def test_an_observed_gate_needs_its_min_cases() -> None:
    assert gate(1) == []
    assert "the gate needs 5" in gate(1, min_cases=5)[0]


def test_a_gate_over_an_empty_tier_is_said_to_be_skipped() -> None:
    assert "this gate is skipped" in gate(0)[0]


@pytest.mark.parametrize("status", ["open", "retired", "quarantined"])
def test_a_gate_over_cases_that_do_not_count_is_said_to_be_skipped_as_run_does(
    status: str,
) -> None:
    bug = case("bug", status=status, until="2026-12-31")
    (message,) = gate_over(bug)
    assert "no case that counts: this gate is skipped" in message


def test_unverified_golden_cases_are_one_warning() -> None:
    unread = [case(f"c{number}", verified=None) for number in range(7)]
    edited = case("b", verified={"by": "ann", "hash": "0" * 12})
    retired = case("z", verified=None, status="retired")
    found = told(project(cases=(case(), edited, *unread, retired)))
    assert found == [
        (
            "dataset.yaml",
            "",
            "warning: 8 of 9 golden cases are not verified: "
            "b (edited since), c0, c1, c2, c3 and 3 more",
        )
    ]


def test_editing_input_or_expected_voids_a_verification() -> None:
    signed = case(expected="y").noun
    assert is_verified(signed)
    assert is_verified(signed.model_copy(update={"tags": ("new",)}))
    assert not is_verified(signed.model_copy(update={"input": "other"}))
    assert not is_verified(signed.model_copy(update={"expected": "other"}))
