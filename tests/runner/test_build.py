from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.errors import DataError, UnknownName
from labeltool.runner.build import judge_name, known_systems, open_judge, open_system, system_name
from tests.projects import Project

ECHO = {"kind": "python", "call": "echo.py:answer"}


def test_the_system_is_the_one_said_else_the_datasets_else_the_first(tmp_path: Path) -> None:
    project = Project.make(tmp_path, systems={"first": ECHO, "echo": ECHO})
    workspace = project.context().workspace
    store = workspace.dataset()
    assert system_name(workspace, store, "first") == "first"
    assert system_name(workspace, store, None) == "echo"
    project.dataset(system=None)
    assert system_name(workspace, workspace.dataset(), None) == "first"


def test_a_folder_of_outputs_is_a_system_without_a_line_in_the_settings(tmp_path: Path) -> None:
    project = Project.make(tmp_path)
    project.output("a", "text", "nov")
    workspace = project.context().workspace
    store = workspace.dataset()
    assert known_systems(workspace, store) == ("echo", "nov")
    system = open_system(workspace, store, "nov", {})
    assert (system.kind, system.live, system.fingerprint) == ("recorded", False, "recorded:nov")


def test_where_there_is_no_system_it_says_which_there_could_be(tmp_path: Path) -> None:
    project = Project.make(tmp_path, systems={})
    project.dataset(system=None)
    project.output("a", "text", "nov")
    workspace = project.context().workspace
    with pytest.raises(DataError) as caught:
        system_name(workspace, workspace.dataset(), None)
    assert "--system nov" in str(caught.value.hint)


def test_a_snapshot_that_is_only_named_has_no_outputs(tmp_path: Path) -> None:
    project = Project.make(tmp_path, systems={"old": {"kind": "recorded"}})
    workspace = project.context().workspace
    with pytest.raises(DataError, match="no outputs") as caught:
        open_system(workspace, workspace.dataset(), "old", {})
    assert "--record old" in str(caught.value.hint)


def test_the_judge_is_the_one_said_else_default_else_the_first(tmp_path: Path) -> None:
    reference = {"kind": "reference"}
    workspace = Project.make(tmp_path, judges={"a": reference}).context().workspace
    assert judge_name(workspace, None) == "a"
    workspace = (
        Project.make(tmp_path, judges={"a": reference, "default": reference}).context().workspace
    )
    assert judge_name(workspace, None) == "default"
    with pytest.raises(UnknownName):
        judge_name(workspace, "b")


def test_a_judge_of_a_kind_that_is_not_there_is_bad_settings(tmp_path: Path) -> None:
    strong = {"kind": "openai", "model": "m"}
    workspace = Project.make(tmp_path, judges={"strong": strong}).context().workspace
    with pytest.raises(DataError) as caught:
        open_judge(workspace, "strong", workspace.dataset().rubric)
    assert str(caught.value.where) == "labeltool.yaml: judges.strong.kind"
