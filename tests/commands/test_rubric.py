"""`rubric show` and `rubric diff`: the present version from the file, older ones from git."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.rubric import compare, show
from labeltool.errors import NotARepository, RepositoryError, UsageError
from labeltool.rules.rubric_diff import FieldChange
from tests.small_repo import Repo

RUBRIC = "rubrics/mail.yaml"


def amended(text: str, to: int, *words: tuple[str, str]) -> str:
    text = text.replace(f"version: {to - 1}\ncriteria", f"version: {to}\ncriteria")
    for before, after in words:
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """Version 2 with a slip mended later, then 3 in a commit, then 4 in the file only."""
    repo = Repo.committed(tmp_path / "evals")
    steps = (
        (2, ("The tone fits.", "The tone suits the customer.")),
        (3, ("The facts are there.", "All facts are there.")),
        (4, ("nine words", "eight words")),
    )
    for version, words in steps:
        repo.write(RUBRIC, amended(repo.read(RUBRIC), version, words))
        if version < 4:
            repo.git("commit", "-qam", f"rubric {version}")
    yield repo
    repo.close()


def test_show_says_what_each_criterion_weighs(repo: Repo) -> None:
    found = show(repo.context())
    assert (found.rubric.version, found.commit) == (4, None)
    assert found.shares == {"tone": 0.5, "facts": 0.25, "short": 0.25}


def test_show_of_an_older_version_is_the_last_commit_that_held_it(repo: Repo) -> None:
    found = show(repo.context(), version=2)
    assert found.rubric.criteria[0].text == "The tone suits the customer."
    assert found.commit == repo.git("rev-parse", "HEAD~1").strip()


def test_diff_compares_the_version_before_with_the_file_as_it_stands(repo: Repo) -> None:
    found = compare(repo.context())
    assert (found.before.rubric.version, found.after.rubric.version) == (3, 4)
    (change,) = found.diff.criteria
    assert change.id == "short"
    assert change.fields == (FieldChange("text", "At most nine words.", "At most eight words."),)


def test_diff_of_two_versions_named_and_of_one(repo: Repo) -> None:
    found = compare(repo.context(), 2, 3)
    assert [one.id for one in found.diff.criteria] == ["facts"]
    found = compare(repo.context(), 2)
    assert [one.id for one in found.diff.criteria] == ["facts", "short"]
    assert found.changelog == ()


def test_a_version_that_never_was_committed_is_said_to_be_missing(repo: Repo) -> None:
    with pytest.raises(UsageError, match="version 1 of mail is not in git") as caught:
        show(repo.context(), version=1)
    assert "git log -- rubrics/mail.yaml" in (caught.value.hint or "")


@pytest.mark.parametrize(("version", "words"), [(9, "no version 9 yet"), (0, "0 is no version")])
def test_a_version_that_cannot_be_is_refused(repo: Repo, version: int, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        show(repo.context(), version=version)


def test_the_first_version_has_none_before_it(repo: Repo) -> None:
    repo.write(RUBRIC, "name: mail\nversion: 1\ncriteria: [{id: tone, text: Kind., max: 1}]\n")
    with pytest.raises(UsageError, match="at its first version"):
        compare(repo.context())


def test_a_commit_with_a_broken_rubric_is_passed_over(repo: Repo) -> None:
    whole = repo.read(RUBRIC)
    repo.write(RUBRIC, "name: mail\nversion: three\n")
    repo.git("commit", "-qam", "broken")
    repo.write(RUBRIC, whole)
    assert show(repo.context(), version=3).rubric.criteria[1].text == "All facts are there."


def test_in_a_shallow_clone_it_is_said_with_the_command_that_helps(
    repo: Repo, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", f"file://{repo.root}", clone],
        env=repo.env, check=True, capture_output=True,
    )  # fmt: skip
    shallow = Repo(clone, {})
    assert show(shallow.context()).rubric.version == 3
    with pytest.raises(RepositoryError, match="this clone is shallow") as caught:
        compare(shallow.context(), 2)
    assert caught.value.hint == "git fetch --unshallow"
    shallow.close()


def test_outside_git_the_present_version_is_all_there_is(repo: Repo) -> None:
    shutil.rmtree(repo.root / ".git")
    assert show(repo.context()).rubric.version == 4
    with pytest.raises(NotARepository):
        compare(repo.context())
