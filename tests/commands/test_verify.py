"""`verify`: a person has read input and expected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.check import check
from labeltool.commands.verify import verify
from labeltool.errors import CommitHeld, DataError, UnknownName
from labeltool.model.case import Case
from labeltool.rules.cross_references import is_verified
from labeltool.store import codec
from tests.small_repo import NOW, Repo

ONE = "datasets/mails/cases/golden/one.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def case(repo: Repo) -> Case:
    return codec.decode(repo.read(ONE).encode(), Case, ONE)


def test_a_verified_case_says_who_and_when_in_one_commit(repo: Repo) -> None:
    done = verify(repo.context(), ["one", "two"])
    assert done.verified == ("one", "two")
    assert repo.commits() == 2
    assert repo.subject() == "verify 2 cases of mails: ann has read input and expected"
    assert "Labeltool-Annotator: ann" in repo.trailers()
    signed = case(repo).verified
    assert signed is not None
    assert (signed.by, signed.at) == ("ann", "2026-11-23T18:40:00Z")
    assert is_verified(case(repo))


def test_comments_in_a_case_written_by_hand_stay(repo: Repo) -> None:
    verify(repo.context(), ["one"])
    assert repo.read(ONE).startswith("# The first mail that ever came in.\nid: one\n")


def test_verifying_again_changes_nothing(repo: Repo) -> None:
    verify(repo.context(), ["one"], annotator="bob")
    again = verify(repo.context(), ["one"])
    assert (again.verified, again.unchanged, again.commit) == ((), {"one": "bob"}, None)
    assert repo.commits() == 2


def test_a_case_edited_since_is_unverified_until_read_again(repo: Repo) -> None:
    verify(repo.context(), ["one", "two"])
    assert check(repo.root, now=NOW).problems == ()
    repo.write(ONE, repo.read(ONE).replace("on its way", "lost"))
    (warning,) = check(repo.root, now=NOW).problems
    assert "1 of 2 golden cases are not verified: one (edited since)" in warning.message
    assert verify(repo.context(), ["one"]).verified == ("one",)
    assert check(repo.root, now=NOW).problems == ()


def test_a_case_that_is_not_there_stops_the_whole_verb(repo: Repo) -> None:
    with pytest.raises(UnknownName, match="no case is named 'on'"):
        verify(repo.context(), ["two", "on"])
    assert repo.commits() == 1


def test_a_case_behind_a_link_is_named_as_what_it_is(repo: Repo, tmp_path: Path) -> None:
    (repo.root / ONE).rename(tmp_path / "elsewhere.yaml")
    (repo.root / ONE).symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(DataError, match="symbolic link, which is not followed") as caught:
        verify(repo.context(), ["one"])
    assert caught.value.where is not None
    assert caught.value.where.path == ONE


def test_somebody_not_listed_cannot_sign(repo: Repo) -> None:
    with pytest.raises(DataError, match="eve is none of the annotators"):
        verify(repo.context(), ["one"], annotator="eve")
    assert repo.git("status", "--porcelain") == ""


def test_during_a_merge_it_is_saved_and_the_commit_waits(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    with pytest.raises(CommitHeld) as caught:
        verify(repo.context(), ["one"])
    assert caught.value.reason == "merge_in_progress"
    assert is_verified(case(repo))
