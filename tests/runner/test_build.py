from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from labeltool.errors import DataError, IncompleteError, UnknownName
from labeltool.runner.build import judge_name, known_systems, open_judge, open_system, system_name
from labeltool.runner.grade import Judge
from tests.projects import Project

JUDGED: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [{"id": "facts", "text": "All facts.", "max": 2}],
}

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


STRONG = {"kind": "openai", "model": "m"}


def opened(project: Project, env: Mapping[str, str], **said: Any) -> Judge:
    workspace = project.context().workspace
    store = workspace.dataset()
    return open_judge(workspace, "strong", store.rubric, store=store, env=env, **said)


def test_a_judge_that_is_a_model_wants_its_key_before_anything_is_asked(tmp_path: Path) -> None:
    project = Project.make(tmp_path, judges={"strong": STRONG})
    with pytest.raises(IncompleteError, match="OPENAI_API_KEY is not set"):
        opened(project, {})
    assert opened(project, {"OPENAI_API_KEY": "k"}).kind == "openai"


def test_who_only_wants_to_know_which_judge_it_is_needs_no_key(tmp_path: Path) -> None:
    project = Project.make(tmp_path, judges={"strong": STRONG})
    known = opened(project, {}, asked=False).fingerprint
    assert known == opened(project, {"OPENAI_API_KEY": "k"}).fingerprint


def test_another_server_model_template_or_parameter_is_another_judge(tmp_path: Path) -> None:
    project = Project.make(tmp_path, judges={"strong": STRONG})
    project.code("strict.md", "Be strict about {{ ids }}.")
    seen = [opened(project, {}, asked=False).fingerprint]
    for change in (
        {"base_url": "http://localhost:1/v1"},
        {"model": "other"},
        {"template": "strict.md"},
        {"params": {"temperature": 0}},
        {"per": "criterion"},
    ):
        project = Project.make(tmp_path, judges={"strong": {**STRONG, **change}})
        seen.append(opened(project, {}, asked=False).fingerprint)
    project.code("strict.md", "Be very strict about {{ ids }}.")
    project = Project.make(tmp_path, judges={"strong": {**STRONG, "template": "strict.md"}})
    seen.append(opened(project, {}, asked=False).fingerprint)
    assert len(set(seen)) == len(seen)


def test_what_does_not_shape_a_verdict_keeps_the_judge_the_same(tmp_path: Path) -> None:
    project = Project.make(tmp_path, judges={"strong": STRONG})
    before = opened(project, {}, asked=False).fingerprint
    changed = {**STRONG, "timeout_s": 5, "price": {"input": 1, "output": 1}, "api_key_env": "K"}
    project = Project.make(tmp_path, judges={"strong": changed})
    assert opened(project, {}, asked=False).fingerprint == before


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"template": "gone.md"}, "labeltool.yaml: judges.strong.template"),
        ({"template": {"short": "gone.md"}}, "labeltool.yaml: judges.strong.template"),
        ({"examples": ["gone"]}, "labeltool.yaml: judges.strong.examples.0"),
        ({"params": {"messages": []}}, "labeltool.yaml: judges.strong.params.messages"),
        (
            {"params": {"response_format": {}}},
            "labeltool.yaml: judges.strong.params.response_format",
        ),
    ],
)
def test_settings_that_cannot_serve_are_named(
    tmp_path: Path, change: dict[str, Any], where: str
) -> None:
    project = Project.make(tmp_path, judges={"strong": {**STRONG, **change}})
    with pytest.raises(DataError) as caught:
        opened(project, {"OPENAI_API_KEY": "k"})
    assert str(caught.value.where) == where


def test_a_template_of_another_rubric_is_not_used(tmp_path: Path) -> None:
    project = Project.make(tmp_path, judges={"strong": STRONG})
    built_in = opened(project, {}, asked=False).fingerprint
    elsewhere = {**STRONG, "template": {"long": "gone.md"}}
    project = Project.make(tmp_path, judges={"strong": elsewhere})
    assert opened(project, {}, asked=False).fingerprint == built_in


@pytest.mark.parametrize("text", ["{{ input }}", "{% if %}"])
def test_a_template_that_does_not_serve_is_named_with_what_it_may_use(
    tmp_path: Path, text: str
) -> None:
    project = Project.make(tmp_path, judges={"strong": {**STRONG, "template": "own.md"}})
    project.write("rubrics/short.yaml", JUDGED)
    project.code("own.md", text)
    with pytest.raises(DataError) as caught:
        opened(project, {"OPENAI_API_KEY": "k"})
    assert str(caught.value.where).startswith("own.md")
    assert caught.value.hint
