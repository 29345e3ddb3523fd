"""What an earlier process left is said on stderr: by the verb that settles it, and by readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeltool.history import CommitMessage, FileChange
from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """One decision is saved, and its process ended before the commit."""
    repo = Repo.committed(tmp_path / "evals")
    path = "datasets/mails/triage/parcels.yaml"
    content = b"cluster: parcels\nscope: in\nreason: we answer these\n"
    context = repo.context()
    context.history.save([FileChange(path, content, None)], CommitMessage("take parcels in"))
    context.close()
    return repo


def test_the_verb_that_commits_it_says_so(repo: Repo) -> None:
    done = repo.labeltool("verify", "one", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["verified"] == ["one"]
    assert done.stderr == (
        "recovered from an earlier process: 1 decision (take parcels in) committed\n"
    )
    assert "take parcels in" in repo.git("log", "--format=%s")
    assert repo.labeltool("verify", "one").stderr == ""


def test_a_verb_that_fails_says_it_too(repo: Repo) -> None:
    (repo.root / "rows.jsonl").write_text("{}\n")
    done = repo.labeltool("import", "rows.jsonl", "--as", "cases", "--tier", "golden")
    assert done.returncode == 3
    assert "recovered from an earlier process: 1 decision (take parcels in)" in done.stderr


def test_what_still_waits_is_said_with_its_reason(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    done = repo.labeltool("verify", "one")
    assert done.returncode == 4
    assert "1 decision (take parcels in) saved, not committed: a merge is in prog" in done.stderr


@pytest.mark.parametrize("verb", ["check", "history"])
def test_a_verb_that_only_reads_warns_and_leaves_it(repo: Repo, verb: str) -> None:
    for _ in range(2):
        done = repo.labeltool(verb)
        assert done.returncode == 0
        assert done.stderr.splitlines()[0] == (
            "warning: an earlier process left 1 decision (take parcels in) unfinished: "
            "the next verb that decides something finishes it"
        )
    assert "take parcels in" not in repo.git("log", "--format=%s")


def test_a_living_process_is_not_told_about(tmp_path: Path) -> None:
    repo = Repo.committed(tmp_path / "evals")
    context = repo.context()
    context.history.save([FileChange("notes.md", b"x\n", None)], CommitMessage("note"))
    try:
        assert repo.labeltool("history").stderr == ""
    finally:
        context.close()
