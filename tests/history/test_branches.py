"""A branch of one's own, beside a real remote."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.errors import RepositoryError, UsageError
from tests.history.support import Repo, label, message

MINE = "labels/alice"
PATH = "datasets/d/labels/alice/v1/one.yaml"


@pytest.fixture
def shared(repo: Repo, tmp_path: Path) -> Repo:
    """`repo` with a bare remote that it has pushed main to."""
    repo.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("push", "-q", "-u", "origin", "main")
    repo.git("remote", "set-head", "origin", "main")
    return repo


def branch(repo: Repo) -> str:
    return repo.git("branch", "--show-current").strip()


def test_it_is_offered_on_the_default_branch_of_a_remote_only(shared: Repo) -> None:
    with shared.open() as history:
        assert history.default_branch_here() == "main"
        shared.git("switch", "-qc", "other")
        assert history.default_branch_here() is None
        shared.git("switch", "-q", "--detach")
        assert history.default_branch_here() is None


def test_without_a_remote_nothing_is_offered(repo: Repo) -> None:
    with repo.open() as history:
        assert history.default_branch_here() is None


def test_who_declines_for_good_is_not_asked_by_the_next_process(shared: Repo) -> None:
    with shared.open() as history:
        history.decline_branch(for_good=False)
        assert history.default_branch_here() is None
    with shared.open() as history:
        assert history.default_branch_here() == "main"
        history.decline_branch(for_good=True)
    with shared.open() as history:
        assert history.default_branch_here() is None


def test_a_new_branch_takes_along_what_is_staged_changed_and_saved(shared: Repo) -> None:
    shared.write("README.md", "changed\n")
    shared.write("staged.txt", "staged\n")
    shared.git("add", "staged.txt")
    with shared.open() as history:
        saved = history.save([label(PATH)], message())
        before = shared.status()
        switched = history.switch_to_new_branch(MINE)
        assert (switched.made, switched.moved) == (True, False)
        assert shared.status() == before
        history.commit(saved, here=True)
        assert history.save([label(PATH, "score: 2\n", old="score: 1\n")], message()).paths
    assert branch(shared) == MINE
    assert shared.git("log", "-1", "--format=%s %D").strip() == f"Label a case HEAD -> {MINE}"
    assert "A  staged.txt" in shared.status()


def test_a_branch_that_main_has_caught_up_with_comes_along(shared: Repo) -> None:
    shared.git("branch", MINE)
    shared.commit_by_hand("more.txt", "more\n")
    shared.write("README.md", "changed\n")
    with shared.open() as history:
        switched = history.switch_to_new_branch(MINE)
    assert (switched.made, switched.moved) == (False, False)
    assert shared.git("rev-parse", MINE) == shared.git("rev-parse", "main")
    assert shared.read("README.md") == "changed\n"


def ahead(repo: Repo) -> None:
    repo.git("switch", "-qc", MINE)
    repo.commit_by_hand("mine.txt", "mine\n")
    repo.git("switch", "-q", "main")


def test_a_branch_that_has_gone_on_is_switched_to_and_its_files_are_there(shared: Repo) -> None:
    ahead(shared)
    with shared.open() as history:
        assert history.switch_to_new_branch(MINE).moved
    assert (branch(shared), shared.read("mine.txt")) == (MINE, "mine\n")


def test_it_is_not_switched_to_over_changes_that_are_not_committed(shared: Repo) -> None:
    ahead(shared)
    shared.write("README.md", "changed\n")
    with shared.open() as history, pytest.raises(RepositoryError, match=r"README\.md is changed"):
        history.switch_to_new_branch(MINE)
    assert (branch(shared), shared.read("README.md")) == ("main", "changed\n")


def test_a_file_of_that_branch_is_not_written_over_one_that_git_does_not_know(
    shared: Repo,
) -> None:
    ahead(shared)
    shared.write("mine.txt", "another\n")
    with shared.open() as history, pytest.raises(RepositoryError, match="does not switch"):
        history.switch_to_new_branch(MINE)
    assert (branch(shared), shared.read("mine.txt")) == ("main", "another\n")


def test_branches_that_have_parted_are_left_alone(shared: Repo) -> None:
    ahead(shared)
    shared.commit_by_hand("theirs.txt", "theirs\n")
    with shared.open() as history, pytest.raises(RepositoryError, match="both gone on") as error:
        history.switch_to_new_branch(MINE)
    assert error.value.hint == f"git switch {MINE}, then labeltool sync"
    assert branch(shared) == "main"


def test_a_branch_that_only_the_remote_has_is_followed(shared: Repo) -> None:
    ahead(shared)
    shared.git("push", "-q", "origin", MINE)
    shared.git("branch", "-qD", MINE)
    with shared.open() as history:
        switched = history.switch_to_new_branch(MINE)
    assert (switched.made, switched.moved) == (True, True)
    assert shared.read("mine.txt") == "mine\n"
    assert shared.git("rev-parse", "--abbrev-ref", "@{upstream}").strip() == f"origin/{MINE}"


@pytest.mark.parametrize("name", ["-f", "--detach", "a..b", "a b", "x.lock", "", "@{-1}"])
def test_a_name_that_is_none_reaches_no_git_command(shared: Repo, name: str) -> None:
    with shared.open() as history, pytest.raises(UsageError):
        history.switch_to_new_branch(name)
    assert branch(shared) == "main"


def test_in_the_middle_of_a_merge_nothing_is_switched(shared: Repo) -> None:
    ahead(shared)
    shared.commit_by_hand("mine.txt", "theirs\n")
    shared.git("merge", "-q", MINE, check=False)
    with shared.open() as history:
        assert history.default_branch_here() is None
        with pytest.raises(RepositoryError, match="merge is in progress"):
            history.switch_to_new_branch(MINE)
