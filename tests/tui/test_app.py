"""The app as a process: signals, kills, and the terminal it leaves behind."""

from __future__ import annotations

import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.store import codec
from tests.hostile import TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import label_path, make
from tests.tui.terminal import PATIENCE_S, Terminal, drafts


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


def until_journalled(repo: Repo, terminal: Terminal) -> None:
    """The draft is on disk: the journal says so."""
    deadline = time.monotonic() + PATIENCE_S
    while b'"draft"' not in drafts(repo):
        assert time.monotonic() < deadline
        terminal.read()


def test_kill_9_in_the_middle_of_a_label_loses_nothing(repo: Repo) -> None:
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("Where is my parcel?")
        terminal.press("21\r")
        terminal.wait_for("committed")
        terminal.wait_for("I want my money back.")
        terminal.press("1")
        until_journalled(repo, terminal)
        terminal.process.kill()
        terminal.process.wait()
    assert repo.git("status", "--porcelain") == ""
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("half-made label")
        terminal.press("1\r")
        terminal.wait_for("committed")
        terminal.press("q")
        assert terminal.end() == 0
    assert "scores: {tone: 1, facts: 1}" in repo.read(label_path("b-refund"))
    assert repo.commits() == 3
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_the_draft_and_gives_the_terminal_back(
    repo: Repo, number: signal.Signals
) -> None:
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("Where is my parcel?")
        terminal.press("2")
        terminal.wait_for("[2]")
        terminal.send(number)
        assert terminal.end() == 128 + number
        assert terminal.attributes() == list(terminal.cooked)
        assert b"\x1b[?1049l" in terminal.seen  # the screen that was there before is back
        assert b"Traceback" not in terminal.seen
    assert b'"draft"' in drafts(repo)


def test_a_note_that_is_being_written_survives_kill_9(repo: Repo) -> None:
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("Where is my parcel?")
        terminal.press("n")
        terminal.wait_for("new line")
        terminal.press("z")
        until_journalled(repo, terminal)
        terminal.process.kill()
        terminal.process.wait()
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("half-made label")
        terminal.press("21\r")
        terminal.wait_for("committed")
        terminal.press("q")
        assert terminal.end() == 0
    assert "notes: z" in repo.read(label_path("a-parcel"))


def test_what_could_not_be_committed_is_told_on_leaving(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("Where is my parcel?")
        terminal.press("21\r")
        terminal.wait_for("I want my money back.")
        terminal.press("q")
        assert terminal.end() == 0
        assert b"1 saved, not committed: a merge is in progress" in terminal.seen
    (repo.root / ".git/MERGE_HEAD").unlink()
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("I want my money back.")
        terminal.press("q")
        assert terminal.end() == 0
    assert repo.subject() == "label a-parcel of v1 as ann"


def test_leaving_ends_with_0_and_a_clean_repository(repo: Repo) -> None:
    with Terminal(repo) as terminal:
        terminal.wait_for("outputs have no label of yours")
        terminal.press("\r")
        terminal.wait_for("Where is my parcel?")
        terminal.press("q")
        terminal.press("q")
        assert terminal.end() == 0
    assert repo.git("status", "--porcelain") == ""
    assert drafts(repo) == b""


def test_no_color_draws_no_hue(repo: Repo) -> None:
    repo.env |= {"NO_COLOR": "1", "COLORTERM": "truecolor"}
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("Where is my parcel?")
        terminal.press("q")
        terminal.end()
    hues = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.seen)
    assert hues
    assert all(red == green == blue for red, green, blue in hues)


def test_hostile_text_never_reaches_the_terminal_raw(tmp_path: Path) -> None:
    text = "\n".join((*TERMINAL, "the end of it"))
    case = Case(id="a-parcel", tier="golden", input=text, expected=text, notes=text, tags=(text,))
    output = Output(case="a-parcel", system="v1", output=text, finish_reason=text)
    files = {
        "datasets/mails/cases/golden/a-parcel.yaml": codec.encode(case).decode(),
        "datasets/mails/outputs/v1/a-parcel.yaml": codec.encode(output).decode(),
    }
    repo = make(tmp_path / "repo", files)
    with Terminal(repo, "label", size=(140, 60)) as terminal:
        terminal.wait_for("the end of it")
        terminal.press("q")
        assert terminal.end() == 0
    for hostile in TERMINAL:
        for line in hostile.split("\n"):
            if any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in line):
                assert line.encode() not in terminal.seen
    assert b"owned\x07" not in terminal.seen
    assert b"\x1b]52" not in terminal.seen


def test_without_a_repository_the_next_step_is_named(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    shutil.rmtree(repo.root / ".git")
    with Terminal(repo, "label") as terminal:
        terminal.wait_for("cannot label here")
        terminal.wait_for("git init")
        terminal.press("q")
        assert terminal.end() == 0
