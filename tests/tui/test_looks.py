"""Every screen that home leads to, in both themes and without colour, by keys and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.tui import keys
from labeltool.tui.widgets.rows import RowsPane
from tests.small_repo import Repo
from tests.tui.desk_repo import make, seated
from tests.tui.run_repo import two_runs
from tests.tui.test_help import to_row

ROWS = {"rubric:": "rubric mail@2", "history:": "who decided what", "runs:": "newest first"}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = make(tmp_path / "repo")
    two_runs(repo)
    return repo


@pytest.mark.parametrize("env", [{"LABELTOOL_THEME": "light"}, {"NO_COLOR": "1"}])
async def test_every_screen_and_its_help_in_either_look(
    repo: Repo, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    async with seated(repo, at=keys.HOME, env=env) as seat:
        assert seat.app.theme == f"labeltool-{env.get('LABELTOOL_THEME', 'dark')}"
        for row, words in ROWS.items():
            await to_row(seat, row)
            await seat.press("enter")
            await seat.settled()
            assert words in seat.text()
            await seat.press("question_mark")
            assert "─ help ─" in seat.text()
            await seat.press("escape", "escape")
            await seat.settled()
        assert "labeltool   mails" in seat.lines()[0]


async def test_a_click_moves_the_cursor_and_a_second_one_opens(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        await to_row(seat, "runs:")
        at = next(row for row, line in enumerate(seat.lines()) if "▸" in line)
        await seat.pilot.click(offset=(10, at))
        await seat.settled()
        assert "newest first" in seat.text()
        entries = seat.app.screen.query_one(RowsPane)
        top = entries.region.y
        await seat.pilot.click(offset=(10, top + 2))
        await seat.settled()
        assert entries.cursor == 1
        await seat.pilot.click(offset=(10, top + 2))
        await seat.settled()
        assert "4 cases" in seat.text()
