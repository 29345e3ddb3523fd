"""`promote --close`: an open case counts from now on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.promote_close import close
from labeltool.errors import UnknownName, UsageError
from labeltool.model.case import Case
from labeltool.store import codec
from tests.small_repo import Repo

BUG = "datasets/mails/cases/regression/bug.yaml"
OPEN = """\
# Reported by the night shift.
id: bug
tier: regression
input: Hello?   # verbatim
checks: [{kind: contains, value: Hello}]
status: open
status_reason: not fixed yet
"""


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    repo.write(BUG, OPEN)
    repo.git("add", ".")
    repo.git("commit", "-qm", "bug")
    yield repo
    repo.close()


def test_an_open_case_becomes_active_in_one_commit_and_comments_stay(repo: Repo) -> None:
    done = close(repo.context(), "bug")
    assert repo.subject() == "close bug: it counts from now on"
    assert "Labeltool-Case: bug" in repo.trailers()
    text = repo.read(BUG)
    assert text.startswith("# Reported by the night shift.\n")
    assert "# verbatim" in text
    case = codec.decode(text.encode(), Case, BUG)
    assert (case.status, case.status_reason) == ("active", None)
    assert done.doubts == ("no run here says that it passes: `labeltool run` first",)


def test_a_case_that_is_not_open_is_refused_with_the_reason(repo: Repo) -> None:
    with pytest.raises(UsageError, match="one is active, not open"):
        close(repo.context(), "one")
    close(repo.context(), "bug")
    with pytest.raises(UsageError, match="bug is active"):
        close(repo.context(), "bug")
    with pytest.raises(UnknownName):
        close(repo.context(), "nothing")
    assert repo.commits() == 3


def test_a_run_that_says_it_fails_is_a_doubt_and_one_that_passes_is_none(repo: Repo) -> None:
    repo.write("echo.py", "def answer(case):\n    return 'Bye'\n")
    systems = {"echo": {"kind": "python", "call": "echo.py:answer"}}
    repo.write("labeltool.yaml", json.dumps({"dataset": "mails", "systems": systems}))
    repo.labeltool("run", "--tier", "regression", "--system", "echo")
    (doubt,) = close(repo.context(), "bug").doubts
    assert doubt.startswith("the last run says that it does not pass")
    assert repo.labeltool("undo").returncode == 0
    repo.write("echo.py", "def answer(case):\n    return 'Hello'\n")
    repo.labeltool("run", "--tier", "regression", "--system", "echo")
    assert close(repo.context(), "bug").doubts == ()
