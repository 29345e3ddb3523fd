from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.strict_json import loads


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NaN", "NaN is no number"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": [1e999]}', "1e999 is too large"),
        ("-1e999", "too large"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' stands in one object twice"),
        ("9" * 401, "401 digits"),
        ("[" * 100_000, "nested too deeply"),
        ("", "Expecting value"),
        ("[1] [2]", "Extra data"),
    ],
)
def test_what_only_python_would_take_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        loads(text)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_all_that_the_standard_allows_is_read_as_it_was_written(value: object) -> None:
    assert loads(json.dumps(value)) == value
    assert loads("1e308") == pytest.approx(1e308)
    assert math.isfinite(loads("1e-999"))
