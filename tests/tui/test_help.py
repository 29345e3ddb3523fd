"""`?` explains what has the focus, and then lists the keys, as the user has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.tui import keys
from tests.small_repo import Repo
from tests.tui.desk_repo import Seat, make, seated
from tests.tui.run_repo import two_runs

SIZE = (100, 50)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


async def to_row(seat: Seat, words: str) -> None:
    await seat.press(*"kkkkkk")
    for _ in range(12):
        if any("▸" in line and words in line for line in seat.lines()):
            return
        await seat.press("j")
    raise AssertionError(seat.text())


async def helped(seat: Seat) -> str:
    """What `?` shows; it is closed again."""
    await seat.press("question_mark")
    await seat.settled()
    text = seat.text()
    assert " help " in text
    await seat.press("question_mark")
    assert "─ help ─" not in seat.text()
    return text


async def test_on_the_label_screen_it_is_the_focused_criterion_and_what_i_said_of_it(
    repo: Repo,
) -> None:
    async with seated(repo, size=SIZE) as seat:
        text = await helped(seat)
        assert "tone  no score yet" in text
        assert "It is cold." in text
        assert "met at 2" in text
        assert "0-2 scores it, - where it does not apply; g shows its versions" in text
        assert text.index("0-2 scores it") < text.index("Give the focused criterion this score")
        await seat.press("1", "k")
        text = await helped(seat)
        assert "tone  you say 1" in text
        assert "[1]  It is cold." in text
        await seat.press("j")
        assert "* required: under 1 the output fails" in await helped(seat)


async def test_on_home_it_is_the_row_under_the_cursor_and_what_enter_will_do(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME, size=SIZE) as seat:
        assert "⏎ opens the next of your outputs" in await helped(seat)
        await to_row(seat, "history")
        assert "⏎ shows every decision, what it changed, and takes yours back" in await helped(seat)


async def test_in_rubric_history_and_runs_it_is_the_row(repo: Repo) -> None:
    async with seated(repo, size=SIZE) as seat:
        await seat.press("2", "1", "enter")
        assert await seat.committed()
    two_runs(repo)
    async with seated(repo, at=keys.HOME, size=SIZE) as seat:
        await to_row(seat, "rubric:")
        await seat.press("enter")
        await seat.settled()
        text = await helped(seat)
        assert "people and judge" in text
        assert "r amends it; that is a new version of the rubric" in text
        await seat.press("escape")
        await to_row(seat, "history:")
        await seat.press("enter")
        await seat.settled()
        text = await helped(seat)
        assert "label by ann" in text
        assert "z takes it back, by a new commit" in text
        await seat.press("escape")
        await to_row(seat, "runs:")
        await seat.press("enter")
        await seat.settled()
        assert "⏎ opens its cases" in await helped(seat)
        await seat.press("enter")
        await seat.settled()
        text = await helped(seat)
        assert "⏎ shows its texts, and how it was graded" in text
        assert "broken against what it is compared with" in text
        await seat.press("enter")
        await seat.settled()
        assert "⏎ opens the output to label it by hand" in await helped(seat)


async def test_where_a_character_is_text_f1_explains(repo: Repo) -> None:
    async with seated(repo, size=SIZE) as seat:
        await seat.press("n")
        await seat.type("why?")
        assert "why?" in seat.text()
        assert "f1 help" in seat.text()
        await seat.press("f1")
        assert "kept with the label" in seat.text()
        assert "Empty the text." in seat.text()
        await seat.press("escape", "enter")
        assert "why?" in (seat.screen.pen.draft.notes or "" if seat.screen.pen else "")


async def test_dialogs_obey_the_users_keys_and_draw_them(repo: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "config/labeltool"
    folder.mkdir(parents=True)
    said = "score.1: '&'\ntext-done: f5\ntext-empty: f6\nback: f9\nhelp: f2\n"
    (folder / "keys.yaml").write_text(said, encoding="utf-8")
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    async with seated(repo, size=SIZE, env=env) as seat:
        await seat.press("n")
        await seat.type("no")
        await seat.press("f6")
        await seat.type("yes")
        assert "f5 keep" in seat.text()
        await seat.press("enter", "f5")
        assert "note" in seat.lines()[1]
        await seat.press("g", "ampersand")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 1}
        await seat.press("f2")
        assert "f9 back" in seat.text()
        await seat.press("f9")
        assert "facts" in seat.text()


async def test_the_palette_of_a_dialog_holds_its_own_keys(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("n")
        names = [one.title for one in seat.app.get_system_commands(seat.app.screen)]
    assert "empty it  ctrl+l" in names
    assert "history" not in names
