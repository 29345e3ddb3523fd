"""What CI is told to do: by this repository, by `init`, by the composite action and by the docs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from labeltool.cli.main import cli
from labeltool.scaffold import contents

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"```(?:yaml|sh)\n(.*?)```", re.DOTALL)
PINNED = re.compile(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40}")
TEXTS = {
    "init": contents(example=True)[".github/workflows/evals.yml"].decode(),
    "ours": (ROOT / ".github/workflows/evals.yml").read_text(),
    "action": (ROOT / ".github/actions/labeltool/action.yml").read_text(),
}
DOCUMENT = (ROOT / "docs/ci.md").read_text()


def steps(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Of every job, or of the action."""
    for part in (*found.get("jobs", {}).values(), found.get("runs", {})):
        yield from part.get("steps", ())


def scripts() -> Iterator[tuple[str, str]]:
    for name, text in TEXTS.items():
        for step in steps(yaml.safe_load(text)):
            if "run" in step:
                yield name, step["run"]
    for block in FENCE.findall(DOCUMENT):
        yield "docs", re.sub(r"(?m)^\s*(- )?(run: )?", "", block)


def lines(start: str) -> Iterator[list[str]]:
    """The words of every line that starts so, without what the shell puts in for `"$@"`."""
    for _, script in scripts():
        for line in script.splitlines():
            if line.strip().startswith(start):
                yield [word for word in shlex.split(line, comments=True) if word != "$@"]


@pytest.fixture(params=["init", "ours"])
def workflow(request: pytest.FixtureRequest) -> dict[str, Any]:
    read = yaml.safe_load(TEXTS[request.param])
    # YAML 1.1 reads `on` as a truth value.
    return {"on" if name is True else name: value for name, value in read.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_no_expression_stands_in_a_script(name: str) -> None:
    for step in steps(yaml.safe_load(TEXTS[name])):
        assert "${{" not in step.get("run", ""), "a branch's name would be run as code"


@pytest.mark.parametrize("text", [*TEXTS.values(), DOCUMENT], ids=[*TEXTS, "docs"])
def test_actions_are_pinned_by_commit_with_the_version_beside(text: str) -> None:
    used = re.findall(r"uses: (.+)", text)
    assert used
    for one in used:
        action, _, version = one.partition(" # ")
        assert action.startswith("./") or (PINNED.fullmatch(action) and version.startswith("v"))


def test_rights_are_few_and_what_may_write_runs_nothing_of_the_pull_request(
    workflow: dict[str, Any],
) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    evals, comment = workflow["jobs"]["evals"], workflow["jobs"]["comment"]
    assert "permissions" not in evals
    assert comment["permissions"] == {"pull-requests": "write"}
    assert "head.repo.full_name == github.repository" in comment["if"]
    assert not any("checkout" in step.get("uses", "") for step in comment["steps"])
    assert "pull_request_target" not in workflow["on"]


def test_it_ends_in_time_and_only_once(workflow: dict[str, Any]) -> None:
    assert all(job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())
    assert workflow["concurrency"]["group"].startswith("evals-")
    assert "pull_request" in workflow["on"]
    assert "labeltool.yaml" in workflow["on"]["pull_request"]["paths"]


def test_history_is_whole_and_no_credential_stays(workflow: dict[str, Any]) -> None:
    checkout = next(s for s in steps(workflow) if "actions/checkout@" in s.get("uses", ""))
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}


@pytest.mark.parametrize("name", ["init", "action"])
def test_replies_and_results_are_kept_of_a_red_run_too(name: str) -> None:
    found = {
        s["uses"].partition("@")[0]: s for s in steps(yaml.safe_load(TEXTS[name])) if "uses" in s
    }
    restore, save = found["actions/cache/restore"], found["actions/cache/save"]
    assert save["if"] == found["actions/upload-artifact"]["if"] == "always()"
    assert restore["with"]["key"] == save["with"]["key"]
    assert "github.base_ref" in restore["with"]["restore-keys"]


def test_every_command_line_is_one_that_labeltool_takes() -> None:
    found = list(lines("labeltool "))
    assert {words[1] for words in found} >= {"check", "run", "merge"}
    for words in found:
        command = cli.get_command(click.Context(cli), words[1])
        assert command is not None
        command.make_context(words[1], words[2:])


def test_every_option_that_a_script_adds_is_one_of_run() -> None:
    command = cli.get_command(click.Context(cli), "run")
    assert command is not None
    known = {option for param in command.params for option in param.opts}
    added = {
        word
        for name, script in scripts()
        for word in re.findall(r'set -- (?:"\$@" )?(--[a-z-]+)', script)
    }
    assert "--baseline" in added
    assert "--tier" in added
    assert added <= known


def test_every_input_of_the_action_is_used_and_said() -> None:
    found = yaml.safe_load(TEXTS["action"])
    for name, about in found["inputs"].items():
        assert about["description"]
        assert f"inputs.{name} }}}}" in TEXTS["action"]
