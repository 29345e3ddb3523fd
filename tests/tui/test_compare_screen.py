"""Which system, how sure, what would change it: in the app, and each case where they part."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from labeltool.model.result import SystemRef
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.compare import CompareScreen
from labeltool.tui.screens.run_case import RunCaseScreen
from tests.hostile import MARKUP, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import Clock, Seat, make, seated
from tests.tui.run_repo import RUN_1, RUN_2, a_case, a_head, failing, remember

Compare = Callable[..., bool]
CASES = ("a-parcel", "b-refund", "c-thanks", "d-angry")


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def ran(repo: Repo, run: str, name: str, *fails: str, **more: Any) -> None:
    """A run of a system that fails just these cases."""
    cases = [
        (failing if id in fails else a_case)(id, output=f"The {name} answer to {id}.", **more)
        for id in CASES
    ]
    system = SystemRef(name=name, kind="python", fingerprint=name)
    remember(repo, a_head(run, verdict="pass").model_copy(update={"system": system}), cases)


def two_systems(repo: Repo) -> None:
    ran(repo, RUN_1, "new", "a-parcel")
    ran(repo, RUN_2, "old", "b-refund", "c-thanks", "d-angry")


async def settle(seat: Seat) -> None:
    for _ in range(3):
        await seat.settled()


async def press(seat: Seat, *names: str) -> None:
    for name in names:
        await seat.press(name)
        await settle(seat)


@asynccontextmanager
async def over_compare(repo: Repo, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    async with seated(repo, at=keys.HOME, size=size) as seat:
        seat.app.action_go(keys.COMPARE)
        await settle(seat)
        yield seat


async def test_without_two_systems_that_ran_the_command_is_named(repo: Repo) -> None:
    async with over_compare(repo) as seat:
        assert "no system has run" in seat.text()
        assert "labeltool compare SYSTEM SYSTEM" in seat.text()
        await press(seat, "enter", "j", "slash", "escape", "y", "escape")
        assert not isinstance(seat.app.screen, CompareScreen)
    ran(repo, RUN_1, "new")
    async with over_compare(repo) as seat:
        assert "only new has run" in seat.text()


async def test_the_first_screen_answers_which_how_sure_and_what_would_change_it(
    repo: Repo,
) -> None:
    two_systems(repo)
    async with over_compare(repo) as seat:
        text = seat.text()
        assert "new leads old, 0.750 against 0.250" in text
        assert "wins whatever the weights" in text
        assert "golden" in text
        assert "they part on 4 of 4 cases" in text
        # What the winner fails comes first.
        first = next(line for line in seat.lines() if "▸" in line)
        assert "✗ a-parcel" in first
        assert "only old passes" in first


async def test_a_case_opens_side_by_side_with_the_words_that_differ(repo: Repo) -> None:
    two_systems(repo)
    async with over_compare(repo) as seat:
        await press(seat, "j", "enter")
        assert isinstance(seat.app.screen, RunCaseScreen)
        assert "2 of 4" in seat.lines()[0]
        await press(seat, "d", "d")
        assert "output of new" in seat.text()
        await press(seat, "l", "escape")
        assert "they part on 4 of 4 cases" in seat.text()
        assert "c-thanks" in next(line for line in seat.lines() if "▸" in line)


async def test_where_there_is_room_the_difference_stands_beside_the_list(repo: Repo) -> None:
    two_systems(repo)
    async with over_compare(repo, (140, 40)) as seat:
        assert "- new   + old" in seat.text()
        assert "new: tone 0" in seat.text()
        assert "- The new answer to a-parcel." in seat.text()
        assert "+ The old answer to a-parcel." in seat.text()


async def test_the_list_is_filtered_copied_from_and_explained(repo: Repo) -> None:
    two_systems(repo)
    async with over_compare(repo) as seat:
        await press(seat, "y")
        assert "copied a-parcel" in seat.work_line()
        await seat.press("slash")
        await seat.type("refund")
        await press(seat, "enter")
        assert "they part on 1 of 4 cases" in seat.text()
        await press(seat, "question_mark")
        assert "labeltool pairwise new old" in seat.text().replace("\n", " ")


async def test_only_runs_graded_alike_are_compared(repo: Repo) -> None:
    two_systems(repo)
    system = SystemRef(name="third", kind="python", fingerprint="t")
    odd = a_head("20261119T090000-ccc333", rubric="mail@1", verdict="pass")
    remember(repo, odd.model_copy(update={"system": system}), [a_case(id) for id in CASES])
    async with over_compare(repo, (140, 40)) as seat:
        assert "third" not in seat.text()


async def test_hostile_names_are_visible_text(repo: Repo) -> None:
    odd = f"{TERMINAL[0]}{MARKUP[0]}"
    ran(repo, RUN_1, odd, "a-parcel", tags=(odd,))
    ran(repo, RUN_2, "old", "b-refund", "c-thanks", tags=(odd,))
    async with over_compare(repo, (140, 40)) as seat:
        text = seat.text()
        assert "leads" in text
        assert not [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
        await press(seat, "question_mark", "escape", "enter")


async def test_too_small_is_said(repo: Repo) -> None:
    two_systems(repo)
    async with over_compare(repo, (59, 15)) as seat:
        assert "at least 60x16" in seat.text()


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)])
def test_picture(repo: Repo, snap_compare: Compare, size: tuple[int, int]) -> None:
    two_systems(repo)
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), clock=Clock())

    async def shown(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        assert isinstance(pilot.app, LabeltoolApp)
        pilot.app.action_go(keys.COMPARE)
        for _ in range(4):
            await pilot.pause()
            await pilot.app.workers.wait_for_complete()

    assert snap_compare(app, terminal_size=size, run_before=shown)
