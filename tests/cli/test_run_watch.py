"""`run --watch` as a real process that edits are made beside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.cli.main import run
from tests.projects import Project

LONG = "far too many words for this"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project.make(tmp_path)
    project.dataset(gates={"golden": {"threshold": 0.9}})
    project.code("words.py", f"TEXT = {LONG!r}\n")
    project.code("echo.py", "import words\ndef answer(case):\n    return words.TEXT\n")
    project.case("a")
    project.case("b")
    return project


class Watching:
    def __init__(self, project: Project, *arguments: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "labeltool", "run", "--watch", *arguments],
            cwd=project.root,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def until(self, start: str) -> str:
        """All that it says up to the line that begins so."""
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith(start):
                return said
        raise AssertionError(said)


@pytest.fixture
def watching(project: Project) -> Iterator[Watching]:
    running = Watching(project)
    with running.process:
        yield running
        running.process.kill()


def test_an_edit_runs_again_says_what_it_fixed_and_a_broken_file_is_waited_out(
    project: Project, watching: Watching
) -> None:
    first = watching.until("watching")
    assert "FAIL  golden 0.00" in first
    assert "fails: a, b" in first
    project.code("words.py", "TEXT = (\n")
    broken = watching.until("watching")
    assert "words.py changed" in broken
    assert "0 of 2 pass" in broken or "SyntaxError" in broken or "error" in broken
    project.code("words.py", "TEXT = 'few words'\n")
    second = watching.until("watching")
    assert "PASS  golden 1.00" in second
    assert "fixed: a, b" in second
    project.code("labeltool.yaml", "systems: [\n")
    assert "labeltool.yaml:" in watching.until("watching")
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=60) == 0, "the last verdict stands"
    assert not (project.root / "eval_results.json").exists()


def test_the_cases_that_failed_stay_in_sight_when_they_pass(project: Project) -> None:
    project.code("words.py", "TEXT = 'x'\n")
    project.code(
        "echo.py",
        "import words\ndef answer(case):\n"
        f"    return {LONG!r} if case['id'] == 'a' else words.TEXT\n",
    )
    assert run(["run"]) == 1
    project.code("echo.py", "def answer(case):\n    return 'few'\n")
    running = Watching(project, "--only-failing", "eval_results.json", "--out", "seen.json")
    with running.process as process:
        said = running.until("watching")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert "1 of 1 pass" in said
    cases = json.loads((project.root / "seen.json").read_text())["cases"]
    assert [case["id"] for case in cases] == ["a"]


@pytest.mark.parametrize("other", [["--record", "x"], ["--shard", "1/2"], ["--out", "-"]])
def test_what_means_one_run_is_refused(
    project: Project, other: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "--watch", *other]) == 2
    assert "--watch and" in capsys.readouterr().err
