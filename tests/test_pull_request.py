"""A pull request's story, as its job tells it: real git, a baseline on the default branch, and
models behind a real server.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.cli.main import run
from tests.fake_openai import Body, FakeOpenAI, fake_openai
from tests.projects import Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [
        {"id": "facts", "text": "All facts are there.", "max": 2, "required": True},
        {"id": "tone", "text": "Says how the customer feels.", "max": 1},
    ],
}
PROMPT = "Summarise this ticket. Keep every fact.\n\n{{ input }}\n"
WORSE = "Summarise this ticket in a word or two.\n\n{{ input }}\n"
GATES = {"golden": {"threshold": 0.85}, "regression": {"threshold": 0.95}}
GOLDEN = tuple(f"order-{n}" for n in range(8))


def models(body: Body) -> str:
    """The system forgets the fact where it is told to be so short; the judge sees that."""
    said = body["messages"][-1]["content"]
    if "response_format" not in body:
        number = said.split("order ")[1].split()[0]
        return "Angry." if "a word or two" in said else f"Charged twice for order {number}. Angry."
    lost = '"output": "Angry."' in said or '"output":"Angry."' in said
    return json.dumps(
        {
            "scores": {"facts": 0 if lost else 2, "tone": 1},
            "rationale": {
                "facts": "The double charge is missing." if lost else "All there.",
                "tone": "It says angry.",
            },
            "evidence": {"facts": ["charged twice"] if lost else [], "tone": ["Angry"]},
        }
    )


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai(answer=models) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The checkout of a pull request that has changed nothing yet; main's run is blessed."""
    project = Project.make(tmp_path / "work", rubric=RUBRIC)
    mini = {"kind": "openai", "model": "m", "prompt": "prompt.md", "base_url": server.url}
    strong = {"kind": "openai", "model": "j", "base_url": server.url}
    project.write(
        "labeltool.yaml",
        {"dataset": "d", "systems": {"mini": mini}, "judges": {"default": strong}},
    )
    project.dataset(system="mini", gates=GATES)
    project.code("prompt.md", PROMPT)
    for id in GOLDEN:
        project.case(id, f"I was charged twice for order {id[-1]} and I am angry.")
    project.case("bug-7", "I was charged twice for order 7 and I am angry.", tier="regression")
    project.commit_all()
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "LABELTOOL_ANNOTATOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(project.root)
    assert run(["run"]) == 0
    assert run(["bless"]) == 0
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", tmp_path / "hub"], check=True)
    project.git("remote", "add", "origin", str(tmp_path / "hub"))
    project.git("push", "-q", "origin", "main")
    project.git("switch", "-q", "-c", "change")
    return project


def commit(project: Project, path: str, text: str) -> None:
    project.code(path, text)
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "Change")


def results(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / "eval_results.json").read_text())
    return found


def test_one_that_makes_a_prompt_worse_turns_red_and_says_what_it_broke_and_why(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(project, "prompt.md", WORSE)
    capsys.readouterr()
    code = run(["run", "--baseline", "origin/main", "--summary", "summary.md"])
    screen = capsys.readouterr().out
    found = results(project)
    assert (code, found["verdict"]) == (1, "fail")
    assert found["baseline"]["broken"] == ["bug-7", *GOLDEN]
    for text in (screen, (project.root / "summary.md").read_text().replace("\\", "")):
        first = text[: text.index("order-1")]
        assert "golden" in first, "the gate that was lost stands before the cases"
        assert "bug-7" in text
        assert "facts" in text, "the criterion that was lost"
        assert "The double charge is missing." in text
        assert "charged twice" in text, "the judge's quote"
        assert "Charged twice for order 0." in text, "what it said before"
        assert "labeltool run" in text
    again = next(line for line in screen.splitlines() if "--case order-0" in line)
    words = shlex.split(again[again.index("labeltool run") :])
    assert run(words[1:]) == 1
    assert [case["id"] for case in results(project)["cases"]] == ["order-0"]


def test_one_that_changes_nothing_is_green_and_pays_nothing(
    project: Project, server: FakeOpenAI
) -> None:
    commit(project, "README.md", "Words.\n")
    server.calls.clear()
    assert run(["run", "--baseline", "origin/main"]) == 0
    found = results(project)
    assert (found["verdict"], found["baseline"]["broken"]) == ("pass", [])
    assert server.count() == 0, "every reply was kept"


def test_it_stays_green_again_and_again_before_a_server_that_flakes(
    project: Project, server: FakeOpenAI
) -> None:
    commit(project, "README.md", "Words.\n")
    server.flake = 0.01
    for _ in range(5):
        assert run(["run", "--baseline", "origin/main", "--no-cache"]) == 0
        assert results(project)["verdict"] == "pass"


def test_the_first_one_of_all_has_nothing_to_be_held_against_and_says_so(project: Project) -> None:
    project.git("push", "-q", "origin", "change~1:refs/heads/before")
    shutil.rmtree(project.root / ".labeltool")
    assert run(["run", "--baseline", "origin/before", "--tier", "golden"]) == 0
    found = results(project)
    assert found["baseline"] is None
    assert "has none at" in found["baseline_why"]
