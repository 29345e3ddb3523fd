"""What `.github/workflows/drift.yml` does with what `labeltool drift` says, line by line."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from labeltool import scaffold
from labeltool.cli.main import cli
from tests.scaffold.workflow import Done, Issues, Runner, expressions
from tests.two_clones import hook

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="gh has a jq of its own")

PATH = ".github/workflows/drift.yml"
LABELTOOL = """\
#!/bin/sh
echo "$@" >> {folder}/labeltool.log
[ "$1" = drift ] || exit 0
[ {code} -le 1 ] || exit {code}
cat "$2" > /dev/null || exit 2
mkdir -p datasets/d/drift && echo "n: {number}" > datasets/d/drift/2026-11-23.yaml
git add datasets && git commit -qm "record drift"
echo "# Drift number {number}" > eval_drift.md
exit {code}
"""


class Monday:
    """A bare remote with a log in it, and the host's issues. `labeltool` says what a test says."""

    def __init__(self, folder: Path):
        self.folder, self.hub, self.host = folder, folder / "hub.git", Issues()
        work = folder / "work"
        for args in (
            ["init", "-q", "--bare", "-b", "main", str(self.hub)],
            ["init", "-q", "-b", "main", str(work)],
        ):
            subprocess.run(["git", *args], check=True)
        (work / "log.jsonl").write_text("{}\n")
        for args in (
            ["add", "-A"],
            ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "start"],
            ["push", "-q", str(self.hub), "main"],
        ):
            subprocess.run(["git", "-C", str(work), *args], check=True)
        self.number = 0

    def comes(self, code: int, **values: str) -> Done:
        self.number += 1
        values = {"vars.DRIFT_LOG": "log.jsonl", **values}
        known = {"github.ref_name": "main", **values}
        artifact = self.folder / "artifact"
        artifact.mkdir(exist_ok=True)
        (artifact / "log.jsonl").write_text("{}\n")
        runner = Runner(
            self.folder, self.hub, self.host, self.folder / "event.json", known,
            artifact=str(artifact),
        )  # fmt: skip
        program = self.folder / "programs/labeltool"
        program.write_text(LABELTOOL.format(folder=self.folder, code=code, number=self.number))
        program.chmod(0o755)
        return runner.run(PATH)

    def main(self) -> list[str]:
        done = subprocess.run(
            ["git", "-C", str(self.hub), "log", "--format=%s", "main"],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.splitlines()

    def asked(self) -> list[str]:
        return (self.folder / "labeltool.log").read_text().splitlines()


@pytest.fixture
def monday(tmp_path: Path) -> Iterator[Monday]:
    monday = Monday(tmp_path)
    yield monday
    monday.host.close()


def test_an_alert_opens_one_issue_and_the_next_one_brings_it_up_to_date(monday: Monday) -> None:
    assert monday.comes(1).green
    (issue,) = monday.host.issues
    assert issue["title"] == "Production has parted from the eval set"
    assert "# Drift number 1" in issue["body"]
    assert "actions/runs/5" in issue["body"]
    assert monday.main() == ["record drift", "start"]
    assert monday.comes(1).green
    assert len(monday.host.issues) == 1
    assert "# Drift number 2" in issue["body"]
    assert monday.comes(0).green
    assert "# Drift number 3" in issue["body"], "what is open says how it stands now"
    assert len(monday.main()) == 4


def test_no_alert_opens_nothing_and_keeps_the_numbers(monday: Monday) -> None:
    done = monday.comes(0)
    assert done.green, done.said
    assert monday.host.issues == []
    assert monday.main() == ["record drift", "start"]
    assert "# Drift number 1" in (monday.folder / "summary.md").read_text()


def test_what_is_no_verdict_turns_the_job_red_and_says_nothing(monday: Monday) -> None:
    done = monday.comes(3)
    assert not done.green
    assert monday.host.issues == []
    assert monday.main() == ["start"]


def test_where_the_default_branch_is_protected_the_numbers_wait_in_a_pull_request(
    monday: Monday,
) -> None:
    hook(monday.hub, "update", 'if [ "$1" = refs/heads/main ]; then exit 1; fi')
    done = monday.comes(0)
    assert done.green, done.said
    assert monday.main() == ["start"]
    assert any(line.startswith("pr --base main --title Drift of") for line in monday.asked())


def test_the_log_may_be_an_artifact_of_another_workflow(monday: Monday) -> None:
    done = monday.comes(
        0, **{"vars.DRIFT_ARTIFACT": "logs", "vars.DRIFT_WORKFLOW": "export-logs.yml"}
    )
    assert done.green, done.said
    calls = [json.loads(line) for line in (monday.folder / "gh.log").read_text().splitlines()]
    assert calls[0][:4] == ["run", "list", "--workflow", "export-logs.yml"]
    assert calls[1][:5] == ["run", "download", "77", "--name", "logs"]
    assert f"drift {monday.folder}/temp/log/log.jsonl " in monday.asked()[0]


def test_it_is_a_command_that_labeltool_takes() -> None:
    text = scaffold.contents(example=False)[PATH].decode()
    (line,) = (
        one.strip() for one in text.splitlines() if one.strip().startswith("labeltool drift")
    )
    words = line.partition(" || ")[0].split()
    command = cli.get_command(click.Context(cli), "drift")
    assert command is not None
    command.make_context("drift", words[2:])


def test_it_sleeps_until_it_is_told_where_the_log_is_and_its_rights_are_few() -> None:
    text = scaffold.contents(example=False)[PATH].decode()
    workflow = yaml.safe_load(text)
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["if"] == "vars.DRIFT_LOG != ''"
    assert job["permissions"] == {
        "actions": "read",
        "contents": "write",
        "issues": "write",
        "pull-requests": "write",
    }
    assert workflow["concurrency"] == {"group": "drift", "cancel-in-progress": False}
    assert "secrets." not in "\n".join(expressions(re.sub(r"(?m)^ *#.*", "", text)))
    held = [step["name"] for step in job["steps"] if "github.token" in str(step.get("env"))]
    assert held == ["fetch", "say", "keep"]
