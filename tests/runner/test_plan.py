from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.model.base import Tier
from labeltool.model.dataset import Gate
from labeltool.runner import plan as plans
from labeltool.runner.plan import Plan, Selection, make_plan
from tests.projects import NOW, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.make(tmp_path)
    project.case("b", tags=["refund"])
    project.case("a", tags=["angry"])
    project.case("r", tier="regression", tags=["refund"])
    project.case("gone", status="retired")
    return project


def plan(project: Project, gates: dict[Tier, Gate] | None = None, **selection: Any) -> Plan:
    store = project.context().workspace.dataset()
    return make_plan(store, Selection(**selection), gates or {}, now=NOW, read_ahead=False)


def test_it_takes_tier_by_tier_and_leaves_out_who_sits_out(project: Project) -> None:
    found = plan(project)
    assert [case.id for case in found] == ["a", "b", "r"]
    assert found.expected == 3
    assert found.skipped == {"golden": 1}


def test_filters_narrow_each_other_and_widen_among_themselves(project: Project) -> None:
    assert [c.id for c in plan(project, tags=("refund",))] == ["b", "r"]
    assert [c.id for c in plan(project, tags=("refund", "angry"))] == ["a", "b", "r"]
    assert [c.id for c in plan(project, tags=("refund",), tiers=("golden",))] == ["b"]
    assert [c.id for c in plan(project, cases=("r", "a", "a"))] == ["a", "r"]


def test_a_typo_is_never_an_empty_run(project: Project) -> None:
    with pytest.raises(UnknownName) as caught:
        plan(project, tags=("refnd",))
    assert caught.value.hint == "did you mean refund?"
    with pytest.raises(UnknownName):
        plan(project, cases=("aa",))


def test_filters_that_leave_nothing_are_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="never green"):
        plan(project, tags=("angry",), cases=("b",))
    with pytest.raises(UsageError, match="in tier golden"):
        plan(project, cases=("a",), tiers=("regression",))
    with pytest.raises(UsageError, match="retired"):
        plan(project, cases=("gone",))


def test_a_named_tier_without_cases_is_bad_data(project: Project) -> None:
    with pytest.raises(DataError, match="tier adversarial has no case"):
        plan(project, tiers=("adversarial",))


def test_an_id_in_two_tiers_is_refused(project: Project) -> None:
    project.case("a", tier="regression")
    with pytest.raises(DataError, match="two tiers"):
        plan(project)


def test_every_broken_file_is_named_before_anything_runs(project: Project) -> None:
    project.code("datasets/d/cases/golden/x.yaml", "id: x\ntier: golden\n")
    project.code("datasets/d/cases/golden/y.yaml", "id: [\n")
    with pytest.raises(DataError) as caught:
        plan(project)
    assert [p.where.path.rpartition("/")[2] for p in caught.value.problems] == ["x.yaml", "y.yaml"]


def test_a_large_set_is_streamed_and_its_broken_file_comes_after_the_last(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "KEPT_IN_MEMORY", 1)
    project.code("datasets/d/cases/golden/b.yaml", "id: b\n")
    found = plan(project)
    assert found.kept is None
    taken = iter(found)
    assert next(taken).id == "a"
    with pytest.raises(DataError):
        next(taken)


def test_a_gate_on_verified_cases_leaves_the_others_out_and_counts_them(project: Project) -> None:
    project.case("read", verified={"by": "alice"})
    found = plan(project, {"golden": Gate(threshold=0.5, verified_only=True)})
    assert [case.id for case in found] == ["read", "r"]
    assert found.unverified == {"golden": 2}


def test_a_case_whose_quarantine_is_over_runs_and_is_named(project: Project) -> None:
    project.case("q", status="quarantined", until="2026-11-01")
    found = plan(project)
    assert "q" in [case.id for case in found]
    assert found.back == ["q"]
