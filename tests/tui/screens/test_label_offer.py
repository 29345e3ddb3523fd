"""The first label on the default branch of a remote: a branch of one's own is offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.tui.dialogs.branch import BranchDialog
from tests.small_repo import Repo
from tests.tui.desk_repo import Seat, label_path, make, read_label, seated


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = make(tmp_path / "repo")
    repo.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("push", "-q", "-u", "origin", "main")
    return repo


def told(repo: Repo, ref: str) -> str:
    return repo.git("log", "-1", "--format=%s", ref).strip()


def asked(seat: Seat) -> bool:
    return isinstance(seat.app.screen, BranchDialog)


async def test_the_label_is_saved_and_waits_for_the_answer(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter")
        assert asked(seat)
        assert "labels/ann" in seat.text()
        assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}
        assert repo.commits() == 1
        await seat.press("a")
        assert "switched to labels/ann" in seat.work_line()
        assert "I want my money back." in seat.text()
        await seat.press("1", "0", "enter")
        assert not asked(seat)
        assert await seat.committed()
    assert told(repo, "main") == "start"
    assert repo.git("log", "--format=%s", "labels/ann").splitlines() == [
        "label b-refund of v1 as ann",
        "label a-parcel of v1 as ann",
        "start",
    ]
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("key", ["b", "escape"])
async def test_who_stays_is_not_asked_again_in_this_run_of_the_app(repo: Repo, key: str) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter", key, "2", "1", "enter")
        assert not asked(seat)
        assert await seat.committed()
    assert told(repo, "main") == "label b-refund of v1 as ann"
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter")
        assert asked(seat)
        await seat.press("x")
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter")
        assert not asked(seat)


async def test_who_leaves_without_an_answer_has_it_committed_here(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter")
        assert repo.commits() == 1
    assert told(repo, "main") == "label a-parcel of v1 as ann"


async def test_a_branch_that_cannot_be_switched_to_is_said_and_the_label_stays(
    repo: Repo,
) -> None:
    repo.git("switch", "-qc", "labels/ann")
    repo.git("commit", "-q", "--allow-empty", "-m", "mine")
    repo.git("switch", "-q", "main")
    repo.git("commit", "-q", "--allow-empty", "-m", "theirs")
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter", "a")
        assert "labels/ann and main have both gone on" in seat.work_line()
        assert await seat.committed()
    assert told(repo, "main") == "label a-parcel of v1 as ann"


async def test_a_half_made_label_comes_along_to_a_branch_that_has_gone_on(repo: Repo) -> None:
    repo.git("switch", "-qc", "labels/ann")
    repo.write(label_path("d-invoice"), _LABEL)
    repo.git("add", ".")
    repo.git("commit", "-qm", "label d-invoice of v1 as ann")
    repo.git("switch", "-q", "main")
    async with seated(repo, case="a-parcel") as seat:
        await seat.press("l", "1", "h", "2", "1", "enter", "a")
        assert "switched to labels/ann" in seat.work_line()
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 1}
        assert await seat.committed()
    assert told(repo, "labels/ann") == "label a-parcel of v1 as ann"
    assert repo.git("log", "--format=%s", "main").splitlines() == ["start"]


_LABEL = (
    "case: d-invoice\nsystem: v1\nannotator: ann\nrubric: mail@2\nscores: {tone: 1, facts: 1}\n"
)


def test_said_without_the_app_one_line_tells_the_command(repo: Repo) -> None:
    done = repo.labeltool("label", "a-parcel", "--set", "tone=2", "facts=1")
    assert done.returncode == 0
    assert done.stderr == "on main; a branch for your labels: git switch -c labels/ann\n"
    repo.git("switch", "-qc", "labels/ann")
    assert repo.labeltool("label", "b-refund", "--set", "tone=2", "facts=1").stderr == ""
    repo.git("switch", "-q", "main")
    done = repo.labeltool("label", "a-parcel", "--set", "tone=1")
    assert done.stderr == "on main; a branch for your labels: git switch labels/ann\n"
