"""`undo`: my last decision, taken back by a new commit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.undo import redo, take_back, undo
from labeltool.commands.verify import verify
from labeltool.errors import Conflict
from tests.small_repo import FILES, Repo

ONE = "datasets/mails/cases/golden/one.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def test_the_last_decision_is_taken_back_by_a_new_commit(repo: Repo) -> None:
    verify(repo.context(), ["one"])
    done = undo(repo.context())
    assert done is not None
    assert done.subject == "verify one: ann has read input and expected"
    assert done.paths == (ONE,)
    assert repo.read(ONE) == FILES[ONE]
    assert repo.commits() == 3
    assert repo.git("status", "--porcelain") == ""


def test_again_takes_back_the_one_before_and_then_there_is_none(repo: Repo) -> None:
    verify(repo.context(), ["one"])
    verify(repo.context(), ["two"])
    told = [undo(repo.context()) for _ in range(3)]
    assert [done.subject.split(":")[0] if done else None for done in told] == [
        "verify two",
        "verify one",
        None,
    ]


def test_what_somebody_else_decided_is_theirs(repo: Repo) -> None:
    verify(repo.context(), ["one"], annotator="bob")
    assert undo(repo.context()) is None
    assert undo(repo.context(), annotator="bob") is not None


def test_a_file_changed_since_is_left_alone(repo: Repo) -> None:
    verify(repo.context(), ["one"])
    repo.write(ONE, repo.read(ONE) + "notes: read twice\n")
    with pytest.raises(Conflict, match="was changed since"):
        undo(repo.context())
    assert repo.read(ONE).endswith("notes: read twice\n")


def test_one_decision_is_picked_taken_back_and_brought_back(repo: Repo) -> None:
    verify(repo.context(), ["one"])
    picked = repo.git("rev-parse", "HEAD").strip()
    verify(repo.context(), ["two"])
    done = take_back(repo.context(), picked)
    assert "one" in done.subject
    assert "verified" not in repo.read("datasets/mails/cases/golden/one.yaml")
    assert "verified" in repo.read("datasets/mails/cases/golden/two.yaml")
    again = redo(repo.context())
    assert again.subject == done.subject
    assert "verified" in repo.read("datasets/mails/cases/golden/one.yaml")


def test_a_decision_whose_file_somebody_put_back_is_let_go(repo: Repo) -> None:
    """A hook held the commit, and meanwhile the file was checked out as it was."""
    hook = repo.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    held = repo.labeltool("label", "one", "--set", "tone=1", "facts=1")
    assert held.returncode == 4
    path = "datasets/mails/labels/ann/v1/one.yaml"
    repo.git("reset", "-q")
    (repo.root / path).unlink()
    hook.unlink()
    told = repo.labeltool("label", "two", "--set", "tone=1", "facts=1")
    assert "put back as it was before" in told.stderr
    done = repo.labeltool("undo")
    assert done.returncode == 0, done.stderr
    assert "let go, as somebody put its file back: label one of v1 as ann" in done.stdout
    assert "put back" not in repo.labeltool("label", "--list").stderr
    again = undo(repo.context())
    assert again is not None
    assert "two" in again.subject
    assert not again.let_go
