"""The runs, what failed in one, two of them side by side, and one case in full."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.model.hashing import case_hash, text_hash
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.run import RunScreen
from labeltool.tui.screens.run_case import RunCaseScreen
from labeltool.tui.screens.runs import RunsScreen
from tests.hostile import MARKUP, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import Clock, Seat, make, read_label, seated
from tests.tui.run_repo import (
    RUN_1,
    RUN_2,
    a_case,
    a_head,
    failing,
    remember,
    two_runs,
)

Compare = Callable[..., bool]


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


async def press(seat: Seat, *names: str) -> None:
    for name in names:
        await seat.press(name)
        for _ in range(3):
            await seat.settled()


@asynccontextmanager
async def over_runs(
    repo: Repo, size: tuple[int, int] = (80, 24), **env: str
) -> AsyncIterator[Seat]:
    async with seated(repo, at=keys.HOME, size=size, env=env) as seat:
        seat.app.action_go(keys.RUNS)
        for _ in range(3):
            await seat.settled()
        yield seat


def focused(seat: Seat) -> str:
    return next(line for line in seat.lines() if "▸" in line)


async def test_before_the_first_run_the_command_is_named(repo: Repo) -> None:
    async with over_runs(repo) as seat:
        assert "no run yet" in seat.text()
        assert "labeltool run" in seat.text()
        await press(seat, "enter")
        assert "no run to open" in seat.work_line()
        await press(seat, "escape")
        assert not isinstance(seat.app.screen, RunsScreen)


async def test_home_leads_to_the_runs(repo: Repo) -> None:
    two_runs(repo)
    async with seated(repo, at=keys.HOME) as seat:
        while "runs: what failed" not in focused(seat):
            await press(seat, "j")
        await press(seat, "enter")
        assert isinstance(seat.app.screen, RunsScreen)


async def test_the_newest_run_is_focused_with_its_tiers_below(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        assert "✗ fail" in focused(seat)
        assert "golden 0.50 ✗" in focused(seat)
        assert "3333333" in focused(seat)
        assert "2/4  0.50 [0.15 0.85]  ≥ 0.8  ✗ fail" in seat.text()
        assert "against main: ▼ 1 broken  ▲ 0 fixed" in seat.text()
        await press(seat, "j")
        assert "✓ pass" in focused(seat)
        await press(seat, "j")
        assert "this is the last one" in seat.work_line()


async def test_a_run_that_ends_in_another_terminal_comes_up(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        remember(repo, a_head("20261122T090000-ccc333"), [a_case("a-parcel")])
        screen = seat.app.screen
        assert isinstance(screen, RunsScreen)
        screen.look()
        for _ in range(3):
            await seat.settled()
        assert "1 new run" in seat.work_line()
        assert "3 runs" in seat.lines()[0]
        assert "11-21" in focused(seat)  # the cursor stays on the run it was on


async def test_enter_opens_a_run_with_what_broke_first(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        await press(seat, "enter")
        assert isinstance(seat.app.screen, RunScreen)
        assert "against main: ▼ 1 broken" in seat.text()
        assert "✗ b-refund" in focused(seat)
        assert "▼" in focused(seat)
        assert "tone 0" in focused(seat)
        assert "2 failed, 2 passed" in seat.text()
        await press(seat, "y")
        assert "copied b-refund" in seat.work_line()
        await press(seat, "escape")
        assert "newest first" in seat.text()


async def test_slash_filters_cases_by_state_and_words(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        await press(seat, "enter")
        await seat.press("slash")
        assert "failed, passed" in seat.text()
        await seat.type("state:passed")
        await press(seat, "enter")
        assert "2 cases" in seat.text()
        assert "a-parcel" not in seat.text()
        await press(seat, "slash", "ctrl+l", "x", "x", "enter")
        assert "no case like that" in seat.text()


async def test_a_marked_run_stands_beside_the_one_that_is_opened(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        await press(seat, "j", "m")
        assert "side by side" in seat.work_line()
        assert "●" in focused(seat)
        await press(seat, "k", "enter")
        assert "run v1 bbb222 beside v1 aaa111" in seat.lines()[0]
        assert "▼ 2 broken  ▲ 1 fixed  1 same" in seat.text()
        assert "there 0.50" in seat.text()
        await press(seat, "enter", "d", "d")
        assert "output of v1 aaa111" in seat.text()
        assert "The answer to a-parcel." in seat.text()
        assert "parcel left." in seat.text()


async def test_a_case_shows_what_was_lost_why_and_the_quote_in_the_text(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        await press(seat, "enter", "enter")
        screen = seat.app.screen
        assert isinstance(screen, RunCaseScreen)
        text = seat.text()
        assert "✗ failed  0.50, passes at 0.8" in text
        assert "▸ ✗ tone" in text
        assert "it is told as if nothing had happened" in text
        assert "I want my money back." in text
        underlined = [
            segment.text
            for strip in seat.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.underline
        ]
        assert underlined.count("The answer to") == 2  # the quote, and where it stands
        await press(seat, "j")
        assert "▸ ✓ facts" in seat.text()
        await press(seat, "j")
        assert "last criterion" in seat.work_line()


async def test_h_and_l_go_from_case_to_case_and_esc_comes_back_to_the_last(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        await press(seat, "enter", "enter", "l")
        assert "2 of 4" in seat.lines()[0]
        assert "The parcel left." in seat.text()
        await press(seat, "h", "h")
        assert "first case" in seat.work_line()
        await press(seat, "l", "l", "escape")
        assert "c-thanks" in focused(seat)


async def test_d_turns_to_expected_and_back_and_says_what_is_missing(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo) as seat:
        await press(seat, "enter", "enter", "d")
        assert "[-expected-] {+output+}" in seat.text()
        await press(seat, "d")
        assert "marks a run to compare with" in seat.work_line()


async def test_a_label_given_after_the_judges_scores_were_seen_says_so(repo: Repo) -> None:
    case = repo.context().workspace.dataset("mails").case("a-parcel")
    hashes = {"case_hash": case_hash(case), "output_hash": text_hash("The answer to a-parcel.")}
    remember(repo, a_head(RUN_1), [failing("a-parcel", **hashes)])
    async with over_runs(repo) as seat:
        await press(seat, "enter", "enter", "enter")
        assert isinstance(seat.app.screen, LabelScreen)
        await press(seat, "2", "1", "enter")
        assert await seat.committed()
        await press(seat, "2", "1", "enter")  # another output, whose scores were not on screen
        assert await seat.committed()
    assert read_label(repo, "a-parcel").after_judge
    assert not read_label(repo, "b-refund").after_judge


async def test_an_output_of_no_snapshot_says_how_to_record_it(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo, (120, 36)) as seat:
        await press(seat, "enter", "enter", "enter")
        assert "labeltool run --system v1 --case b-refund --record NAME" in seat.work_line()


async def test_an_unfinished_run_says_how_to_go_on(repo: Repo) -> None:
    two_runs(repo)
    (repo.root / f".labeltool/runs/{RUN_2}/head.json").unlink()
    async with over_runs(repo) as seat:
        assert "not finished" in focused(seat)
        assert f"labeltool run --resume {RUN_2}" in seat.text()
        await press(seat, "enter")
        assert isinstance(seat.app.screen, RunsScreen)


async def test_a_broken_log_shows_what_is_whole_and_says_what_is_not(repo: Repo) -> None:
    two_runs(repo)
    log = repo.root / f".labeltool/runs/{RUN_2}/log.jsonl"
    log.write_bytes(log.read_bytes()[:-40])
    async with over_runs(repo) as seat:
        await press(seat, "enter")
        assert "cannot be read: 1 line of the log" in seat.work_line()
        assert "3 cases" in seat.text()
    log.unlink()
    async with over_runs(repo) as seat:
        await press(seat, "enter")
        assert "there is no such file" in seat.text()


async def test_too_small_is_said_and_a_key_that_does_nothing_too(repo: Repo) -> None:
    two_runs(repo)
    async with over_runs(repo, (59, 15)) as seat:
        assert "at least 60x16" in seat.text()
        await press(seat, "enter")
        assert "at least 60x16" in seat.text()
        await press(seat, "enter")
        assert "at least 60x16" in seat.text()
    async with over_runs(repo) as seat:
        for _ in range(3):
            await press(seat, "s")
            assert "s does nothing here" in seat.work_line()
            await press(seat, "enter")


async def test_hostile_texts_are_visible_text_on_all_three_screens(repo: Repo) -> None:
    odd = "\n".join((*TERMINAL, *MARKUP))
    one = failing(
        "a-parcel", output=odd, rationale={"tone": odd}, evidence={"tone": [odd, *MARKUP]},
        tags=(odd,), finish_reason=odd,
    )  # fmt: skip
    head = a_head(RUN_1, why=odd, notices=(odd,), dataset="mails")
    system = head.system.model_copy(update={"name": odd})
    remember(repo, head.model_copy(update={"system": system}), [one])
    async with over_runs(repo, (160, 50)) as seat:
        for _ in range(3):
            text = seat.text()
            assert not [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
            assert "[@click=app.quit]" in text or "␛" in text
            await press(seat, "enter")
        assert isinstance(seat.app.screen, RunCaseScreen)
        await press(seat, "d", "p", "tab", "space")


async def at_case(pilot: Pilot[None], *names: str) -> None:
    app = pilot.app
    assert isinstance(app, LabeltoolApp)
    await pilot.pause()
    await app.workers.wait_for_complete()
    app.action_go(keys.RUNS)
    for name in ("", *names):
        if name:
            await pilot.press(name)
        for _ in range(3):
            await pilot.pause()
            await app.workers.wait_for_complete()
    await pilot.pause()


PICTURES = {
    "runs": (),
    "run": ("enter",),
    "beside": ("j", "m", "k", "enter"),
    "case": ("enter", "enter"),
}


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)])
@pytest.mark.parametrize("name", list(PICTURES))
def test_picture(repo: Repo, snap_compare: Compare, name: str, size: tuple[int, int]) -> None:
    two_runs(repo)
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), clock=Clock())

    async def shown(pilot: Pilot[None]) -> None:
        await at_case(pilot, *PICTURES[name])

    assert snap_compare(app, terminal_size=size, run_before=shown)


def test_picture_without_colour(
    repo: Repo, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    two_runs(repo)
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), clock=Clock())

    async def shown(pilot: Pilot[None]) -> None:
        await at_case(pilot, "enter", "enter")

    assert snap_compare(app, terminal_size=(80, 24), run_before=shown)
