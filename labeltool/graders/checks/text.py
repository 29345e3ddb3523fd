"""Checks that count, look for and compare plain text."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from labeltool.graders.checks.kind import (
    Expected,
    Finding,
    Kind,
    UnusableError,
    folded,
    shown,
    texts,
    texts_problem,
)

# Scripts written without spaces in which a character is about a word's worth of meaning:
# Han, Hiragana, Katakana, Bopomofo. Their punctuation parts words and counts as none.
_HAN_KANA = (
    "\u3005-\u3007\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U000323af"
)
_CJK_MARKS = "\u3001-\u3003\u3008-\u3020\u3030\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40"
_WORD = re.compile(rf"[{_HAN_KANA}]|[^\s{_HAN_KANA}{_CJK_MARKS}\uff5b-\uff65]+")


def count_words(text: str) -> int:
    """Words of `text`: runs between white space, and one for each Han or kana character."""
    if text.isascii():
        return len(text.split())
    return sum(1 for _ in _WORD.finditer(text))


def count_chars(text: str) -> int:
    """Code points of `text` in NFC, white space at either end left out."""
    return len(unicodedata.normalize("NFC", text.strip()))


def _count_problem(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return None
    return f"must be a whole number, 0 or more, not {shown(value)}"


def _number_of(count: int, unit: str) -> str:
    return f"{count:,} {unit}" if count != 1 else f"1 {unit[:-1]}"


def _max_words(value: Any, output: str, _expected: Expected) -> Finding:
    count = count_words(output)
    return count <= value, f"{_number_of(count, 'words')}, at most {value:,}"


def _min_words(value: Any, output: str, _expected: Expected) -> Finding:
    count = count_words(output)
    return count >= value, f"{_number_of(count, 'words')}, at least {value:,}"


def _max_chars(value: Any, output: str, _expected: Expected) -> Finding:
    count = count_chars(output)
    return count <= value, f"{_number_of(count, 'characters')}, at most {value:,}"


def _contains(value: Any, output: str, _expected: Expected) -> Finding:
    body = folded(output)
    missing = [text for text in texts(value) if folded(text) not in body]
    if missing:
        return False, "does not contain " + _listed(missing)
    return True, "contains " + _listed(texts(value))


def _not_contains(value: Any, output: str, _expected: Expected) -> Finding:
    body = folded(output)
    found = [text for text in texts(value) if folded(text) in body]
    if found:
        return False, "contains " + _listed(found)
    return True, "does not contain " + _listed(texts(value))


def _listed(items: list[str] | tuple[str, ...]) -> str:
    quoted = ", ".join(shown(item) for item in items[:5])
    return quoted + (f" and {len(items) - 5} more" if len(items) > 5 else "")


def _equals_problem(value: Any) -> str | None:
    return None if value is None else texts_problem(value)


def _equals(value: Any, output: str, expected: Expected) -> Finding:
    wanted = expected if value is None else texts(value)
    if not wanted:
        raise UnusableError("nothing to compare with: the case has no expected answer")
    if _exact(output) in {_exact(text) for text in wanted}:
        return True, "is the same text"
    return False, f"is {shown(_exact(output))}, not {_listed(tuple(_exact(t) for t in wanted))}"


def _exact(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


MAX_WORDS = Kind(_count_problem, _max_words)
MIN_WORDS = Kind(_count_problem, _min_words)
MAX_CHARS = Kind(_count_problem, _max_chars)
CONTAINS = Kind(texts_problem, _contains)
NOT_CONTAINS = Kind(texts_problem, _not_contains)
EQUALS = Kind(_equals_problem, _equals, lambda value: value is None)
