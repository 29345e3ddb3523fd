"""A team's week with a judge: measured, leaned on, checked on, found wanting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.commands.calibrated import project
from tests.projects import Project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    found = project(tmp_path_factory.mktemp("team"), spot_check=12)
    found.dataset(
        system="old", gates={"golden": {"threshold": 0.1, "metric": "corrected_pass_rate"}}
    )
    # Outputs of another day: nobody has labelled these.
    said = "order 4411, walking boots, lost in Lyon, refund by Friday, call Miriam Oduya"
    for at in range(40):
        kept = ", ".join(said.split(", ")[: 5 - at % 5])
        found.output(f"c{at:02}", f"Note: {kept}.", system="new")
    return found


def labeltool(made: Project, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labeltool", *args],
        cwd=made.root,
        env={**os.environ, "LABELTOOL_ANNOTATOR": "alice"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def results(made: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((made.root / "eval_results.json").read_text())
    return found


def test_a_week(made: Project) -> None:
    refused = labeltool(made, "run", "--require-trusted-judge")
    assert refused.returncode == 5
    assert "measure it: labeltool calibrate --judge default" in refused.stderr
    untold = labeltool(made, "run")
    assert untold.returncode == 5
    said = " ".join(untold.stdout.split())
    assert "there is no corrected pass rate: the judge was never calibrated" in said

    assert labeltool(made, "calibrate").returncode == 0
    leaned = labeltool(made, "run", "--require-trusted-judge", "--system", "new")
    assert leaned.returncode == 0, leaned.stdout + leaned.stderr
    tier = results(made)["tiers"]["golden"]
    assert tier["metric"] == "corrected_pass_rate"
    low, high = tier["corrected_interval"]
    assert low <= tier["corrected_pass_rate"] <= high
    assert "spot-check the judge: labeltool label --from eval_results.json --sample 12" in (
        " ".join(leaned.stdout.split())
    )

    drawn = labeltool(made, "label", "--from", "eval_results.json", "--json")
    assert drawn.returncode == 0, drawn.stderr
    spots = json.loads(drawn.stdout)
    assert len(spots["cases"]) == len(spots["new"]) == 12
    again = labeltool(made, "label", "--from", "eval_results.json", "--sample", "12")
    assert "12 outputs to check in spot-" in again.stdout
    assert "recorded already" in again.stdout
    queue = json.loads(labeltool(made, "label", "--list", "--json").stdout)
    assert queue["system"] == spots["system"], "they come first"
    waits = labeltool(made, "rubric", "status").stdout
    assert "0 of 12 labelled" in waits

    for case in spots["cases"]:
        output = (made.root / f"datasets/d/outputs/{spots['system']}/{case}.yaml").read_text()
        contrary = 0 if "facts: 2" in output else 2
        made.write(f"datasets/d/labels/alice/{spots['system']}/{case}.yaml", {
            "case": case, "system": spots["system"], "annotator": "alice", "rubric": "short@1",
            "scores": {"facts": contrary}, "labeled_at": "2031-01-01T00:00:00Z",
        })  # fmt: skip
    told = json.loads(labeltool(made, "rubric", "status", "--json").stdout)
    judge = told["judges"]["default"]
    assert (judge["asked"], judge["labelled"], judge["below"]) == (12, 12, ["facts"])
    assert judge["criteria"]["facts"]["agreement"] < 0.8
    shown = labeltool(made, "rubric", "status").stdout
    assert "! below the 0.80 that trust asks for: calibrate again" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--sample", "3"), "--sample draws from a run's outputs"),
        (("--seed", "3"), "--seed draws from a run's outputs"),
        (("c00", "--from", "r.json"), "--from labels a sample of a run, and nothing else"),
        (("--from", "r.json", "--set", "facts=1"), "--from labels a sample of a run"),
        (("--from", "nothing.json"), "there is no file"),
    ],
)
def test_what_cannot_be_asked_is_usage(made: Project, words: tuple[str, ...], says: str) -> None:
    done = labeltool(made, "label", *words)
    assert done.returncode == 2
    assert done.stderr.startswith(says)
