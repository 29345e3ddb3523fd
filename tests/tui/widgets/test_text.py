"""Texts that somebody else wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from labeltool.model.case import Case, Message
from labeltool.tui.texts import input_lines
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.text import BATCH, CAP, Line, Wrapped, lines_of
from tests.hostile import MARKUP, TERMINAL


def plain(lines: list[Line], width: int = 40) -> list[str]:
    wrapped = Wrapped(lines, width)
    wrapped.upto(10_000)
    return [line.plain for line in wrapped]


@given(st.text(max_size=300), st.integers(10, 120))
def test_no_line_is_wider_than_its_pane(text: str, width: int) -> None:
    wrapped = Wrapped(lines_of(text), width)
    wrapped.upto(10_000)
    assert all(line.cell_length <= width for line in wrapped)


def test_wide_characters_count_as_two_cells() -> None:
    assert plain(lines_of("漢字漢字漢字"), 5) == ["漢字", "漢字", "漢字"]


def test_markup_is_text() -> None:
    for text in MARKUP:
        assert "".join(plain(lines_of(text), 500)) == text.replace("\n", "")


def test_escape_sequences_are_glyphs() -> None:
    for text in TERMINAL:
        shown = "".join(plain(lines_of(text), 500))
        assert not [c for c in shown if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0]


def test_a_text_of_megabytes_is_cut_with_a_word_and_wrapped_as_far_as_it_is_seen() -> None:
    lines = lines_of("word " * 1_000_000)
    assert "4,934,464 more characters" in lines[-1].text.plain
    assert sum(len(line.text) for line in lines[:-1]) == CAP
    many = Wrapped([Line(Content(str(number))) for number in range(100_000)], 40)
    assert many.upto(BATCH) == BATCH
    assert not many.complete


def test_roles_are_told_apart_by_name_and_sign() -> None:
    case = Case(
        id="a",
        tier="golden",
        input=(
            Message(role="system", content="Be kind."),
            Message(role="user", content="Where is it?\nTell me."),
            Message(role="assistant", tool_calls=[{"name": "track", "id": 7}]),
            Message(role="[bold]root", content="\x1b[31mred"),
        ),
    )
    shown = plain(input_lines(case), 60)
    assert shown[0].split() == ["system", "§", "Be", "kind."]
    assert shown[1].split() == ["user", "›", "Where", "is", "it?"]
    assert shown[2].strip() == "Tell me."
    assert shown[2].index("Tell") == shown[1].index("Where")
    assert 'call {"name": "track", "id": 7}' in shown[3]
    assert "[bold]root" in shown[4]
    assert "\x1b" not in "".join(shown)


def test_a_rule_is_as_wide_as_it_shall_be() -> None:
    for width in range(4, 60):
        assert titled("expected", "1-3 of 7 ▼", width).cell_length == width
