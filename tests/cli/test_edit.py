"""`labeltool edit`, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def test_an_answer_comes_from_a_file_and_voids_what_was_verified(repo: Repo) -> None:
    assert repo.labeltool("verify", "one").returncode == 0
    (repo.root.parent / "new.txt").write_text("It was lost.\nSorry!\n", encoding="utf-8")
    done = repo.labeltool("edit", "one", "--expected", "@../new.txt")
    assert done.returncode == 0, done.stderr
    assert "edited datasets/mails/cases/golden/one.yaml (commit " in done.stdout
    assert "no longer verified: ann had read it as it was" in done.stdout
    again = repo.labeltool(
        "edit", "one", "--expected", "@-", "--json", stdin="It was lost.\nSorry!"
    )
    told = json.loads(again.stdout)
    assert (told["schema"], told["changed"], told["commit"]) == ("labeltool/edit@1", False, None)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "say either --expected or --no-expected"),
        (("--expected", "a", "--no-expected"), "say either --expected or --no-expected"),
        (("--expected", " "), "an expected answer is empty"),
        (("--expected", "@missing.txt"), "No such file"),
    ],
)
def test_what_cannot_be_meant_is_refused(repo: Repo, args: tuple[str, ...], words: str) -> None:
    done = repo.labeltool("edit", "one", *args)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert repo.commits() == 1
