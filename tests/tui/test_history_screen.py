"""Who decided what, what it changed, and the way back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.commands.label import say_label
from labeltool.commands.verify import verify
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.history import AHEAD, HistoryScreen
from tests.small_repo import Repo
from tests.tui.desk_repo import Clock, Seat, label_path, make, read_label, seated

Compare = Callable[..., bool]
DATE = "2026-11-20T09:00:00Z"
"""Of every commit: the same decisions make the same hashes, and the same pictures."""


def say(repo: Repo, case: str, tone: int, who: str = "ann", note: str | None = None) -> None:
    say_label(repo.context(), case, [f"tone={tone}", "facts=1"], annotator=who, note=note)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """bob's label, then three decisions of ann's, the last two on one file."""
    repo = make(tmp_path / "repo")
    repo.env |= {"GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE}
    repo.git("commit", "-q", "--amend", "--no-edit", "--reset-author")
    say(repo, "b-refund", 2, who="bob")
    verify(repo.context(), ["a-parcel"])
    say(repo, "a-parcel", 1, note="The greeting is cold.")
    say(repo, "a-parcel", 2, note="The greeting is warm.")
    yield repo
    repo.close()


async def settled(seat: Seat) -> None:
    """A reading may lead to another: what changed, the list anew after a take-back."""
    for _ in range(3):
        await seat.settled()


async def press(seat: Seat, *names: str) -> None:
    await seat.press(*names)
    await settled(seat)


@asynccontextmanager
async def reading(
    repo: Repo, size: tuple[int, int] = (80, 24), annotator: str = "ann"
) -> AsyncIterator[Seat]:
    async with seated(repo, at=keys.HOME, size=size, annotator=annotator) as seat:
        seat.app.action_go(keys.HISTORY)
        await settled(seat)
        yield seat


def focused(seat: Seat) -> str:
    return next(line for line in seat.lines() if "▸" in line)


def rows(seat: Seat) -> list[str]:
    screen = seat.app.screen
    assert isinstance(screen, HistoryScreen)
    return [f"{row.decided.who} {row.decided.kind}" for row in screen.shown]


async def test_the_newest_stands_first_and_mine_are_marked(repo: Repo) -> None:
    async with reading(repo) as seat:
        assert rows(seat) == ["ann label", "ann label", "ann verify", "bob label", "Ann by hand"]
        assert "▪ ann" in focused(seat)
        assert "a-parcel: v1: tone 2" in focused(seat)
        assert "5 decisions" in seat.lines()[0]
        bob = next(line for line in seat.lines() if " bob " in line)
        assert "▪" not in bob


async def test_enter_shows_what_changed_word_by_word_and_esc_closes_it(repo: Repo) -> None:
    async with reading(repo) as seat:
        await press(seat, "enter")
        text = seat.text()
        assert f"~ changed  {label_path('a-parcel')}" in text
        assert "scores.tone" in text
        assert "1 → 2" in text
        assert "- The greeting is cold." in text
        assert "+ The greeting is warm." in text
        await press(seat, "j", "j", "j")
        assert f"+ added  {label_path('b-refund', 'bob')}" in seat.text()
        await press(seat, "escape")
        assert "+ added" not in seat.text()
        await press(seat, "escape")
        assert not isinstance(seat.app.screen, HistoryScreen)


async def test_where_there_is_room_both_stand_side_by_side(repo: Repo) -> None:
    async with reading(repo, (180, 40)) as seat:
        assert "~ changed  datasets/mails/labels/ann/v1/a-parcel.yaml" in seat.text()
        assert "2026-11-23 18:40" in focused(seat)


async def test_z_takes_the_focused_decision_back_and_shift_z_brings_it_back(repo: Repo) -> None:
    async with reading(repo) as seat:
        await press(seat, "z")
        assert "taken back: label a-parcel" in seat.work_line()
        assert read_label(repo, "a-parcel").scores["tone"] == 1
        assert "taken back: a-parcel" in focused(seat)
        assert rows(seat)[0] == "ann undo"
        await press(seat, "Z")
        assert "brought back: label a-parcel" in seat.work_line()
        assert read_label(repo, "a-parcel").scores["tone"] == 2
        assert "taken back" not in focused(seat)
    assert repo.git("status", "--porcelain") == ""


async def test_one_further_back_is_taken_back_while_newer_ones_stand(repo: Repo) -> None:
    async with reading(repo) as seat:
        await press(seat, "j", "j", "z")
        assert "taken back: verify a-parcel" in seat.work_line()
        assert read_label(repo, "a-parcel").scores["tone"] == 2
        assert "verified" not in repo.read("datasets/mails/cases/golden/a-parcel.yaml")


async def test_why_a_decision_cannot_be_taken_back(repo: Repo) -> None:
    async with reading(repo) as seat:
        await press(seat, "j", "z")
        assert "a later decision stands on the same file" in seat.work_line()
        await press(seat, "j", "j", "z")
        assert "bob's decision, and only bob takes it back" in seat.work_line()
        await press(seat, "j", "z")
        assert "made by hand" in seat.work_line()
    assert repo.subject().startswith("label a-parcel")


async def test_slash_filters_by_who_kind_and_words(repo: Repo) -> None:
    async with reading(repo) as seat:
        await seat.press("slash")
        assert "ann, bob" in seat.text()
        await seat.type("who:ann")
        await seat.type(" kind:label COLD")
        await press(seat, "enter")
        assert rows(seat) == ["ann label"]
        assert "tone 1" in focused(seat)
        assert "filter: who:ann kind:label COLD" in seat.lines()[0]
        await press(seat, "slash", "ctrl+l", "x", "x", "x", "enter")
        assert "nothing like that was decided" in seat.text()
        await press(seat, "slash", "ctrl+l", "enter")
        assert len(rows(seat)) == 5
        await press(seat, "slash", "x", "escape")
        assert len(rows(seat)) == 5


async def test_others_scores_stay_hidden_while_their_round_is_open(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\n"
        "outputs: [{case: a-parcel}, {case: b-refund}]\n",
    )
    async with reading(repo, (160, 40)) as seat:
        await press(seat, "j", "j", "j")
        assert "scores hidden: its round is open" in focused(seat)
        assert "what others said stays blind" in seat.text()
        assert "scores.tone" not in seat.text()
    async with reading(repo, (160, 40), annotator="bob") as seat:
        assert "The greeting is warm." not in seat.text()
        await press(seat, "j", "j", "j")
        assert "scores.tone" in seat.text()


async def test_before_the_first_commit_nothing_was_decided(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    shutil.rmtree(repo.root / ".git")
    repo.git("init", "-q")
    async with reading(repo) as seat:
        assert "nothing was decided yet" in seat.text()
        await press(seat, "z")
        assert "no decision to take back" in seat.work_line()
    repo.close()


async def test_outside_a_repository_the_next_step_is_named(repo: Repo) -> None:
    shutil.rmtree(repo.root / ".git")
    async with reading(repo) as seat:
        assert "git init" in seat.text()


async def test_where_nothing_can_be_written_reading_goes_on(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    async with reading(repo) as seat:
        await press(seat, "z")
        assert "taken back on disk; the commit waits" in seat.work_line()
        assert "a-parcel: v1: tone 2" in focused(seat)


async def test_hostile_subjects_names_and_notes_are_visible_text(repo: Repo) -> None:
    say(repo, "c-thanks", 0, note="[/]\u202e\x1b[31m[@click=app.quit]x[/]")
    (repo.root.parent / "gitconfig").write_text(
        '[user]\nname = "[bold]\u202eEve"\nemail = "ann@example.org"\n'
    )
    repo.write("rubrics/mail.yaml", repo.read("rubrics/mail.yaml") + "# more\n")
    repo.git("commit", "-qam", "\x1b]0;owned\x07[@click=app.quit]subject[/]")
    async with reading(repo, (160, 40)) as seat:
        await press(seat, "j")
        text = seat.text()
        for odd in ("\x1b", "\u202e", "\x07"):
            assert odd not in text
        assert "[@click=app.quit]subject[/]" in text
        assert "[bold]⟨U+" in text
        assert "[@click=app.quit]x[/]" in text


async def test_a_long_history_is_read_as_far_as_one_looks(repo: Repo) -> None:
    many = 3 * AHEAD
    author = "Ann <ann@example.org> 1700000000 +0000"
    tip = repo.git("rev-parse", "HEAD").strip()
    parts = []
    for number in range(many):
        message = f"label {number}\n\nLabeltool-Kind: label\nLabeltool-Annotator: ann\n"
        start = f"from {tip}\n" if number == 0 else ""
        parts.append(
            f"commit refs/heads/main\nauthor {author}\ncommitter {author}\n"
            f"data {len(message)}\n{message}{start}"
        )
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"],
        cwd=repo.root, env=repo.env, check=True, input="\n".join(parts).encode(),
    )  # fmt: skip
    async with reading(repo) as seat:
        screen = seat.app.screen
        assert isinstance(screen, HistoryScreen)
        assert AHEAD <= len(screen.rows) < many
        assert "+ decisions" in seat.lines()[0]
        assert "and more" in seat.lines()[1]
        await press(seat, "slash", "b", "o", "b", "enter")
        assert rows(seat) == ["bob label"]
        assert len(screen.rows) == many + 5


async def shown(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, LabeltoolApp)
    app.action_go(keys.HISTORY)
    for step in range(4):
        await pilot.pause()
        await app.workers.wait_for_complete()
        if step == 2 and app.size.width < 110:
            await pilot.press("enter")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
def test_picture(repo: Repo, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), clock=Clock())
    assert snap_compare(app, terminal_size=size, run_before=shown)
