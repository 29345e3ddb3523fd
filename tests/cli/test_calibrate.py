"""`labeltool calibrate` as it is typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.calibrated import counts_facts, of, project
from tests.fake_openai import Body, fake_openai
from tests.projects import Project

WANTED = {
    "n", "agreement", "interval", "exact", "within_one", "human_agreement", "kappa",
    "weighted_kappa", "spearman", "tpr", "tnr", "constant_agreement", "errors", "trusted", "reason",
}  # fmt: skip


def labeltool(project: Project, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labeltool", *args],
        cwd=project.root,
        env={**os.environ, "COLUMNS": "80", **env},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project(tmp_path_factory.mktemp("calibrate"))


def test_one_screen_answers_and_the_file_is_committed(sample: Project) -> None:
    done = labeltool(sample, "calibrate", "--summary", "trust.md")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "judge default may be trusted with facts"
    assert max(map(len, lines)) <= 80
    for part in ("criterion", "95%", "people's levels down", "seed 0", "committed"):
        assert part in done.stdout
    assert "by fixed thresholds" in done.stdout
    assert "judge default may be trusted with facts" in (sample.root / "trust.md").read_text()
    assert sample.git("status", "--porcelain") == "?? trust.md\n"


def test_json_is_one_document_with_every_figure(sample: Project) -> None:
    done = labeltool(sample, "calibrate", "--json", "--sample", "all")
    found = json.loads(done.stdout)
    assert found["schema"] == "labeltool/calibration@1"
    assert found["judge"] == "default"
    assert found["sample"]["n"] == 40
    assert found["trusted"] is True
    assert found["criteria"]["facts"].keys() >= WANTED
    assert found["overall"].keys() >= {"n", "agreement", "tpr", "tnr"}
    assert found["criteria"]["facts"]["pass_at"] == 2


def test_two_judges_side_by_side_with_what_they_cost(tmp_path: Path) -> None:
    with fake_openai(answer=counts_facts) as server:
        price = {"input": 1000.0, "output": 1000.0}
        judges = {"default": {"kind": "reference"}, "strong": of(server.url, price=price)}
        made = project(tmp_path, cases=10, judges=judges)
        names = ("--judge", "default", "--judge", "strong")
        done = labeltool(made, "calibrate", *names, KEY="k")
        again = labeltool(made, "calibrate", *names, "--json", KEY="k")
    assert done.returncode == 0, done.stderr
    assert "10 calls" in done.stderr
    assert "USD" in done.stderr
    head, default, strong = (line.split() for line in done.stdout.splitlines()[:3])
    assert head == ["judge", "facts", "overall", "calls", "USD"]
    assert (default[0], default[-1], strong[0], strong[-2]) == ("default", "0.00", "strong", "10")
    assert float(strong[-1]) > 0
    assert [one["judge"] for one in json.loads(again.stdout)["calibrations"]] == [
        "default", "strong",
    ]  # fmt: skip


def test_nothing_to_measure_on_is_bad_data_with_the_next_step(tmp_path: Path) -> None:
    done = labeltool(project(tmp_path, cases=0), "calibrate")
    assert done.returncode == 3
    assert "no output has a human score" in done.stderr
    assert "labeltool label" in done.stderr


@pytest.mark.parametrize("wrong", ["0", "-3", "many"])
def test_a_sample_is_a_number_or_all(sample: Project, wrong: str) -> None:
    done = labeltool(sample, "calibrate", "--sample", wrong)
    assert done.returncode == 2
    assert "neither `all` nor a number" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_drains_it_and_writes_nothing(tmp_path: Path, number: signal.Signals) -> None:
    running: list[subprocess.Popen[str]] = []

    def interrupts(body: Body) -> str:
        running[0].send_signal(number)
        return counts_facts(body)

    with fake_openai(answer=interrupts) as server:
        made = project(tmp_path, cases=10, judges={"strong": of(server.url)})
        command = [sys.executable, "-m", "labeltool", "calibrate", "--concurrency", "1"]
        env = {**os.environ, "KEY": "k"}
        with subprocess.Popen(
            command, cwd=made.root, env=env, stdout=-1, stderr=-1, text=True
        ) as process:
            running.append(process)
            out, err = process.communicate()
        asked = server.count()
    assert process.returncode == 128 + number
    assert out == ""
    assert "nothing was written; replies are kept" in err
    assert 0 < asked < 10
    assert not (made.root / "datasets/d/calibrations").exists()


def test_what_people_and_outputs_say_cannot_move_the_terminal(tmp_path: Path) -> None:
    made = project(tmp_path, cases=6)
    made.label("c04", "alice", {"facts": 2}, notes="\x1b]0;owned\x07[/] see")
    made.label("c04", "bob", {"facts": 2})
    done = labeltool(made, "calibrate")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "owned" in done.stdout
