"""A merge brought two decisions together: they stand side by side, and one of them stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.commands.sync import sync
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.resolve import ResolveScreen
from tests.hostile import HIDDEN, TERMINAL
from tests.small_repo import FILES
from tests.tui.desk_repo import Clock
from tests.tui.test_resolve import Chair
from tests.two_clones import RUBRIC, Clone, Pair, resolution_path

Compare = Callable[..., bool]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair.make(tmp_path)
    for clone in (pair.ann, pair.bob):
        clone.git("switch", "-qc", "labels/shared")
    yield pair
    pair.close()


def stopped(pair: Pair) -> Clone:
    """Ann's side is on the hub, Bob's merge of it has stopped."""
    sync(pair.ann.context())
    assert sync(pair.bob.context()).stopped is not None
    return pair.bob


@pytest.fixture
def bob(pair: Pair) -> Clone:
    """Both resolved `one`."""
    pair.ann.resolve("one", 1, note="As the guide says.")
    pair.bob.resolve("one", 2)
    return stopped(pair)


@asynccontextmanager
async def resolving(repo: Clone, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Chair]:
    ctx = repo.context(LABELTOOL_THEME="dark")
    app = LabeltoolApp(ctx, at=keys.RESOLVE, wish={"annotator": "bob"}, clock=Clock())
    try:
        async with app.run_test(size=size) as pilot:
            chair = Chair(app, pilot, Clock())
            await chair.settled()
            await chair.settled()
            yield chair
    finally:
        ctx.close()


def head(repo: Clone) -> list[str]:
    return repo.git("log", "-1", "--format=%P").split()


async def test_both_resolutions_stand_side_by_side_and_one_is_taken(bob: Clone) -> None:
    async with resolving(bob) as chair:
        text = chair.text()
        assert "both resolved the same output" in chair.lines()[0]
        assert "A bob" in text
        assert "B ann" in text
        assert "As the guide says." in text
        assert "edge case" in text
        assert "On its way." in text
        await chair.press("b", "enter")
        await chair.settled()
        await chair.settled()
        assert "no disagreement is open" in chair.text()
    assert "tone: 1" in bob.read(resolution_path("one"))
    assert len(head(bob)) == 2
    assert bob.git("status", "--porcelain") == ""


async def test_another_score_asks_why_and_is_a_resolution_of_mine(bob: Clone) -> None:
    async with resolving(bob) as chair:
        await chair.press("0", "n")
        await chair.type("Neither.")
        await chair.press("enter", "enter")
        assert "why did people differ?" in chair.text()
        await chair.press("5")
        await chair.settled()
        await chair.settled()
    written = bob.read(resolution_path("one"))
    assert "tone: 0" in written
    assert "resolver: bob" in written
    assert "because: subjective" in written
    assert "note: Neither." in written
    assert len(head(bob)) == 2


async def test_leaving_it_decides_nothing(bob: Clone) -> None:
    async with resolving(bob) as chair:
        await chair.press("a", "escape")
    assert (bob.root / ".git/MERGE_HEAD").exists()


async def test_a_key_that_does_nothing_says_why(bob: Clone) -> None:
    async with resolving(bob) as chair:
        for key, words in (
            ("enter", "tone: A, B or another score?"),
            ("9", "it goes from 0 to 2"),
            ("z", "labeltool sync --abort"),
            ("r", "conclude the merge first"),
            ("s", "this is the only conflict"),
            ("c", "there are two sides"),
        ):
            await chair.press(key)
            assert words in chair.work_line()


def amended(old: str, new: str, changed: str, reason: str) -> str:
    text = FILES[RUBRIC].replace(old, new).replace("version: 2\ncriteria", "version: 3\ncriteria")
    return text + f"  - {{version: 3, changed: [{changed}], reason: {reason}}}\n"


async def test_two_amendments_may_both_stand(pair: Pair) -> None:
    pair.ann.commit(RUBRIC, amended("The tone fits.", "It is kind.", "tone", "Kindness."))
    pair.bob.commit(RUBRIC, amended("The facts are there.", "All facts.", "facts", "All."))
    bob = stopped(pair)
    async with resolving(bob) as chair:
        text = chair.text()
        assert "both amended it" in text
        assert "“Kindness.”" in text
        assert "“All.”" in text
        assert "take both amendments" in text
        await chair.press("o", "enter")
        await chair.settled()
        await chair.settled()
    written = bob.read(RUBRIC)
    assert "version: 4" in written
    assert "It is kind." in written
    assert "All facts." in written
    assert len(head(bob)) == 2


async def shown(pilot: Pilot[None]) -> None:
    for _ in range(4):
        for screen in pilot.app.screen_stack:
            if isinstance(screen, ResolveScreen):
                await asyncio.wrap_future(screen.desk.idle())
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.press("b")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 16)])
def test_picture(bob: Clone, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = LabeltoolApp(bob.context(LABELTOOL_THEME="dark"), at=keys.RESOLVE, clock=Clock())
    assert snap_compare(app, terminal_size=size, run_before=shown)


async def test_hostile_words_are_visible_text(pair: Pair) -> None:
    hostile = "".join(f"\\U{ord(one):08x}" for one in TERMINAL[0] + HIDDEN[0])
    pair.ann.resolve("one", 1, note=f'"[/][@click=app.quit]{hostile}"')
    pair.bob.resolve("one", 2)
    async with resolving(stopped(pair), (120, 36)) as chair:
        text = chair.text()
        assert "[/][@click=app.quit]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
