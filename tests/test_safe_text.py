from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text
from textual.content import Content

from labeltool.safe_text import (
    cells,
    for_csv,
    for_github_command,
    for_github_log,
    for_json,
    for_markdown,
    for_markup,
    one_line,
    visible,
)
from tests import hostile

ANY_TEXT = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(hostile.ALL[:-2])


def acts_or_hides(text: str) -> list[str]:
    """Characters that may never reach a screen; joiners are judged by their own tests."""
    kept = "\n\t\u200c\u200d\ufe0f"
    bad = ("Cc", "Cs", "Zl", "Zp")
    bidi = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return [
        character
        for character in text
        if character not in kept
        and (
            unicodedata.category(character) in bad
            or character in bidi
            or 0xE0000 <= ord(character) < 0xE1000
        )
    ]


@given(ANY_TEXT)
def test_nothing_that_acts_or_hides_is_left(text: str) -> None:
    assert acts_or_hides(visible(text)) == []


@given(ANY_TEXT)
def test_showing_twice_is_showing_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(ANY_TEXT)
def test_json_shows_nothing_that_acts_and_gives_the_very_text_back(text: str) -> None:
    shown = for_json(json.dumps([text], ensure_ascii=False))
    assert acts_or_hides(shown) == []
    assert json.loads(shown) == [text]


def test_json_keeps_peoples_languages_readable() -> None:
    assert for_json('["Größe 👩\u200d💻", "\u202egnp"]') == '["Größe 👩\u200d💻", "\\u202egnp"]'


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_text_is_handed_back_as_it_is(text: str) -> None:
    assert visible(text) is text


@pytest.mark.parametrize("text", hostile.INNOCENT)
def test_peoples_languages_and_emoji_stay(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", hostile.TERMINAL + hostile.HIDDEN)
def test_payloads_become_visible(text: str) -> None:
    assert visible(text) != text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x00\x07\r\x7f", "␀␇␍␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("\u202egnp", "⟨U+202E⟩gnp"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("\u200d", "⟨U+200D⟩"),
        ("👩\u200d", "👩⟨U+200D⟩"),
        ("👩\u200dx", "👩⟨U+200D⟩x"),
        ("a\ufe0f", "a⟨U+FE0F⟩"),
        ("❤\ufe0f\ufe0f", "❤⟨U+FE0F⟩⟨U+FE0F⟩"),
        ("1\ufe0f", "1⟨U+FE0F⟩"),
        ("\u0645\u200c ", "\u0645⟨U+200C⟩ "),
        ("\u0645\u200c\u200d\u0645", "\u0645⟨U+200C⟩⟨U+200D⟩\u0645"),
    ],
)
def test_each_kind_has_its_glyph(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_folds_newlines_and_tabs() -> None:
    assert one_line("a\r\nb\nc\td") == "a⏎b⏎c d"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("日本語の", 5, "日本…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("👩\u200d💻👩\u200d💻", 5, "👩\u200d💻…"),
    ],
)
def test_one_line_is_cut_to_cells(text: str, width: int, shown: str) -> None:
    assert one_line(text, width) == shown


@given(ANY_TEXT, st.integers(0, 30))
def test_a_cut_line_fits(text: str, width: int) -> None:
    line = one_line(text, width)
    assert cells(line) <= width
    assert "\n" not in line
    assert "\t" not in line
    assert acts_or_hides(line) == []


@pytest.mark.parametrize("text", hostile.ALL)
def test_markup_shows_the_text_and_nothing_else(text: str) -> None:
    rich = Text.from_markup(for_markup(text), emoji=False).plain
    assert rich.replace("⧵", "\\") == visible(text)
    assert Content.from_markup(for_markup(text)).plain == rich


@given(st.text("[]\\/@=()'\" abold1#$"))
def test_markup_in_a_text_opens_and_closes_nothing(text: str) -> None:
    inside = f"[bold]>{for_markup(text)}[/bold]<"
    for plain, spans in (
        ((rich := Text.from_markup(inside)).plain, rich.spans),
        ((content := Content.from_markup(inside)).plain, content.spans),
    ):
        assert plain.replace("⧵", "\\") == f">{text}<"
        assert [(span.start, span.end) for span in spans] == [(0, len(text) + 1)]


@pytest.mark.parametrize("text", hostile.MARKUP)
def test_markdown_is_literal(text: str) -> None:
    escaped = for_markdown(text)
    assert "\n" not in escaped
    assert "<" not in escaped.replace("<br>", "")
    assert "](" not in escaped
    assert "://" not in escaped
    assert "`" not in escaped.replace("\\`", "")
    assert "@e" not in escaped
    assert "#1" not in escaped


def test_markdown_keeps_no_code_block_and_no_bare_link() -> None:
    assert for_markdown("    code") == "&nbsp;&nbsp;&nbsp;&nbsp;code"
    assert for_markdown("www.evil.example") == r"www&#8203;.evil\.example"


def test_a_log_line_is_no_workflow_command() -> None:
    assert (
        for_github_log("ok\n  ::error::x\na::b ##[error]") == "ok\n  \\::error::x\na::b ##\\[error]"
    )


@given(ANY_TEXT)
def test_no_line_of_a_log_starts_a_command(text: str) -> None:
    for line in for_github_log(text).split("\n"):
        assert not line.strip().startswith("::")
        assert "##[" not in line


def test_a_command_message_stays_in_its_command() -> None:
    assert for_github_command("50%\n::error::x") == "50%25%0A::error::x"
    assert for_github_command("a:b,c", prop=True) == "a%3Ab%2Cc"


@pytest.mark.parametrize("cell", hostile.SPREADSHEET)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert for_csv(cell) == f"'{cell}"


def test_an_ordinary_cell_stays() -> None:
    assert for_csv("a = b, 3 - 1") == "a = b, 3 - 1"
