from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from labeltool.cli.main import run
from tests.projects import Project


def test_it_draws_what_the_run_drew_and_gates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Project.make(tmp_path).case("bad", "far too many words for this")
    assert run(["run", "--threshold", "0.85"]) == 1
    first = capsys.readouterr().out
    assert run(["report", "eval_results.json"]) == 0
    assert capsys.readouterr().out == first
    assert run(["report", "eval_results.json", "--as", "junit", "--out", "j.xml"]) == 0
    assert ET.parse(tmp_path / "j.xml").getroot().tag == "testsuites"
    assert run(["report", "eval_results.json", "--as", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("### FAIL")
    assert run(["report", "eval_results.json", "--as", "annotations"]) == 0
    said = capsys.readouterr().out
    assert "::error file=datasets/d/cases/golden/bad.yaml,title=bad (golden) fails::" in said
    assert run(["report", "eval_results.json", "--as", "html", "--out", "run.html"]) == 0
    assert (tmp_path / "run.html").read_text().startswith("<!DOCTYPE html>")


def test_a_run_writes_the_page_that_report_would_draw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Project.make(tmp_path).case("bad", "far too many words for this")
    assert run(["run", "--threshold", "0.85", "--html", "a.html"]) == 1
    assert run(["report", "eval_results.json", "--as", "html", "--out", "b.html"]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["labeltool.yaml"], 3),
        (["labeltool.yaml", "--as", "csv"], 2),
        (["gone.json"], 2),
        (["labeltool.yaml", "--as", "html"], 3),
    ],
)
def test_what_it_cannot_draw_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Project.make(tmp_path)
    assert run(["report", *arguments]) == code


def test_in_a_folder_without_settings_it_says_what_to_type_as_every_verb_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eval_results.json").write_text("{}")
    assert run(["report", "eval_results.json"]) == 4
    assert "labeltool init" in capsys.readouterr().err
