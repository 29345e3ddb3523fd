"""Each promise of the security page is held by a test that exists: a link is its name."""

from __future__ import annotations

import re

import pytest

from tests.docs.session import ROOT

PAGE = " ".join((ROOT / "docs/security.md").read_text("utf-8").split())
HELD = re.findall(r"\[([^\]]+)\]\(\.\./(tests/[^)]+)\)", PAGE)


def test_there_are_promises() -> None:
    assert len(HELD) > 50


@pytest.mark.parametrize(("words", "path"), HELD)
def test_a_promise_is_held_by_a_test(words: str, path: str) -> None:
    name = "test_" + words.replace(" ", "_")
    assert re.search(rf"^\s*(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
