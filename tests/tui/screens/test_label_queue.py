"""Going through some of the outputs, or through all of them in another order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_repo import Repo
from tests.tui.desk_repo import make, read_label, seated


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


async def test_a_filter_counts_while_it_is_written_and_stands_in_the_top_line(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("slash")
        await seat.press(*"refund")
        assert "1 output" in seat.text()
        await seat.press("enter")
        assert "/ refund" in seat.lines()[0]
        assert "0/1" in seat.lines()[0]
        assert "I want my money back." in seat.text()
        await seat.press("escape")
        assert "/ refund" not in seat.lines()[0]
        assert "b-refund" in seat.lines()[1]
        assert "0/4" in seat.lines()[0]


async def test_a_bad_or_empty_filter_is_explained_and_not_taken(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("slash", *"tier:gold")
        assert "gold is no tier: did you mean tier:golden?" in seat.text()
        await seat.press("enter")
        assert "gold is no tier" in seat.text()
        await seat.press("ctrl+l", *"[/]")
        assert "no output is shown by this" in seat.text()
        await seat.press("escape")
        assert "Where is my parcel?" in seat.text()
        assert "0/4" in seat.lines()[0]


async def test_what_was_flagged_is_found_again_and_gone_through(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press(
            "f", "o", "d", "d", "enter", "2", "1", "enter", "s", "2", "1", "u", "enter"
        )
        await seat.press("slash", *"state:flagged state:unsure", "enter")
        assert "Where is my parcel?" in seat.text()
        await seat.press("enter")
        assert "Thank you!" in seat.text()
        await seat.press("enter")
        assert "all done with state:flagged state:unsure" in seat.text()
        await seat.press("slash", "ctrl+l", "enter")
        assert "2/4" not in seat.lines()[0]
        assert "3/4" in seat.lines()[0]
    assert read_label(repo, "b-refund").status == "skipped"


async def test_a_half_made_label_outlives_a_filter(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "slash", *"thanks", "enter")
        assert "Thank you!" in seat.text()
        await seat.press("escape")
        await seat.press("h", "h")
        assert "Where is my parcel?" in seat.text()
        assert "your half-made label" in seat.work_line()


async def test_the_sitting_begins_where_the_last_one_ended(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("l", "2", "1", "enter")
        assert await seat.committed()
    async with seated(repo) as seat:
        assert "c-thanks" in seat.lines()[1]
        await seat.press("2", "h", "h")
    async with seated(repo) as seat:
        assert "c-thanks" in seat.lines()[1]
        assert "your half-made label" in seat.work_line()


async def test_the_order_that_settles_something_says_what(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.screen.run_action("settle")
        await seat.settled()
        assert "30 more labels decide tone and facts" in seat.work_line()
        assert "what settles something first" in seat.lines()[0]
        await seat.screen.run_action("settle")
        await seat.settled()
        assert "the usual order again" in seat.work_line()
