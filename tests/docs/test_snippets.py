"""What the pages tell a reader to type does what they say it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.session import IN_SAMPLE, ROOT, Command, Session, steps

PAGES = sorted(
    path
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    if "```console" in path.read_text("utf-8")
)


def test_there_are_pages_to_try() -> None:
    assert {"tutorial.md", "label.md", "gate.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_ends_and_prints_as_shown(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    session = Session(tmp_path / "work")
    if IN_SAMPLE in text:
        session.copy_sample()
    for step in steps(text):
        if isinstance(step, Command):
            session.do(step)
        else:
            session.write(step)


def test_a_page_that_is_wrong_is_told(tmp_path: Path) -> None:
    session = Session(tmp_path / "work")
    page = "```console\n$ labeltool run\n$ labeltool init .\nmade nothing\n```\n"
    wrong_code, wrong_words = steps(page)
    assert isinstance(wrong_code, Command)
    assert isinstance(wrong_words, Command)
    with pytest.raises(AssertionError, match="exit 4"):
        session.do(wrong_code)
    with pytest.raises(AssertionError, match="no line 'made nothing'"):
        session.do(wrong_words)
