"""JSON laid out for reading."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.tui.pretty import MOST, NotJson, pretty

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.lists(VALUES) | st.dictionaries(st.text(), VALUES))
def test_only_the_spaces_change(value: object) -> None:
    assert json.loads(pretty(json.dumps(value))) == value
    assert pretty(json.dumps(value)) == pretty(json.dumps(value, indent=7, ensure_ascii=True))


def test_one_member_a_line() -> None:
    assert pretty('{"a":[1,2.50],"b":{},"a":"x, {y}"}').splitlines() == [
        "{",
        '  "a": [',
        "    1,",
        "    2.50",
        "  ],",
        '  "b": {},',
        '  "a": "x, {y}"',
        "}",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear Ann", "begins with neither"),
        ("12", "begins with neither"),
        ('{"a": 1', "line 1, column 8"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "9" * 5000 + "]", "too long"),
        ("[" + " " * MOST + "]", "too many to lay out"),
    ],
)
def test_what_cannot_be_laid_out_says_why(text: str, words: str) -> None:
    with pytest.raises(NotJson, match=words):
        pretty(text)
