"""The two screens as pictures, to be looked at when they change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.label import LabelScreen
from tests.small_repo import Repo
from tests.tui.desk_repo import Clock, make

Compare = Callable[..., bool]


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    long = "\\n".join(f"Customer: line {number} of a long talk" for number in range(30))
    repo = make(
        tmp_path / "repo",
        {
            "datasets/mails/cases/golden/a-parcel.yaml": (
                f'id: a-parcel\ntier: golden\ninput: "{long}"\n'
                "expected: The parcel is on its way.\ntags: [angry, parcel]\n"
            ),
            "datasets/mails/dataset.yaml": "rubric: mail\ngates: {golden: {threshold: 0.8}}\n",
        },
    )
    yield repo
    repo.close()


def an_app(repo: Repo, at: str) -> LabeltoolApp:
    return LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), at=at, clock=Clock())


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    for _ in range(3):
        screen = pilot.app.screen
        if isinstance(screen, LabelScreen):
            await asyncio.wrap_future(screen.desk.idle())
        await pilot.pause()


async def one_score(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await pilot.press("2")
    await settled(pilot)


def test_label_at_80x24(repo: Repo, snap_compare: Compare) -> None:
    app = an_app(repo, keys.LABEL)
    assert snap_compare(app, terminal_size=(80, 24), run_before=one_score)


def test_label_at_120x36(repo: Repo, snap_compare: Compare) -> None:
    app = an_app(repo, keys.LABEL)
    assert snap_compare(app, terminal_size=(120, 36), run_before=one_score)


def test_label_without_colour(
    repo: Repo, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = an_app(repo, keys.LABEL)
    assert snap_compare(app, terminal_size=(80, 24), run_before=one_score)


def test_home_at_80x24(repo: Repo, snap_compare: Compare) -> None:
    app = an_app(repo, keys.HOME)
    assert snap_compare(app, terminal_size=(80, 24), run_before=settled)


@pytest.mark.parametrize("size", [(60, 16), (200, 60)])
def test_label_at_its_least_and_at_ease(
    repo: Repo, snap_compare: Compare, size: tuple[int, int]
) -> None:
    app = an_app(repo, keys.LABEL)
    assert snap_compare(app, terminal_size=size, run_before=one_score)


@pytest.mark.parametrize("size", [(60, 16), (200, 60)])
def test_home_at_its_least_and_at_ease(
    repo: Repo, snap_compare: Compare, size: tuple[int, int]
) -> None:
    app = an_app(repo, keys.HOME)
    assert snap_compare(app, terminal_size=size, run_before=settled)


async def helped(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await pilot.press("question_mark")
    await settled(pilot)


def test_help_of_the_label_screen_at_80x24(repo: Repo, snap_compare: Compare) -> None:
    app = an_app(repo, keys.LABEL)
    assert snap_compare(app, terminal_size=(80, 24), run_before=helped)
