"""What changes on other screens while one labels, and half-made scores that no longer stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.label import say_label
from labeltool.tui import keys
from tests.small_repo import Repo
from tests.tui.desk_repo import RUBRIC, Seat, label_path, make, read_label, seated

AMENDED = RUBRIC.replace("version: 2\n", "version: 3\n", 1).replace(
    "changelog:\n",
    "changelog:\n  - {version: 3, date: 2026-11-23, changed: [tone], reason: Kind is not warm.}\n",
)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


async def settled(seat: Seat) -> None:
    for _ in range(3):
        await seat.settled()


async def visit_history(seat: Seat, *names: str) -> None:
    """Over the label screen, and back to it."""
    seat.app.action_go(keys.HISTORY)
    await settled(seat)
    for name in names:
        await seat.press(name)
        await settled(seat)
    await seat.press("escape")
    await settled(seat)


async def test_a_label_taken_back_on_the_history_screen_can_be_said_again(repo: Repo) -> None:
    say_label(repo.context(), "a-parcel", ["tone=1", "facts=1"])
    async with seated(repo, case="a-parcel") as seat:
        assert "1/4" in seat.lines()[0]
        await visit_history(seat, "z")
        assert not (repo.root / label_path("a-parcel")).exists()
        assert "0/4" in seat.lines()[0]
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {}
        await seat.press("2", "0", "enter")
        assert "labelled elsewhere" not in seat.text()
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 0}


async def test_what_was_read_ahead_is_read_again_too(repo: Repo) -> None:
    say_label(repo.context(), "b-refund", ["tone=1", "facts=1"])
    async with seated(repo, case="a-parcel") as seat:
        await visit_history(seat, "z")
        await seat.press("l", "0", "0", "enter")
        assert "labelled elsewhere" not in seat.text()
        assert await seat.committed()
    assert read_label(repo, "b-refund").scores == {"tone": 0, "facts": 0}


async def test_a_half_made_label_goes_on_after_a_look_at_the_history(repo: Repo) -> None:
    say_label(repo.context(), "b-refund", ["tone=1", "facts=1"])
    async with seated(repo, case="a-parcel") as seat:
        await seat.press("2")
        await visit_history(seat)
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 2}
        assert seat.screen.pen.focused == "facts"
        await seat.press("1", "enter")
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}


async def test_a_dialog_is_no_reason_to_read_again(repo: Repo) -> None:
    async with seated(repo) as seat:
        session = seat.screen.session
        assert session is not None
        before = session.items
        await seat.press("g", "escape", "question_mark", "escape")
        assert session.items is before


async def test_all_done_ends_where_something_was_taken_back(repo: Repo) -> None:
    for case in ("a-parcel", "b-refund", "c-thanks", "d-invoice"):
        say_label(repo.context(), case, ["tone=1", "facts=1"])
    async with seated(repo) as seat:
        assert "all done" in seat.text()
        await visit_history(seat, "z")
        assert "Please send the invoice." in seat.text()
        assert "3/4" in seat.lines()[0]


async def test_a_half_made_score_does_not_come_back_under_another_wording(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1")
    repo.write("rubrics/mail.yaml", AMENDED)
    repo.git("commit", "-qam", "amend tone")
    async with seated(repo) as seat:
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"facts": 1}
        assert "tone: amended since your half-made label, so score it again" in seat.work_line()
        await seat.press("enter")
        assert not (repo.root / label_path("a-parcel")).exists()


async def test_nor_under_the_older_wording_of_another_branch(repo: Repo) -> None:
    repo.git("switch", "-qc", "amended")
    repo.write("rubrics/mail.yaml", AMENDED)
    repo.git("commit", "-qam", "amend tone")
    async with seated(repo) as seat:
        await seat.press("2", "1")
        repo.git("switch", "-q", "main")
        await seat.press("enter")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"facts": 1}
        await seat.press("enter")
        assert not (repo.root / label_path("a-parcel")).exists()


async def test_a_rubric_amended_meanwhile_asks_its_criterion_anew(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1")
        seat.app.action_go(keys.RUBRIC)
        await settled(seat)
        repo.write("rubrics/mail.yaml", AMENDED)
        repo.git("commit", "-qam", "amend tone")
        await seat.press("escape")
        await settled(seat)
        assert seat.screen.pen is not None
        assert seat.screen.pen.view.rubric.version == 3
        assert seat.screen.pen.draft.scores == {"facts": 1}


async def test_labelling_begins_with_the_settings_of_the_branch(repo: Repo) -> None:
    repo.git("switch", "-qc", "other")
    repo.write("labeltool.yaml", "dataset: letters\nannotators: {ann: [ann@example.org]}\n")
    repo.git("mv", "datasets/mails", "datasets/letters")
    repo.git("add", ".")
    repo.git("commit", "-qm", "other")
    repo.git("switch", "-q", "main")
    async with seated(repo, at=keys.HOME) as seat:
        repo.git("switch", "-q", "other")
        await seat.press("enter")
        await settled(seat)
        assert "letters" in seat.lines()[0]
        assert "Where is my parcel?" in seat.text()
