"""Every command line that a page shows, run or not, is one that labeltool takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from labeltool.cli.main import cli
from tests.docs.session import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^ *```(?:\w+)?(?: title=\"[^\"]+\")?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(labeltool [^`]+)`")
DRAWN = {"command-line.md"}


def shown() -> Iterator[tuple[str, str]]:
    """(page, line) of what begins with labeltool, in blocks and within sentences."""
    for page in PAGES:
        if page.name in DRAWN:
            continue
        text = page.read_text("utf-8")
        for block in FENCE.findall(text):
            for line in block.splitlines():
                said = re.match(r"\s*(?:\$ )?(?:\S+ -dc \S+ \| )?(labeltool .*)", line)
                if said:
                    yield page.name, re.split(r" (?:&&|\|) ", said[1])[0]
        for line in INLINE.findall(FENCE.sub("", text)):
            yield page.name, " ".join(line.split())


def options_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that `words` lead to, and what is said to it."""
    command: click.Command = cli
    while words and isinstance(command, click.Group):
        below = command.get_command(click.Context(command), words[0])
        if below is None:
            break
        command, words = below, words[1:]
    return command, words


@pytest.mark.parametrize(("page", "line"), sorted(set(shown())))
def test_a_command_line_names_verbs_and_options_that_there_are(page: str, line: str) -> None:
    words = shlex.split(line.replace("...", ""), comments=True)[1:]
    if words[:1] == ["-C"]:
        words = words[2:]
    if not words or not re.fullmatch("[a-z]+", words[0]):
        return
    command, said = options_of(words)
    assert command is not cli, f"{page}: no verb {words[0]}"
    known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    for word in said:
        if word.startswith("--"):
            assert word.split("=")[0] in known, f"{page}: {line}"
