"""`labeltool verify`, `history` and `undo` in a row, as one sitting types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.committed(tmp_path / "evals")


def test_verify_history_undo(repo: Repo) -> None:
    done = repo.labeltool("verify", "one")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verified one: ann (commit ")
    again = repo.labeltool("verify", "one")
    assert again.stdout == "one: verified by ann already, and not edited since\n"
    story = repo.labeltool("history", "one")
    assert "ann  verify  has read input and expected" in story.stdout
    told = json.loads(repo.labeltool("history", "--json").stdout)
    assert [one["kind"] for one in told["decisions"]] == ["verify", "by hand"]
    back = repo.labeltool("undo")
    assert back.stdout.startswith("took back: verify one: ann has read input and expected")
    none = repo.labeltool("undo")
    assert (none.returncode, none.stdout) == (
        0,
        "nothing to take back: ann has no decision here\n",
    )


def test_a_merge_in_progress_holds_the_commit_and_says_so(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    done = repo.labeltool("verify", "one")
    assert done.returncode == 4
    assert "saved, not committed: a merge is in progress" in done.stderr
    assert "verified:" in repo.read("datasets/mails/cases/golden/one.yaml")


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("verify", "oen"), 2, "did you mean one?"),
        (("verify",), 2, "Missing argument"),
        (("verify", "one", "--annotator", "eve"), 3, "add `eve: "),
        (("verify", "one", "--annotator", "../eve"), 2, "not a legal annotator name"),
        (("verify", "one", "--dataset", "mial"), 2, "no dataset is named"),
        (("history", "oen"), 2, "did you mean one?"),
        (("history", "--limit", "0"), 2, "--limit"),
    ],
)
def test_bad_words_are_told_and_nothing_is_written(
    repo: Repo, args: tuple[str, ...], code: int, words: str
) -> None:
    done = repo.labeltool(*args)
    assert done.returncode == code
    assert words in done.stderr
    assert repo.git("status", "--porcelain") == ""


def test_a_broken_case_cannot_be_verified(repo: Repo) -> None:
    repo.write("datasets/mails/cases/golden/one.yaml", "id: one\nid: one\n")
    done = repo.labeltool("verify", "one")
    assert done.returncode == 3
    assert "one.yaml:2: id: the key 'id' stands here a second time" in done.stderr


def test_without_an_identity_nothing_is_made_up(repo: Repo) -> None:
    repo.forget_me()
    done = repo.labeltool("verify", "one")
    assert done.returncode == 4
    assert "git config user.email" in done.stderr


def test_outside_git_a_decision_has_nowhere_to_go(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "evals")
    done = repo.labeltool("verify", "one", "--annotator", "ann")
    assert done.returncode == 4
    assert "git init" in done.stderr
    assert "verified:" not in repo.read("datasets/mails/cases/golden/one.yaml")
