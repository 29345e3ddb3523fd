"""Strategies for the values that files hold, made of the nastiest texts there are."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests import hostile

_SPECIAL = st.sampled_from(
    [
        *" \t\n\r:#-?,[]{}&*!|>'\"%@`\\=~<.0123456789eE+_nNyYo",
        *"\x00\x07\x1b\x7f\x80\x85\x9f\xa0\xad\u2028\u2029\ufeff\ufffd\ufffe\uffff\ufdd0",
        *("\r\n", "\n\n", ": ", " #", "- ", "---", "...", "line\n", "\n  ", "\n\t", "word "),
        *("😀", "👩\u200d💻", "\U0001ffff", "\U0010ffff", "é", "日本", "שלום", "\u202e", "\u200b"),
        *("no", "null", "0x"),
    ]
)
TEXTS = (
    st.sampled_from([text for text in hostile.WRITABLE if len(text) < 1000])
    | st.lists(_SPECIAL, max_size=12).map("".join)
    | st.text(st.characters(codec="utf-8"), max_size=30)
    | st.from_regex(r"[-+]?[0-9a-fx_.:eE+-]{1,14}", fullmatch=True)
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INTEGERS = st.integers(-(10**30), 10**30)
SCALARS = st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS
KEYS = TEXTS | st.integers(-1000, 1000)


def _nested(members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(members, max_size=4) | st.dictionaries(KEYS, members, max_size=4)


VALUES = st.recursive(SCALARS, _nested, max_leaves=12)
MAPPINGS: st.SearchStrategy[dict[Any, Any]] = st.dictionaries(KEYS, VALUES, max_size=5)


def same(left: Any, right: Any) -> bool:
    """Equal in value, type and order: 1, 1.0 and True are three things."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        pairs = zip(left.items(), right.items(), strict=False)
        return len(left) == len(right) and all(same(list(a), list(b)) for a, b in pairs)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return repr(left) == repr(right)
