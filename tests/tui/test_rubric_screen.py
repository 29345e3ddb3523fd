"""The rubric, after a year of amendments and resolutions."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.rubric import RubricScreen
from tests.hostile import HIDDEN, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import RUBRIC, Clock, Seat, label_path, make, seated

Compare = Callable[..., bool]
FIRST = RUBRIC.replace("version: 2\ncriteria", "version: 1\ncriteria").partition("changelog")[0]
SETTLED = "datasets/mails/resolutions/v1/{}.yaml"


def resolution(case: str, because: str, note: str) -> str:
    return (
        f"case: {case}\nsystem: v1\nrubric: mail@2\nscores: {{tone: 1}}\nresolver: bob\n"
        f"because: {because}\nnote: {note}\nresolved_at: 2026-11-21T10:00:00Z\n"
    )


def label(case: str, annotator: str, version: int) -> str:
    return (
        f"case: {case}\nsystem: v1\nannotator: {annotator}\nrubric: mail@{version}\n"
        "scores: {tone: 0, facts: 1}\n"
    )


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """Version 1 committed, then version 2 with labels of both, and two resolutions."""
    repo = make(
        tmp_path / "repo",
        {
            "rubrics/mail.yaml": FIRST.replace("It is cold.", "It is cool."),
            label_path("a-parcel"): label("a-parcel", "ann", 2),
            label_path("a-parcel", "bob"): label("a-parcel", "bob", 1),
            label_path("b-refund", "bob"): label("b-refund", "bob", 1),
            SETTLED.format("a-parcel"): resolution("a-parcel", "guideline_gap", "Cold is 1."),
            SETTLED.format("c-thanks"): resolution("c-thanks", "edge_case", "No mail at all."),
        },
    )
    repo.write("rubrics/mail.yaml", RUBRIC)
    repo.git("commit", "-qam", "version 2")
    yield repo
    repo.close()


@asynccontextmanager
async def reading(repo: Repo, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    async with seated(repo, at=keys.HOME, size=size) as seat:
        seat.app.action_go(keys.RUBRIC)
        await seat.settled()
        await seat.settled()
        yield seat


async def test_from_home_enter_opens_it_and_escape_comes_back(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        for _ in range(9):
            if "▸ rubric: levels" in seat.text():
                break
            await seat.press("j")
        await seat.press("enter")
        await seat.settled()
        assert isinstance(seat.app.screen, RubricScreen)
        assert "rubric mail@2" in seat.lines()[0]
        await seat.press("escape")
        await seat.settled()
        assert "▸ rubric: levels" in seat.text()


async def test_a_criterion_shows_its_levels_its_weight_and_its_past(repo: Repo) -> None:
    async with reading(repo, (80, 40)) as seat:
        text = seat.text()
        assert "▸ tone" in text
        assert " 1  It is cold." in text
        assert "50% of the score · weight 1 · met at 2" in text
        assert "labels      1 stands, 2 given before a change and asked again" in text
        assert "version 2   2026-11-20 · its labels are asked again" in text
        assert "Cold mails were called fitting." in text
        assert "- It is cool." in text
        assert "+ It is cold." in text
        assert "a-parcel → 1  guideline gap  bob 2026-11-21" in text
        assert "“Cold is 1.”" in text


async def test_alpha_over_versions_says_whether_the_tightening_works(repo: Repo) -> None:
    for number, alpha, holds in ((1, 0.51, "false"), (2, 0.9, "true")):
        entry = f"{{n: 12, alpha: {alpha}, agreement: 0.9, holds: {holds}, why: w}}"
        repo.write(
            f"datasets/mails/rounds/{number}.yaml",
            f"number: {number}\nrubric: mail@{number}\nsystem: v1\nannotators: [ann, bob]\n"
            f"outputs: [{{case: a-parcel}}]\nclosed: {{agreement: {{tone: {entry}}}}}\n",
        )
    async with reading(repo, (80, 40)) as seat:
        bars = [line.strip("│ ") for line in seat.lines() if "━" in line]
        assert bars == [
            "alpha       v1 ━━━━━━━━━━──────┃─── 0.51 does not hold  round 1",
            "v2 ━━━━━━━━━━━━━━━━┃━── 0.90 holds  round 2",
        ]
        await seat.press("j")
        assert not [line for line in seat.lines() if "━" in line], "no round spoke of facts"


async def test_j_and_k_walk_the_criteria_and_say_where_they_end(repo: Repo) -> None:
    async with reading(repo) as seat:
        await seat.press("j")
        assert "▸ facts*" in seat.text()
        assert "* required: under 1 the output fails" in seat.text()
        await seat.press("j", "j")
        assert "▸ short" in seat.text()
        assert "max_words 9" in seat.text()
        assert seat.work_line() == "this is the last one"
        await seat.press("k", "k", "k")
        assert seat.work_line() == "this is the first one"


async def test_nobodys_scores_are_told_only_counts(repo: Repo) -> None:
    async with reading(repo, (120, 60)) as seat:
        assert "tone: 0" not in seat.text()
        assert "ann" not in seat.text().partition("─ tone ")[2]


async def test_resolutions_of_outputs_in_an_open_round_stay_hidden(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann]\noutputs: [{case: a-parcel}]\n",
    )
    async with reading(repo, (80, 40)) as seat:
        assert "Cold is 1." not in seat.text()
        assert "No mail at all." in seat.text()
        assert "1 resolution is hidden: a round of the output is open" in seat.text()


async def test_d_turns_to_the_versions_and_back(repo: Repo) -> None:
    async with reading(repo) as seat:
        await seat.press("j", "d")
        assert "from version 1 to 2" in seat.text()
        assert "~ tone  changed, its labels are asked again" in seat.text()
        await seat.press("escape")
        assert "▸ facts*" in seat.text()


async def test_without_git_the_rubric_stands_and_says_what_is_missing(repo: Repo) -> None:
    shutil.rmtree(repo.root / ".git")
    async with reading(repo, (80, 40)) as seat:
        assert "▸ tone" in seat.text()
        assert "git repository" in seat.text()
        await seat.press("d")
        assert "no other version to compare with" in seat.work_line()


async def test_a_broken_rubric_is_told_with_its_line(repo: Repo) -> None:
    repo.write("rubrics/mail.yaml", "name: mail\nversion: two\n")
    async with reading(repo) as seat:
        assert "rubrics/mail.yaml: criteria: is missing" in seat.text()
        await seat.press("j")
        assert "no list" in seat.work_line()


async def test_too_small_is_said_and_growing_mends_it(repo: Repo) -> None:
    async with reading(repo, (50, 12)) as seat:
        assert "too small" in seat.text()
        await seat.pilot.resize_terminal(120, 36)
        await seat.settled()
        assert "▸ tone" in seat.text()


async def test_hostile_words_are_visible_text(repo: Repo) -> None:
    for index, case in enumerate(("a-parcel", "c-thanks")):
        hostile = (TERMINAL[index], HIDDEN[index])
        note = '"[/][@click=app.quit]' + "".join(
            f"\\U{ord(character):08x}" for text in hostile for character in text
        )
        repo.write(SETTLED.format(case), resolution(case, "edge_case", note + '"'))
    async with reading(repo, (120, 40)) as seat:
        text = seat.text()
        assert "[/][@click=app.quit]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "␛[2J" in text


async def shown(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    app = pilot.app
    assert isinstance(app, LabeltoolApp)
    app.action_go(keys.RUBRIC)
    for _ in range(3):
        await pilot.pause()
        await app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
def test_picture(repo: Repo, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), clock=Clock())
    assert snap_compare(app, terminal_size=size, run_before=shown)
