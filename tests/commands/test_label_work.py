"""Where the decisions of a sitting are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.label_work import Work, WorkState
from labeltool.history import CommitMessage, FileChange
from tests.small_repo import Repo

CHANGE = FileChange("notes.yaml", b"a: 1\n", None)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "repo")
    yield repo
    repo.close()


def test_a_decision_goes_from_saved_to_committed_under_its_short_hash(repo: Repo) -> None:
    told: list[WorkState] = []
    work = Work(repo.context(), told.append)
    work.queue.save([CHANGE], CommitMessage("note"))
    assert work.queue.flush(60)
    assert [state.phase for state in told] == ["idle", "saved", "committed"]
    assert told[-1].commit == repo.git("rev-parse", "--short=7", "HEAD").strip()
    assert work.close(60) == told[-1]


def test_what_holds_commits_is_known_before_the_first_one_and_still_said_at_the_end(
    repo: Repo,
) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    told: list[WorkState] = []
    work = Work(repo.context(), told.append)
    assert told == [WorkState("held", why="a merge is in progress")]
    work.queue.save([CHANGE], CommitMessage("note"))
    left = work.close(60)
    assert (left.phase, left.waiting) == ("held", 1)
    assert "merge" in (left.why or "")
