"""The rehearsal: a sitting at 80x24, without colour or mouse, killed in the middle of a label."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.small_repo import Repo
from tests.tui.sample import copy_of_sample
from tests.tui.terminal import PATIENCE_S, Terminal, drafts

SYSTEM = "lead-nov"
LABELLED, UNDONE = 20, 3


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = copy_of_sample(tmp_path / "repo")
    repo.env["NO_COLOR"] = "1"
    return repo


def cases(repo: Repo) -> list[str]:
    """The golden cases, as the queue has them."""
    return sorted(path.stem for path in repo.root.glob("datasets/*/cases/golden/*.yaml"))


def labels(repo: Repo) -> list[str]:
    return sorted(path.stem for path in repo.root.glob(f"datasets/*/labels/alice/{SYSTEM}/*"))


def kept(repo: Repo) -> int:
    """How many half-made labels the journal has been given."""
    return drafts(repo).count(b'"draft"')


def until(terminal: Terminal, so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline
        terminal.read()


def give(repo: Repo, terminal: Terminal, score: str) -> None:
    """A score, until it is journalled."""
    before = kept(repo)
    terminal.press(score)
    until(terminal, lambda: kept(repo) != before)


def then(terminal: Terminal, keys: str, *painted: str) -> None:
    """Press, and read until all of that was painted after it."""
    terminal.seen = b""
    terminal.press(keys)
    for text in painted:
        terminal.wait_for(text)


def test_twenty_labels_three_undone_and_a_kill_in_the_middle_of_the_next(repo: Repo) -> None:
    queue = cases(repo)
    with Terminal(repo, "label", "--system", SYSTEM) as terminal:
        terminal.wait_for("golden")  # its tier: the case is there, and not only being read
        for following in queue[1 : LABELLED + 1]:
            then(terminal, "212\r", following, "golden")
        until(terminal, lambda: repo.commits() == 1 + LABELLED)
        for taken in reversed(queue[LABELLED - UNDONE : LABELLED]):
            then(terminal, "z", f"{taken}: taken back", "golden", "committed")
        give(repo, terminal, "1")
        give(repo, terminal, "0")
        terminal.process.kill()
        terminal.process.wait()
    place = queue[LABELLED - UNDONE]

    with Terminal(repo, "label", "--system", SYSTEM) as terminal:
        for text in (place, "17/85", "[1]", "[0]", "your half-made label of last time is here"):
            terminal.wait_for(text)
        then(terminal, "q")
        assert terminal.end() == 0

    assert repo.git("status", "--porcelain") == ""
    assert labels(repo) == queue[: LABELLED - UNDONE]
    said = [f"label {case} of {SYSTEM} as alice" for case in queue[:LABELLED]]
    undone = [f"Undo: {subject}" for subject in reversed(said[-UNDONE:])]
    subjects = repo.git("log", "--reverse", "--format=%s").splitlines()
    assert subjects == ["start", *said, *undone]
    assert not repo.git("rev-list", "--min-parents=2", "HEAD")
    assert "error" not in repo.git("fsck", "--no-dangling")
