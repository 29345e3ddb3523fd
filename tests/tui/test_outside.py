"""A text in the user's own editor."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from labeltool.errors import UsageError
from labeltool.tui.outside import Edited, command, edit


def editor(folder: Path, script: str) -> list[str]:
    path = folder / "my editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return command({"EDITOR": f"'{path}' --wait"})


def test_visual_goes_before_editor_and_may_have_options() -> None:
    assert command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert command({"VISUAL": "", "EDITOR": "vi"}) == ["vi"]


@pytest.mark.parametrize(
    ("env", "words"),
    [({}, "neither VISUAL nor EDITOR"), ({"EDITOR": "'vi"}, "a quote is open")],
)
def test_without_an_editor_it_says_which_names_it(env: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        command(env)


def test_what_the_editor_leaves_is_the_text(tmp_path: Path) -> None:
    words = editor(tmp_path, 'echo "and more ($1)" >> "$2"')
    assert edit(words, "Größe\n漢字", "a-parcel", os.environ) == Edited(
        "Größe\n漢字\nand more (--wait)"
    )


@pytest.mark.parametrize(
    ("script", "text", "wrong"),
    [
        ('echo half > "$2"; exit 3', "half", "ended with 3"),
        ("printf 'caf\\351' > \"$2\"", "caf\ufffd", "not UTF-8"),
        ('rm "$2"', "", "left no file"),
    ],
)
def test_an_editor_that_fails_is_told_and_its_text_kept(
    tmp_path: Path, script: str, text: str, wrong: str
) -> None:
    found = edit(editor(tmp_path, script), "whole", "a", os.environ)
    assert found.text == text
    assert found.wrong is not None
    assert wrong in found.wrong


def test_an_editor_that_is_not_there_is_told() -> None:
    with pytest.raises(UsageError, match="no-such-editor cannot be run"):
        edit(["no-such-editor"], "text", "a", os.environ)


def test_an_interrupt_is_the_editors_alone(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    words = editor(tmp_path, "kill -INT $PPID; exit 0")
    assert edit(words, "text", "a", os.environ) == Edited("text")
    assert signal.getsignal(signal.SIGINT) is before
