"""`labeltool check` as people, hooks and other tools call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.small_repo import Repo

CASES = "datasets/mails/cases/golden"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """No git here: check does without."""
    return Repo(tmp_path / "evals")


def test_warnings_alone_are_exit_0_and_the_shares_are_shown(repo: Repo) -> None:
    done = repo.labeltool("check")
    assert done.returncode == 0
    assert "warning: 2 of 2 golden cases are not verified" in done.stderr
    assert "mail@2: share of the score: tone 50%, facts 25%, short 25%" in done.stdout
    assert done.stdout.endswith("7 files checked: 1 warning\n")


def test_an_error_is_exit_3_with_place_words_and_next_step(repo: Repo) -> None:
    repo.write(f"{CASES}/a.yaml", "id: a\ntier: golden\ninput: x\ninptu: \x1b[31my\n")
    done = repo.labeltool("check")
    assert done.returncode == 3
    assert f"{CASES}/a.yaml:4: " in done.stderr
    assert "\x1b" not in done.stderr + done.stdout


def test_no_name_in_a_pull_request_is_a_command_to_the_workflow_that_logs_it(repo: Repo) -> None:
    """A line that starts with `::` is one, on stderr too: `::add-mask::`, `::stop-commands::`."""
    repo.write(f"{CASES}/b\n::add-mask::b.yaml", "id: b\ntier: golden\ninput: x\n")
    repo.write(f"{CASES}/a.yaml", 'id: a\ntier: golden\ninput: x\n"k\\n::error::x": 1\n')
    (repo.root / "::error::x").mkdir()
    for done in (
        repo.labeltool("check"),
        repo.labeltool("check", "no\n::error::such"),
        repo.labeltool("agreement", "--dataset", "\n::error::such"),
        repo.labeltool("::error::such"),
    ):
        assert done.returncode
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        assert not [line for line in lines if line.startswith("::")]


def test_json_is_one_document_and_nothing_else(repo: Repo) -> None:
    repo.write(f"{CASES}/a.yaml", "id: a\ntier: golden\ninput: x\ninptu: y\n")
    done = repo.labeltool("check", "--json", f"{CASES}/a.yaml")
    assert (done.returncode, done.stderr) == (3, "")
    assert json.loads(done.stdout) == {
        "schema": "labeltool/check@1",
        "files": 1,
        "problems": [
            {
                "path": f"{CASES}/a.yaml",
                "line": 4,
                "field": "inptu",
                "message": "unknown field 'inptu'",
                "hint": "did you mean input?",
                "level": "error",
            }
        ],
    }


def test_a_hook_at_the_repositorys_top_finds_the_workspace_below(repo: Repo) -> None:
    done = repo.labeltool("check", f"evals/{CASES}/one.yaml", cwd=repo.root.parent)
    assert done.returncode == 0
    assert "1 file checked: all is well" in done.stdout


def test_paths_start_where_the_user_stands(repo: Repo) -> None:
    done = repo.labeltool("check", "one.yaml", cwd=repo.root / CASES)
    assert done.returncode == 0
    assert repo.labeltool("check", "three.yaml", cwd=repo.root / CASES).returncode == 2
    assert repo.labeltool("check", "/etc/hostname").returncode == 2
