"""Two texts as one."""

from __future__ import annotations

import pytest

from labeltool.tui.difference import MOST_LINES, difference
from labeltool.tui.widgets.text import CAP, Line
from tests.hostile import ALL


def plain(lines: list[Line]) -> list[str]:
    return [f"{line.gutter.plain} {line.text.plain}" for line in lines]


def underlined(line: Line) -> list[str]:
    return [
        line.text.plain[span.start : span.end]
        for span in line.text.spans
        if "underline" in str(span.style)
    ]


def test_words_that_differ_are_underlined() -> None:
    gone, come = difference("The tone fits well.", "The tone suits well.")
    assert plain([gone, come]) == ["- The tone fits well.", "+ The tone suits well."]
    assert underlined(gone) == ["fits"]
    assert underlined(come) == ["suits"]


def test_lines_that_are_the_same_stand_once_and_long_stretches_are_counted() -> None:
    before = "\n".join(["a", "b", "old", *"cdefg", "end"])
    after = "\n".join(["a", "b", "new", *"cdefg", "END"])
    assert [line.strip() for line in plain(difference(before, after))] == [
        *("a", "b", "- old", "+ new"),
        *("c", "… 3 the same", "g", "- end", "+ END"),
    ]


def test_a_text_that_came_or_went_stands_alone() -> None:
    assert plain(difference(None, "one\ntwo")) == ["+ one", "+ two"]
    assert plain(difference("one", None)) == ["- one"]
    assert plain(difference("x", "x")) == ["  x"]
    assert difference(None, None) == []


def test_what_is_too_long_is_cut_and_said() -> None:
    lines = difference("a" * (CAP + 5), "b")
    assert "5 more characters" in lines[-1].text.plain
    many = difference("x\n" * (MOST_LINES + 1), "y")
    assert plain(many[-1:]) == ["+ y"]


def test_above_the_cap_lines_are_not_searched_for_what_is_alike() -> None:
    same = [f"line {number}" for number in range(MOST_LINES + 1)]
    lines = difference("\n".join(same), "\n".join([*same, "end"]))
    assert [line.gutter.plain for line in lines] == ["-"] * len(same) + ["+"] * (len(same) + 1)


@pytest.mark.parametrize("text", [one for one in ALL if len(one) < 1000])
def test_hostile_texts_are_visible(text: str) -> None:
    for line in difference(text, "plain"):
        assert not set(line.text.plain) & set("\x1b\x07\r\u202e\u200b")
