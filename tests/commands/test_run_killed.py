"""Runs that meet the worst: a kill without a word, a full disk, a wrong key. Real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_run_again import MINI, steady
from tests.fake_openai import Body, FakeOpenAI, echo, fake_openai
from tests.projects import Project

CASES = 60
KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: FakeOpenAI) -> Project:
    return made(tmp_path / "project", server)


def made(root: Path, server: FakeOpenAI) -> Project:
    project = Project.make(root)
    mini = {**MINI, "base_url": server.url}
    project.write("labeltool.yaml", {"dataset": "d", "systems": {"mini": mini}})
    project.dataset(system="mini", gates={"golden": {"threshold": 0.5}})
    project.code("prompt.md", "{{ input }}")
    for n in range(CASES):
        project.case(f"c{n:02d}", f"case {n}")
    return project


def start(project: Project, *arguments: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "labeltool", "run", "--no-cache", *arguments]
    return subprocess.Popen(
        line,
        cwd=project.root,
        env={**os.environ, "OPENAI_API_KEY": KEY, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def results(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / "eval_results.json").read_text())
    return found


def logged(project: Project) -> list[bytes]:
    """Whole lines of the newest run's log, without its header."""
    log = max(project.root.glob(".labeltool/runs/*/log.jsonl"))
    return [line for line in log.read_bytes().splitlines(keepends=True)[1:] if line[-1:] == b"\n"]


def test_what_was_killed_at_ninety_per_cent_asks_only_for_the_rest(
    project: Project, server: FakeOpenAI
) -> None:
    begun: list[subprocess.Popen[str]] = []

    def kill_at_ninety(body: Body) -> str:
        if begun and server.count() == CASES * 9 // 10:
            begun[0].send_signal(signal.SIGKILL)
        return echo(body)

    process = start(project, "--concurrency", "4")
    assert process.communicate()[1] is not None
    whole = results(project)
    (project.root / "eval_results.json").unlink()

    server.calls.clear()
    server.answer = kill_at_ninety
    begun.append(start(project, "--concurrency", "4"))
    begun[0].communicate()
    assert begun[0].returncode == -signal.SIGKILL
    assert not (project.root / "eval_results.json").exists()
    done = len(logged(project))
    assert CASES * 9 // 10 - 8 <= done < CASES

    begun.clear()
    server.calls.clear()
    resumed = start(project, "--resume")
    resumed.communicate()
    assert resumed.returncode == 0
    assert server.count() == CASES - done
    found = results(project)
    assert steady(found) == steady(whole)
    assert found["usage"]["system"] == whole["usage"]["system"]


def test_a_wrong_key_stops_early_with_five_and_is_shown_nowhere(
    project: Project, server: FakeOpenAI
) -> None:
    server.always = "401"
    process = start(project, "--concurrency", "4")
    told = "".join(process.communicate())
    assert process.returncode == 5
    assert server.count() <= 4
    assert "401" in told
    kept = (project.root / ".labeltool").rglob("*")
    written = [file.read_bytes() for file in kept if file.is_file()]
    written.append((project.root / "eval_results.json").read_bytes())
    assert KEY not in told
    assert not any(KEY.encode() in data for data in written)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_fills_while_logging_is_four_and_what_was_logged_can_be_read(
    small_disk: Path, server: FakeOpenAI
) -> None:
    server.answer = lambda body: "word " * 8_000
    project = made(small_disk, server)
    process = start(project, "--concurrency", "2")
    _, told = process.communicate()
    assert process.returncode == 4
    assert "run log cannot be written: No space left on device" in told
    assert "Traceback" not in told
    assert not (project.root / "eval_results.json").exists()
    lines = logged(project)
    assert 0 < len(lines) < CASES
    assert all(json.loads(line)["case"]["output"] for line in lines)


def fill(ballast: Path) -> None:
    """To the last byte."""
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (4096, 1):
            with suppress(OSError):
                while os.write(descriptor, b"x" * size):
                    pass
    finally:
        os.close(descriptor)


def test_a_disk_too_full_for_the_results_keeps_the_old_ones_and_the_log(
    small_disk: Path, project: Project
) -> None:
    out = small_disk / "results.json"
    out.write_text("the old ones")
    fill(small_disk / "ballast")
    process = start(project, "--out", str(out))
    _, told = process.communicate()
    assert process.returncode == 4
    assert "results.json: cannot be written: No space left on device" in told
    assert out.read_text() == "the old ones"
    assert sorted(one.name for one in small_disk.iterdir()) == ["ballast", "results.json"]
    assert len(logged(project)) == CASES
