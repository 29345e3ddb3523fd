"""A criterion in full: after a year that is the rubric."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import MARKUP
from tests.small_repo import Repo
from tests.tui.desk_repo import make, seated

SETTLED = (
    "case: {0}\nsystem: v1\nrubric: mail@2\nscores: {{tone: 1}}\nresolver: bob\n"
    "because: guideline_gap\nnote: {1}\nresolved_at: 2026-11-21T10:00:00Z\n"
)


def resolution(case: str) -> str:
    return f"datasets/mails/resolutions/v1/{case}.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    files = {
        resolution("c-thanks"): SETTLED.format("c-thanks", "Short is not cold."),
        resolution("a-parcel"): SETTLED.format("a-parcel", "The one on screen."),
    }
    return make(tmp_path / "repo", files)


def flat(text: str) -> str:
    return " ".join(text.split())


async def test_g_tells_levels_versions_with_reasons_and_what_was_settled(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("g")
        text = flat(seat.text())
        assert "It is cold." in text
        assert "version 2 2026-11-20" in text
        assert "Cold mails were called fitting." in text
        assert "c-thanks → 1 guideline gap bob 2026-11-21" in text
        assert "“Short is not cold.”" in text
        assert "v1" not in text.replace("version", "")  # the system's name stays hidden


async def test_what_was_settled_for_the_very_case_is_not_shown(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("g")
        assert "The one on screen." not in seat.text()
        assert "for this very case is not shown" in seat.text()


async def test_resolutions_of_outputs_in_an_open_round_are_hidden(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\n"
        "outputs: [{case: c-thanks}, {case: a-parcel}]\n",
    )
    async with seated(repo) as seat:
        await seat.press("g")
        assert "Short is not cold." not in seat.text()
        assert "2 resolutions are hidden" in seat.text()


async def test_a_wide_screen_shows_them_beside_the_scores_without_a_key(repo: Repo) -> None:
    async with seated(repo, size=(150, 40)) as seat:
        assert "c-thanks → 1" in seat.text()
        assert "“Short is not cold.”" in seat.text()
        await seat.press("j")
        assert "c-thanks → 1" not in seat.text()


async def test_hostile_notes_are_text(repo: Repo) -> None:
    repo.write(resolution("c-thanks"), SETTLED.format("c-thanks", f"'{MARKUP[0]} {MARKUP[1]}'"))
    async with seated(repo, size=(150, 40)) as seat:
        assert "[bold]not bold[/bold]" in seat.text()
        await seat.press("g")
        assert "[bold]not bold[/bold]" in seat.text()
