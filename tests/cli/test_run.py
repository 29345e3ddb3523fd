from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from labeltool.cli.main import run
from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    project = Project.make(tmp_path)
    project.case("good")
    project.case("bad", "far too many words for this")
    return project


def results(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / "eval_results.json").read_text())
    return found


def start(project: Project, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "labeltool", "run", *arguments],
        cwd=project.root,
        text=True,
        **options,
    )


def test_a_green_run_exits_0_and_says_so_first(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "--tier", "golden", "--threshold", "0.5"]) == 0
    assert capsys.readouterr().out.startswith("PASS  golden 0.50 clears 0.5")
    assert results(project)["verdict"] == "pass"


def test_a_red_run_exits_1_and_names_the_gate_the_case_the_reason_and_the_next_line(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "--threshold", "0.85"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("FAIL  golden 0.50 [0.09 0.91] is under 0.85")
    assert "length 0, met from 1: 6 words" in out
    assert "again: labeltool run --system echo --case bad" in out
    assert "good " not in out
    assert all(len(line) <= 80 for line in out.splitlines() if "again:" not in line)


def test_the_line_that_runs_it_again_does(project: Project) -> None:
    assert run(["run", "--threshold", "0.85", "--system", "echo", "--case", "bad"]) == 1
    assert [case["id"] for case in results(project)["cases"]] == ["bad"]
    assert results(project)["filters"] == {"case": ["bad"]}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--tier", "goldn"], 2, "did you mean golden"),
        (["--tier", "regression"], 3, "tier regression has no case"),
        (["--case", "bda"], 2, "did you mean bad"),
        (["--tag", "refund"], 2, "no tag is named"),
        (["--system", "ecko"], 2, "did you mean echo"),
        (["--judge", "x"], 2, "no judge is named"),
        (["--dataset", "x"], 2, "no dataset is named"),
        (["--threshold", "1.5"], 2, "1.5"),
        (["--threshold", "nan"], 2, "nan"),
        (["--rule", "maybe"], 2, "maybe"),
        (["--concurrency", "0"], 2, "0"),
        (["--record", "x y"], 2, "not a legal name"),
        (["--record", "echo-nov"], 4, "not in a git repository"),
        (["--out", "gone/results.json"], 4, "gone/results.json"),
    ],
)
def test_each_mistake_gets_its_line_and_its_exit_code(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    assert run(["run", *arguments]) == code
    captured = capsys.readouterr()
    assert says in captured.err
    assert "Traceback" not in captured.err


def test_a_broken_file_is_named_with_its_line_and_nothing_is_written(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.code("datasets/d/cases/golden/x.yaml", "id: x\ntier: golden\ninput: 12\n")
    assert run(["run"]) == 3
    assert "datasets/d/cases/golden/x.yaml:3: input" in capsys.readouterr().err
    assert not (project.root / "eval_results.json").exists()


def test_outside_a_workspace_it_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["run"]) == 4
    assert "labeltool init" in capsys.readouterr().err


@pytest.mark.parametrize("how", [["--out", "-"], ["--json"]])
def test_with_json_stdout_is_one_document_whatever_user_code_prints(
    project: Project, capfdbinary: pytest.CaptureFixture[bytes], how: list[str]
) -> None:
    project.code(
        "echo.py",
        "import os\nprint('imported')\n"
        "def answer(case):\n    print('hello'); os.write(1, b'raw')\n    return case['input']\n",
    )
    assert run(["run", *how]) == 0
    captured = capfdbinary.readouterr()
    assert len(json.loads(captured.out)["cases"]) == 2
    assert b"hello" in captured.err
    assert (project.root / "eval_results.json").exists() == (how == ["--json"])


def test_a_device_is_written_in_place(project: Project) -> None:
    assert run(["run", "--out", "/dev/null"]) == 0
    assert not Path("/dev/null").is_file()


def test_reports_are_written_beside_and_a_step_summary_is_added_to(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = project.root / "step.md"
    step.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    assert run(["run", "--junit", "j.xml", "--summary", "s.md"]) == 0
    assert ET.parse(project.root / "j.xml").find(".//testcase[@name='bad']/failure") is not None
    summary = (project.root / "s.md").read_text()
    assert "| golden | 1/2 |" in summary
    assert step.read_text() == "before\n" + summary


def test_recording_ends_with_the_commit(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.commit_all()
    assert run(["run", "--record", "echo-nov"]) == 0
    head = project.git("rev-parse", "HEAD")[:7]
    assert f"recorded 2 outputs as echo-nov · committed {head}" in capsys.readouterr().out
    assert "record 2 outputs of echo as echo-nov" in project.git("log", "-1", "--format=%B")


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_drains_writes_what_is_there_and_exits_with_its_code(
    project: Project, signum: signal.Signals, code: int
) -> None:
    project.code(
        "echo.py",
        "import asyncio, pathlib\n"
        "async def answer(case):\n"
        "    if case['id'] == 'good':\n"
        "        pathlib.Path('waiting').touch()\n"
        "        while not pathlib.Path('go').exists(): await asyncio.sleep(0.01)\n"
        "    if case['id'] == 'last': await asyncio.sleep(600)\n"
        "    return case['input']\n",
    )
    project.case("last")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start(project, "--threshold", "0.5", "--concurrency", "1", **pipes) as process:
        while not (project.root / "waiting").exists() and process.poll() is None:
            os.sched_yield()
        process.send_signal(signum)
        (project.root / "go").touch()
        out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode == code
    assert out.startswith("INCOMPLETE")
    found = results(project)
    assert found["verdict"] == "incomplete"
    assert [case["id"] for case in found["cases"]] == ["bad", "good"]
    assert found["tiers"]["golden"]["not_run"] == 1


def test_on_a_terminal_a_bar_is_drawn_on_stderr_and_elsewhere_nothing_is(project: Project) -> None:
    lead, follow = pty.openpty()
    with start(project, stdout=subprocess.PIPE, stderr=follow) as process:
        os.close(follow)
        drawn = b""
        try:
            while chunk := os.read(lead, 4096):
                drawn += chunk
        except OSError:
            pass  # Linux says EIO when the other end is closed.
        process.communicate(timeout=60)
    os.close(lead)
    assert b"running" in drawn
    with start(project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.communicate(timeout=60)
    assert err == ""
    assert "\x1b" not in out


@pytest.mark.parametrize(("threshold", "code"), [("0.5", 0), ("0.9", 1)])
def test_a_reader_that_goes_away_does_not_change_the_verdict(
    project: Project, threshold: str, code: int
) -> None:
    read, write = os.pipe()
    os.close(read)
    with start(project, "--threshold", threshold, stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (code, "")
