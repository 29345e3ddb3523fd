"""The branch is switched underneath, while somebody labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_repo import Repo
from tests.tui.desk_repo import RUBRIC, label_path, make, read_label, seated

OUTPUT = "datasets/mails/outputs/v1/a-parcel.yaml"
ANOTHER = "case: a-parcel\nsystem: v1\noutput: Quite another answer.\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


def branch(repo: Repo, files: dict[str, str], *, without: str | None = None) -> None:
    """A branch `other` with other files; `main` is checked out again."""
    repo.git("switch", "-qc", "other")
    for path, text in files.items():
        repo.write(path, text)
    if without is not None:
        repo.git("rm", "-qr", without)
    repo.git("add", ".")
    repo.git("commit", "-qm", "other")
    repo.git("switch", "-q", "main")


async def test_it_is_told_before_anything_goes_there(repo: Repo) -> None:
    async with seated(repo) as seat:
        repo.git("switch", "-qc", "other")
        await seat.press("2", "1", "enter")
        assert "not saved: switched to other, all read again" in seat.work_line()
        assert "half-made label kept" in seat.work_line()
        assert "Where is my parcel?" in seat.text()
        assert not (repo.root / label_path("a-parcel")).exists()
        await seat.press("enter")  # told, and said again: now it goes to the other branch
        assert await seat.committed()
    told = repo.git("log", "-1", "--format=%s %D").strip()
    assert told == "label a-parcel of v1 as ann HEAD -> other"
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}


async def test_a_label_of_an_output_that_is_another_one_there_goes_nowhere(repo: Repo) -> None:
    branch(repo, {OUTPUT: ANOTHER})
    async with seated(repo) as seat:
        await seat.press("2", "1")
        repo.git("switch", "-q", "other")
        await seat.press("enter")
        assert "the label was of another text" in seat.work_line()
        assert "Quite another answer." in seat.text()
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {}
        await seat.press("enter")
        assert not (repo.root / label_path("a-parcel")).exists()
        repo.git("switch", "-q", "main")
        await seat.press("l", "h")
        assert "The answer to a-parcel." in seat.text()
        assert seat.screen.pen.draft.scores == {"tone": 2, "facts": 1}
    assert repo.commits() == 1


async def test_labels_that_are_on_their_way_are_all_refused_and_kept(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1")
        first = seat.screen.pen
        await seat.press("l", "1", "0")
        second = seat.screen.pen
        assert first is not None
        assert second is not None
        repo.git("switch", "-qc", "other")
        for pen in (first, second):  # the second before the first is answered
            seat.screen.desk.save(pen.view, pen.timed)
        await seat.settled()
        assert repo.git("status", "--porcelain") == ""
        assert seat.screen.pen is not None
        while seat.screen.walk.case != "a-parcel":
            await seat.press("h")
        assert seat.screen.pen.draft.scores == {"tone": 2, "facts": 1}
        await seat.press("l")
        assert seat.screen.pen.draft.scores == {"tone": 1, "facts": 0}


async def test_queue_states_and_rubric_are_those_of_the_branch(repo: Repo) -> None:
    label = "case: b-refund\nsystem: v1\nannotator: ann\nrubric: mail@2\nscores: {tone: 1}\n"
    rubric = RUBRIC.replace("max: 1, required: true", "max: 4, required: true")
    branch(
        repo,
        {"rubrics/mail.yaml": rubric, label_path("b-refund"): label + "status: skipped\n"},
        without="datasets/mails/outputs/v1/d-invoice.yaml",
    )
    async with seated(repo) as seat:
        assert "0/4" in seat.lines()[0]
        await seat.press("2")
        repo.git("switch", "-q", "other")
        await seat.press("l")
        assert "switched to other, all read again" in seat.work_line()
        assert "1/3" in seat.lines()[0]
        await seat.press("h", "4", "enter")
        assert await seat.committed()
        assert "Thank you!" in seat.text()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 4}


async def test_a_branch_without_the_case_leads_to_one_that_is_there(repo: Repo) -> None:
    branch(repo, {}, without="datasets/mails/cases/golden/a-parcel.yaml")
    async with seated(repo) as seat:
        await seat.press("2", "1")
        repo.git("switch", "-q", "other")
        await seat.press("enter")
        assert "not saved: switched to other" in seat.work_line()
        assert "I want my money back." in seat.text()
        assert "0/3" in seat.lines()[0]


async def test_on_a_branch_that_cannot_be_labelled_nothing_is_written_until_one_comes_back(
    repo: Repo,
) -> None:
    branch(repo, {}, without="datasets/mails/outputs")
    async with seated(repo) as seat:
        await seat.press("2", "1")
        repo.git("switch", "-q", "other")
        await seat.press("enter")
        assert "cannot label here" in seat.text()
        assert "no recorded outputs" in seat.text()
        assert repo.git("status", "--porcelain") == ""
        repo.git("switch", "-q", "main")
        await seat.press("h")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 2, "facts": 1}
        await seat.press("enter")
        assert await seat.committed()
    assert repo.git("log", "-1", "--format=%D").strip() == "HEAD -> main"


@pytest.mark.parametrize("key", ["v", "z"])
async def test_other_decisions_wait_for_a_look_too(repo: Repo, key: str) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter", "h")
        assert await seat.committed()
        repo.git("switch", "-qc", "other")
        await seat.press(key)
        assert "switched to other, all read again" in seat.work_line()
        assert repo.commits() == 2
        assert repo.git("status", "--porcelain") == ""
