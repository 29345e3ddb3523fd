"""JSON as the standard has it: what only Python would take is refused, since guessing would change
what somebody wrote.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

MAX_DIGITS = 400
SHOWN = 40


def loads(text: str) -> Any:
    """The value of `text`. Raises json.JSONDecodeError for its syntax; ValueError, in words for
    people, for a key that stands in one object twice, NaN, infinities, a number that no float
    holds or of more digits than anybody means, and for brackets too deep to follow.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
        )
    except RecursionError:
        raise ValueError("is nested too deeply to be read") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = sorted(key for key, _ in pairs)
        twice = next(key for key, after in pairwise(keys) if key == after)
        raise ValueError(f"the key {twice[:SHOWN]!r} stands in one object twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:SHOWN]} is too large for a number")
    return number


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is more than is read")
    return int(text)
