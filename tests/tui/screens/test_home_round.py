"""Rounds from the home screen: what is due, opening one, closing one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.commands.round import open_round
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from tests.rounds import make, read_round, write_labels
from tests.small_repo import Repo
from tests.tui.desk_repo import Seat, seated

PAIR = ("ann", "bob")


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def opened(repo: Repo, outputs: int = 12) -> None:
    ctx = repo.context()
    open_round(ctx, outputs=outputs, annotators=PAIR)
    ctx.close()


def both_label(repo: Repo, differ: int = 0) -> None:
    write_labels(repo, "ann", 1, lambda n: n % 3, "mail@1")
    write_labels(repo, "bob", 1, lambda n: (n + (n < differ)) % 3, "mail@1")


async def choose(seat: Seat, words: str) -> None:
    """Go to the row that holds `words`, and enter."""
    for _ in range(12):
        if any(line.startswith(" ▸") and words in line for line in seat.lines()):
            break
        await seat.press("j")
    else:
        raise AssertionError(f"no row {words!r} in\n{seat.text()}")
    await seat.press("enter")
    await seat.settled()


async def test_a_round_is_opened_from_home(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        await choose(seat, "Open round 1")
        assert "‹ 20 ›" in seat.text()
        assert "60 labels, about 7 min for each (a guess, nobody was timed yet)" in seat.text()
        await seat.press("j", "h", "h", "j", "j", "j", "l")
        assert "10 outputs, 10 of them fresh, under mail@1" in seat.text()
        assert "20 labels" in seat.text()
        await seat.press("enter")
        await seat.settled()
        assert "▸ Round 1 is open: 10 of your 10 outputs left" in seat.text()
    assert read_round(repo, 1).annotators == PAIR
    assert repo.subject() == "open round 1 of mails: 10 outputs of v1 for ann, bob"


async def test_a_round_of_one_is_refused_in_words_and_nothing_is_written(repo: Repo) -> None:
    commits = repo.commits()
    async with seated(repo, at=keys.HOME) as seat:
        await choose(seat, "Open round 1")
        await seat.press("j", "j", "j", "l", "j", "l", "enter")
        assert "✗ a round needs two annotators or more, not ann" in seat.text()
        await seat.press("escape")
        await seat.settled()
        assert "Open round 1" in seat.text()
    assert repo.commits() == commits


async def test_the_dialog_looks_into_another_snapshot(repo: Repo) -> None:
    repo.write(
        "datasets/mails/outputs/v2/case-00.yaml", "case: case-00\nsystem: v2\noutput: Once more.\n"
    )
    async with seated(repo, at=keys.HOME) as seat:
        await choose(seat, "Open round 1")
        await seat.press("l")
        await seat.settled()
        assert "‹ v2 ›" in seat.text()
        assert "! 1 fresh output in v2" in seat.text()


async def test_who_is_done_sees_who_is_not(repo: Repo) -> None:
    opened(repo)
    write_labels(repo, "ann", 1, lambda n: n % 3, "mail@1")
    async with seated(repo, at=keys.HOME) as seat:
        row = next(line for line in seat.lines() if "▸" in line)
        assert "Round 1: all 12 of your outputs are labelled" in row
        assert "left: bob all 12" in row
        assert "close it" not in seat.text()


async def test_a_complete_round_is_closed_from_home(repo: Repo) -> None:
    opened(repo)
    both_label(repo, differ=3)
    async with seated(repo, at=keys.HOME) as seat:
        assert "▸ Round 1 has everybody's labels: close it" in seat.text()
        assert "disagreement" not in seat.text()
        await seat.press("enter")
        assert "Closing keeps these first blind scores" in seat.text()
        await seat.press("enter")
        await seat.settled()
        assert "✗ tone" in seat.text()
        assert "does not hold" in seat.text()
        assert "3 outputs to resolve" in seat.text()
        await seat.press("escape")
        await seat.settled()
        assert "▸ 3 disagreements wait to be resolved" in seat.text()
        assert "round 1" in seat.text()
        assert "✗ " in next(line for line in seat.lines() if line.startswith("   tone"))
        await seat.press("enter")
        await seat.settled()
        assert "resolve · mails · 1/3" in seat.lines()[0]
    assert read_round(repo, 1).closed is not None


async def test_closing_can_wait(repo: Repo) -> None:
    opened(repo)
    both_label(repo)
    async with seated(repo, at=keys.HOME) as seat:
        await seat.press("enter", "escape")
        await seat.settled()
        assert "▸ Round 1 has everybody's labels" in seat.text()
    assert read_round(repo, 1).closed is None


async def test_after_an_amendment_the_next_round_comes_first(repo: Repo) -> None:
    opened(repo)
    both_label(repo)
    assert repo.labeltool("round", "close").returncode == 0
    repo.write(
        "rubrics/mail.yaml",
        repo.read("rubrics/mail.yaml").replace("version: 1", "version: 2")
        + "changelog:\n  - {version: 2, changed: [tone], reason: Vague.}\n",
    )
    async with seated(repo, at=keys.HOME) as seat:
        assert "draft: version 2 has had no round yet" in seat.text()
        assert "▸ Open round 2" in seat.text()


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)])
async def test_a_round_fits_every_size(repo: Repo, size: tuple[int, int]) -> None:
    async with seated(repo, at=keys.HOME, size=size) as seat:
        await choose(seat, "Open round 1")
        assert "takes part" in seat.text()
        assert "open it" in seat.text()
        assert all(len(line) <= size[0] for line in seat.lines())


Compare = Callable[..., bool]


async def _loaded(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def picture(repo: Repo) -> LabeltoolApp:
    return LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), at=keys.HOME)


def test_home_with_rounds_at_80x24(repo: Repo, snap_compare: Compare) -> None:
    opened(repo)
    both_label(repo, differ=3)
    assert repo.labeltool("round", "close").returncode == 0
    assert snap_compare(picture(repo), terminal_size=(80, 24), run_before=_loaded)


def test_opening_a_round_at_80x24(repo: Repo, snap_compare: Compare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await _loaded(pilot)
        await pilot.press("j", "j", "enter")
        await _loaded(pilot)

    assert snap_compare(picture(repo), terminal_size=(80, 24), run_before=ask)
