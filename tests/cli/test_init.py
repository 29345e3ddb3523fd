"""`labeltool init` as a newcomer types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_repo import Repo


@pytest.fixture
def here(tmp_path: Path) -> Repo:
    """A folder outside any repo, with git knowing who works there."""
    return Repo(tmp_path / "here", {})


def test_the_new_repo_passes_check_and_run_at_once(here: Repo) -> None:
    done = here.labeltool("init", "evals")
    assert (done.returncode, done.stderr) == (0, "")
    assert "next:\n  cd evals\n  labeltool run" in done.stdout
    checked = here.labeltool("check", cwd=here.root / "evals")
    assert checked.returncode == 0, checked.stderr
    ran = here.labeltool("run", cwd=here.root / "evals")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_second_init_names_what_is_in_the_way(here: Repo) -> None:
    here.labeltool("init")
    again = here.labeltool("init", "--empty")
    assert again.returncode == 2
    assert "nothing was written" in again.stderr
    assert "  labeltool.yaml\n" in again.stderr
    assert here.commits() == 1


def test_without_an_identity_it_prints_the_two_commands_and_loses_nothing(here: Repo) -> None:
    here.forget_me()
    done = here.labeltool("init")
    assert done.returncode == 4
    assert done.stderr.startswith("saved, not committed: git does not know who you are\n")
    assert 'git config user.name "Your Name"' in done.stderr
    assert "git config user.email" in done.stderr
    here.git("config", "user.name", "Ann")
    here.git("config", "user.email", "ann@example.org")
    assert here.labeltool("verify", "return-window").returncode == 0
    assert here.git("status", "--porcelain") == ""
    assert here.commits() == 2
