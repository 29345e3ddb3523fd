from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from labeltool.cli.main import run
from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two shards of a run that fails, made outside any repository."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    project = Project.make(tmp_path)
    project.dataset(gates={"golden": {"threshold": 0.9}})
    for id in ("a", "b", "c", "d"):
        project.case(id)
    project.case("bad", "far too many words for this")
    for n in (1, 2):
        assert run(["run", "--shard", f"{n}/2", "--out", f"s{n}.json"]) == 0
    return project


def test_shards_are_gated_as_one_run(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["merge", "s1.json", "s2.json", "--out", "all.json", "--junit", "all.xml"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("FAIL  golden 0.80 [0.38 0.96] is under 0.9")
    assert "bad" in out
    assert json.loads((project.root / "all.json").read_text())["shard"] is None
    assert len(list(ET.parse(project.root / "all.xml").iter("testcase"))) >= 5


def test_as_one_document_on_stdout(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["merge", "s1.json", "s2.json", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["verdict"] == "fail"
    assert said.err.startswith("FAIL")


def test_a_missing_shard_is_exit_5_and_the_same_one_twice_exit_3(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["merge", "s2.json"]) == 5
    assert "shard 1/2 is missing" in capsys.readouterr().out
    assert run(["merge", "s2.json", "s2.json"]) == 3
    assert "is shard 2/2, and so is" in capsys.readouterr().err


def test_github_gets_its_annotations_and_the_summary(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    capsys.readouterr()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.root.parent))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.root / "step.md"))
    assert run(["merge", "s1.json", "s2.json"]) == 1
    file = f"{project.root.name}/datasets/d/cases/golden/bad.yaml"
    assert f"::error file={file}" in capsys.readouterr().out
    assert "bad" in (project.root / "step.md").read_text()
