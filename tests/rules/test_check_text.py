"""A check as a person types it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.errors import UsageError
from labeltool.model.case import Check
from labeltool.rules.check_text import check_text, parse_check, parse_checks


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("not_contains=has been issued", Check(kind="not_contains", value="has been issued")),
        (" max_words = 80 ", Check(kind="max_words", value=80)),
        ("json_valid", Check(kind="json_valid")),
        ("equals", Check(kind="equals")),
        ("similarity=0.8", Check(kind="similarity", value=0.8)),
        ("ends: regex=[.!?]$", Check(kind="regex", value="[.!?]$", id="ends")),
        ('contains=["a=b", "c"]', Check(kind="contains", value=["a=b", "c"])),
        ("contains=[EMAIL_1a2b]", Check(kind="contains", value="[EMAIL_1a2b]")),
        ('json_schema={"type": "object"}', Check(kind="json_schema", value={"type": "object"})),
    ],
)
def test_what_a_person_types_is_a_check(text: str, check: Check) -> None:
    assert parse_check(text) == check
    assert parse_check(check_text(check)) == check


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not_contain=x", "is no check"),
        ("has been issued", "is no check"),
        ("max_words=many", "wants a whole number"),
        ("contains", "wants a value"),
        ("json_valid=yes", "takes no value"),
        ("json_schema={", "is no JSON"),
    ],
)
def test_what_is_no_check_is_said(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_check(text)


def test_one_a_line_and_empty_lines_say_nothing() -> None:
    found = parse_checks("\nmax_words=5\n\njson_valid\n")
    assert [one.kind for one in found] == ["max_words", "json_valid"]


@given(st.sampled_from(["contains", "not_contains", "regex", "equals"]), st.text(min_size=1))
def test_any_text_comes_back_as_the_check_that_it_was(kind: str, value: str) -> None:
    check = Check(kind=kind, value=value)  # type: ignore[arg-type]
    back = parse_check(check_text(check))
    same = back.value
    if isinstance(same, list):
        same = same[0]
    if isinstance(same, dict):
        same = same["pattern"]
    assert (back.kind, same) == (kind, value)
