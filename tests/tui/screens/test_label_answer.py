"""How an annotator edits what is expected of a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.model.case import Case
from labeltool.store import codec
from labeltool.tui.dialogs.answer import AnswerDialog
from tests.small_repo import Repo
from tests.tui.desk_repo import label_path, make, seated
from tests.tui.terminal import Terminal, drafts

PATH = "datasets/mails/cases/golden/a-parcel.yaml"
HEAD = "# The first mail.\nid: a-parcel\ntier: golden\ninput: Where is my parcel?\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo", {PATH: HEAD + "expected: On its way.\n"})


def case(repo: Repo) -> Case:
    return codec.decode(repo.read(PATH).encode(), Case, PATH)


async def test_an_edited_answer_is_a_commit_of_its_own_and_z_takes_it_back(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "e")
        await seat.type(" Soon")
        await seat.press("enter")
        await seat.type("!")
        await seat.press("ctrl+s")
        assert "expected is saved" in seat.work_line()
        assert await seat.committed()
        assert case(repo).expected == "On its way. Soon\n!"
        assert repo.read(PATH).startswith(HEAD)
        assert repo.subject() == "edit expected of a-parcel as ann"
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 2}  # the label in hand goes on
        await seat.press("z")
        assert await seat.committed()
        assert "edit expected of a-parcel: taken back" in seat.work_line()
        assert case(repo).expected == "On its way."
        assert seat.screen.pen.draft.scores == {"tone": 2}
    assert not (repo.root / label_path("a-parcel")).exists()


async def test_a_verified_case_is_said_to_be_verified_no_longer(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("v")
        assert await seat.committed()
        await seat.press("e")
        await seat.type("!")
        await seat.press("ctrl+s")
        assert "no longer verified" in seat.work_line()
        assert "not verified" in seat.lines()[1]
        assert await seat.committed()


async def test_going_back_saves_nothing_and_loses_nothing_over_a_restart(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("e")
        await seat.type(" Nearly")
        assert "not saved yet" in seat.text()
        await seat.press("escape")
        assert "expected not saved" in seat.lines()[1]
    assert b"expected/mails/ann/a-parcel" in drafts(repo)
    assert case(repo).expected == "On its way."
    async with seated(repo) as seat:
        assert "expected not saved" in seat.lines()[1]
        await seat.press("e")
        assert "On its way. Nearly" in seat.text()
        await seat.press("ctrl+r", "escape")
        assert "expected not saved" not in seat.lines()[1]
    assert repo.commits() == 1


async def test_several_answers_are_parted_by_a_line_of_their_own(repo: Repo) -> None:
    repo.write(PATH, HEAD + "expected: [On its way., Nearly there.]\n")
    async with seated(repo) as seat:
        await seat.press("e")
        assert "--- or ---" in seat.text()
        await seat.press("enter", *"--- or ---", "enter")
        await seat.type("Lost.")
        await seat.press("ctrl+s")
        assert await seat.committed()
    assert case(repo).acceptable == ("On its way.", "Nearly there.", "Lost.")


async def test_an_answer_edited_elsewhere_meanwhile_is_shown_and_mine_is_kept(
    repo: Repo,
) -> None:
    async with seated(repo) as seat:
        await seat.press("e")
        await seat.type(" Mine")
        repo.write(PATH, HEAD + "expected: Theirs.\n")
        await seat.press("ctrl+s")
        assert "edited elsewhere meanwhile" in seat.work_line()
        assert "Theirs." in seat.text()
        await seat.press("e")
        assert "On its way. Mine" in seat.text()
    assert case(repo).expected == "Theirs."


async def test_an_unchanged_answer_is_not_committed(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("e", "ctrl+s")
        assert "expected is as it was" in seat.work_line()
        assert await seat.committed()
    assert repo.commits() == 1


async def test_what_cannot_be_shown_as_it_is_is_not_edited_in_glyphs(repo: Repo) -> None:
    repo.write(PATH, HEAD + 'expected: "be\\x1b[2Jfore\\u202e"\n')
    async with seated(repo) as seat:
        await seat.press("e")
        assert not isinstance(seat.app.screen, AnswerDialog)
        assert "cannot be shown as they are; E opens" in seat.work_line()


async def test_without_an_editor_or_a_terminal_to_lend_it_is_said(repo: Repo) -> None:
    async with seated(repo, env={"EDITOR": "", "VISUAL": ""}, size=(120, 30)) as seat:
        await seat.press("E")
        assert "neither VISUAL nor EDITOR names an editor; e edits it here" in seat.work_line()
    async with seated(repo, env={"EDITOR": "true"}, size=(120, 30)) as seat:
        await seat.press("E")
        assert "no editor can have this terminal" in seat.work_line()


def test_the_answer_is_edited_in_the_users_own_editor(repo: Repo) -> None:
    editor = repo.root.parent / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/On its/Not on its/" "$1"\n')
    editor.chmod(0o755)
    repo.env |= {"EDITOR": str(editor), "LABELTOOL_THEME": "dark"}
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("Where is my parcel?")
        terminal.press("E")
        terminal.wait_for("Not on its way.")
        terminal.press("q")
        assert terminal.end() == 0
    assert case(repo).expected == "Not on its way."
    assert repo.subject() == "edit expected of a-parcel as ann"
