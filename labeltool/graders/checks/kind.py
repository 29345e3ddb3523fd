"""What a kind of check is made of, and the words its complaints are made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

Expected = tuple[str, ...]
Finding = tuple[bool, str]


class UnusableError(Exception):
    """The check cannot decide: neither passed nor failed, an error of the case."""


class Kind(NamedTuple):
    """`problem(value)` says what `value` should be, or None; `decide` needs a value without one.

    `rests_on_expected(value)`: whether the expected answer is what the output is held against.
    """

    problem: Callable[[Any], str | None]
    decide: Callable[[Any, str, Expected], Finding]
    rests_on_expected: Callable[[Any], bool] = lambda _: False


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def texts_problem(value: Any) -> str | None:
    """The shape "a text, or a list of texts", none of them empty."""
    items = value if isinstance(value, list | tuple) else [value]
    if not items:
        return "must be a text or a list of texts; the list is empty"
    for item in items:
        if not isinstance(item, str):
            quote = "; quote it" if is_number(item) or isinstance(item, bool) else ""
            return f"must be a text or a list of texts, not {shown(item)}{quote}"
        if not item.strip():
            return "must be a text or a list of texts; an empty text says nothing"
    return None


def texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def folded(text: str) -> str:
    """`text` as compared without case: canonical equivalents and case variants are one."""
    if text.isascii():
        return text.lower()
    normal = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", normal.casefold())


def shown(value: Any) -> str:
    """A short form of any value, for a message."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
