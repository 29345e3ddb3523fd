"""What `init` writes, as values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from labeltool import __version__, scaffold
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.store import codec


def test_names_are_unpacked() -> None:
    names = set(scaffold.contents(example=True))
    assert {".gitignore", ".gitattributes", *scaffold.WORKFLOWS} <= names
    assert "datasets/shop-answers/shop.py" in names
    assert not any("dot-" in name or name.endswith((".txt", ".empty")) for name in names)


@pytest.mark.parametrize("path", scaffold.WORKFLOWS)
def test_a_workflow_installs_the_version_that_wrote_it(path: str) -> None:
    workflow = scaffold.contents(example=False)[path].decode()
    assert f'"labeltool=={__version__}"' in workflow
    assert "@VERSION@" not in workflow


@pytest.mark.parametrize("path", scaffold.WORKFLOWS)
def test_no_text_of_a_pull_request_stands_in_a_command(path: str) -> None:
    """An expression in `run:` is pasted into the shell: a branch name could be a command."""
    workflow = yaml.safe_load(scaffold.contents(example=False)[path])
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert any("run" in step for step in steps)
    for step in steps:
        assert "${{" not in step.get("run", "")
        action = step.get("uses", "")
        assert not action or re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", action)


def test_the_labels_workflow_trusts_no_fork() -> None:
    workflow = yaml.safe_load(scaffold.contents(example=False)[".github/workflows/labels.yml"])
    triggers = workflow[True]  # YAML 1.1 reads `on` so
    assert list(triggers) == ["pull_request"]
    assert {"datasets/**", "rubrics/**"} <= set(triggers["pull_request"]["paths"])
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "secrets." not in str(workflow)
    checkout = job["steps"][0]["with"]
    assert checkout == {"fetch-depth": 0, "persist-credentials": False}
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs[1:] == ["labeltool check", "labeltool agreement", "labeltool pr --comment"]


def test_the_example_is_written_as_our_writer_would() -> None:
    for path, data in scaffold.contents(example=True).items():
        kind = Case if "/cases/" in path else Output if "/outputs/" in path else None
        if kind is not None:
            assert codec.encode(codec.decode(data, kind, path)) == data


@pytest.mark.parametrize(
    ("present", "wanted", "joined"),
    [
        (b"", b"a\nb\n", b"a\nb\n"),
        (b"b", b"a\nb\n", b"b\na\n"),
        (b"x\n", b"a\n", b"x\na\n"),
        (b"a\r\nb\n", b"a\nb\n", b"a\r\nb\n"),
    ],
)
def test_only_missing_lines_join(present: bytes, wanted: bytes, joined: bytes) -> None:
    assert scaffold.joined(present, wanted) == joined


@pytest.mark.parametrize(
    "path", [scaffold.FORM, ".github/workflows/promote.yml", ".github/workflows/drift.yml"]
)
def test_this_repository_uses_what_it_writes(path: str) -> None:
    """But for the first line, and for what it installs: itself."""

    def told(text: str) -> list[str]:
        return [line for line in text.splitlines()[1:] if "pip install" not in line]

    ours = (Path(__file__).parents[2] / path).read_text()
    assert told(ours) == told(scaffold.contents(example=False)[path].decode())
    assert "pip install" not in ours or "run: python -m pip install .\n" in ours
