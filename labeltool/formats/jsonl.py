"""JSON Lines: one object on each line, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from labeltool import strict_json
from labeltool.errors import Problem, Where
from labeltool.formats.rows import Row, not_utf8

_SURROGATE = re.compile("[\ud800-\udfff]")


def rows(lines: Iterator[tuple[int, bytes]], source: str) -> Iterator[Row | Problem]:
    """Rows of `lines`; blank lines are skipped.

    Duplicate keys, NaN and infinity, half a surrogate pair and anything but an object are a
    Problem each: guessing would change what somebody wrote.
    """
    for number, line in lines:
        if line.isspace():
            continue
        where = Where(source, number)
        try:
            text = line.decode("utf-8")
            value = loads(text)
        except UnicodeDecodeError as error:
            yield not_utf8(source, number, error)
        except json.JSONDecodeError as error:
            yield Problem(where, f"is not JSON: {error.msg} at column {error.colno}", _hint(text))
        except ValueError as error:
            yield Problem(where, str(error))
        else:
            yield _row(value, number, where)


def loads(text: str) -> Any:
    """JSON read strictly. Raises ValueError, with our words but for syntax."""
    value = strict_json.loads(text)
    if "\\ud" in text.lower():
        _refuse_halves(value)
    return value


def _row(value: Any, number: int, where: Where) -> Row | Problem:
    if not isinstance(value, dict):
        return Problem(where, "is no JSON object", 'a row looks like {"id": "...", "input": "..."}')
    return Row(number, value)


def _refuse_halves(value: Any) -> None:
    if isinstance(value, str):
        half = _SURROGATE.search(value)
        if half:
            raise ValueError(
                f"holds half a surrogate pair (\\u{ord(half[0]):04x}), which is no text"
            )
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_halves(key)
            _refuse_halves(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_halves(item)


def _hint(text: str) -> str | None:
    if text.lstrip().startswith("["):
        return "this looks like a JSON list: write each of its objects on a line of its own"
    if text.strip() == "{":
        return "this looks like one indented JSON document: write each row on one line"
    return None
