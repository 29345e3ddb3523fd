"""The rubric is unclear in front of a case: it is amended there and then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Static

from labeltool.tui import keys
from labeltool.tui.dialogs.amend import AmendDialog
from labeltool.tui.screens.rubric import RubricScreen
from tests.small_repo import Repo
from tests.tui.desk_repo import Seat, label_path, make, read_label, seated

LABEL = "case: a-parcel\nsystem: v1\nannotator: ann\nrubric: mail@2\nscores: {tone: 1, facts: 1}\n"
ROUND = (
    "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: b-refund}]\n"
)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo", {label_path("a-parcel"): LABEL})
    yield repo
    repo.close()


async def opened(seat: Seat) -> AmendDialog:
    await seat.press("r")
    await seat.settled()
    assert isinstance(seat.app.screen, AmendDialog)
    return seat.app.screen


def stakes(dialog: AmendDialog) -> str:
    return str(dialog.query_one(".stakes", Static).render())


async def test_r_amends_the_focused_criterion_and_asks_again_for_it_alone(repo: Repo) -> None:
    async with seated(repo) as seat:
        dialog = await opened(seat)
        assert "no word differs" in stakes(dialog)
        await seat.type(" Always.")
        assert "tone asked again: ann 1 of 1 labels" in stakes(dialog)
        await seat.press("ctrl+s")
        assert "say why" in stakes(dialog)
        assert seat.app.screen is dialog
        await seat.type("Bob asked whom.")
        await seat.press("ctrl+s")
        await seat.settled()
        assert await seat.committed()
        assert repo.subject() == "amend mail to version 3 as ann: tone"
        assert "text: The tone fits the customer. Always." in repo.read("rubrics/mail.yaml")
        assert "cases: [b-refund]" in repo.read("rubrics/mail.yaml")
        items = {item.case: item.state for item in seat.screen.walk.items}
        assert (items["a-parcel"], items["b-refund"]) == ("stale", "todo")
        await seat.press("h")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"facts": 1}
        await seat.press("2", "enter")
        await seat.committed()
        await seat.press("z", "z")
        assert "the rubric" in str(seat.screen._said)
        assert seat.screen.session is not None
        assert seat.screen.session.rubric.version == 2
        await seat.press("Z", "Z")
        await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}
    assert read_label(repo, "a-parcel").rubric == "mail@3"


async def test_esc_keeps_what_was_written(repo: Repo) -> None:
    async with seated(repo) as seat:
        await opened(seat)
        await seat.press("tab", "tab", "enter")
        await seat.type("Or worse.")
        await seat.press("escape")
        await seat.settled()
        assert seat.app.screen is seat.screen
    async with seated(repo) as seat:
        dialog = await opened(seat)
        assert dialog.now.levels[1] == "\nOr worse.It is cold."
        await seat.press("tab", "tab", "ctrl+r", "escape")
        await seat.settled()
        assert not (await opened(seat)).now.reason
    assert repo.subject() == "start"


async def test_in_an_open_round_it_is_kept_and_not_said(repo: Repo) -> None:
    repo.write("datasets/mails/rounds/1.yaml", ROUND)
    async with seated(repo) as seat:
        dialog = await opened(seat)
        assert "round 1 of mails is open" in stakes(dialog)
        await seat.type(" Always.")
        await seat.press("ctrl+s")
        assert "esc keeps what you wrote" in stakes(dialog)
        await seat.press("escape")
        await seat.settled()
        assert (await opened(seat)).now.text == "The tone fits the customer. Always."
    assert "version: 2\ncriteria" in repo.read("rubrics/mail.yaml")


async def test_ten_long_levels_scroll_at_80x24(repo: Repo) -> None:
    words = " ".join(["words"] * 40)
    levels = ", ".join(f"{level}: {words}" for level in range(10))
    text = repo.read("rubrics/mail.yaml").replace("max: 2\n", "max: 9\n")
    text = text.replace("{0: It hurts., 1: It is cold., 2: It fits.}", f"{{{levels}}}")
    repo.write("rubrics/mail.yaml", text)
    async with seated(repo) as seat:
        dialog = await opened(seat)
        await seat.press(*["tab"] * 11)
        focused = dialog.focused
        assert focused is not None
        assert focused.id == "reason"
        assert dialog.query_one(".fields").region.contains_region(focused.region)
        assert dialog.query_one("KeyBar").region.bottom <= 24


async def test_r_on_the_rubric_screen_amends_the_criterion_under_the_cursor(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        seat.app.action_go(keys.RUBRIC)
        await seat.settled()
        await seat.press("j")
        await opened(seat)
        await seat.type(" All of them.")
        await seat.press("shift+tab")
        await seat.type("One was missing.")
        await seat.press("ctrl+s")
        await seat.settled()
        assert isinstance(seat.app.screen, RubricScreen)
        edition = seat.app.screen.edition
        assert edition is not None
        assert edition.rubric.version == 3
    assert repo.subject() == "amend mail to version 3 as ann: facts"
