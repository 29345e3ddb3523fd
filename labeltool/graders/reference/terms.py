"""A text as the terms that carry its content: words by stem, numbers by value, names.

Meant for any language, exact in none: stop words of English, German, French and Spanish, a stemmer
that cuts common endings, and pairs of characters for scripts that are written without spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from labeltool.graders.reference.words import (
    CALENDAR,
    CALENDAR_KEYS,
    ENDINGS,
    NUMBER_WORDS,
    stop_words,
)

TermKind = Literal["word", "number", "name"]

_UNSPACED = (
    "\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<mixed>(?:[^\W\d_{_UNSPACED}]{{1,6}}[-_/])?[^\W_{_UNSPACED}]*\d(?:[^\W_{_UNSPACED}]|[-_/.,:'’](?=\w))*)"
    rf"|(?P<word>[^\W\d_{_UNSPACED}]+(?:[-'’][^\W\d_{_UNSPACED}]+)*)"
)
_NO_HIRAGANA = re.compile("[^\u3041-\u309f]+")
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
_SENTENCE_END = re.compile(r"[.!?:;…\n。！？\"“„»«(\[*•-]\s*$")
_BREAK = re.compile(r"(?<=[.!?…;])[\"”»)]*\s+|\n+|(?<=[。！？])")
_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|e|º|ª|[a-z]{1,3})")
# Above this share of capitalised words, capitals are spelling (German nouns), not names.
NOUNS_CAPITALISED = 0.3


@dataclass(frozen=True, slots=True)
class Term:
    """`key` is what terms are compared by; `start`, `end` its place in the text."""

    key: str
    kind: TermKind
    shown: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """Every term of `text` in order, stop words left out."""
    found = list(_terms(text))
    words = [term for term in found if term.kind != "number"]
    capitals = sum(term.kind == "name" for term in words)
    if capitals <= NOUNS_CAPITALISED * len(words) or len(words) < 4:
        return found
    return [Term(t.key, "word", t.shown, t.start, t.end) if t.kind == "name" else t for t in found]


def _terms(text: str) -> Iterator[Term]:
    for match in _TOKEN.finditer(text):
        token, start, end = match.group(), match.start(), match.end()
        if match.lastgroup == "unspaced":
            yield from _pairs(token, start)
        elif match.lastgroup == "mixed":
            yield from _numbers(token, start)
        else:
            key = _word_key(token)
            if key is None:
                continue
            if key in CALENDAR_KEYS:
                yield Term(key, "number", token, start, end)
                continue
            name = token[0].isupper() and not _opens_sentence(text, start)
            yield Term(key, "name" if name else "word", token, start, end)


def _numbers(token: str, start: int) -> Iterator[Term]:
    """The number or id `token`, or both ends of a range such as 5-7."""
    span = _RANGE.fullmatch(token)
    for part in span.groups() if span else [token.rstrip("-_/.,:'’")]:
        at = start + (token.rindex(part) if span and part == span[2] else 0)
        yield Term(number_key(part), "number", part, at, at + len(part))


def _pairs(run: str, start: int) -> Iterator[Term]:
    """Overlapping pairs of characters. Hiragana is left out: it is mostly grammar."""
    for chunk in _NO_HIRAGANA.finditer(run):
        text, first = chunk.group(), start + chunk.start()
        for at in range(max(1, len(text) - 1)):
            pair = text[at : at + 2]
            yield Term(pair, "word", pair, first + at, first + at + len(pair))


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start]
    return start == 0 or not before.strip() or _SENTENCE_END.search(before) is not None


@lru_cache(maxsize=50_000)
def _word_key(word: str) -> str | None:
    low = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    if low in stop_words():
        return None
    low = low.removesuffix("'s")
    if low in stop_words() or (len(low) < 2 and low.isascii()):
        return None
    if low in CALENDAR:
        return CALENDAR[low]
    if low in NUMBER_WORDS:
        return NUMBER_WORDS[low]
    return _stem(low)


def _stem(word: str) -> str:
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 4:
            word = stem
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


@lru_cache(maxsize=50_000)
def number_key(token: str) -> str:
    """One key for the ways to write a number: 1,250.00 and 1250; 14th and 14; AX-20418 and ax20418.

    A lone separator before exactly three digits groups thousands; otherwise it is a decimal one.
    """
    low = unicodedata.normalize("NFKC", token).casefold().replace("’", "'")
    if _PLAIN_NUMBER.fullmatch(low):
        return _amount(low)
    ordinal = _ORDINAL.fullmatch(low)
    if ordinal:
        return ordinal.group(1)
    return re.sub(r"[-_/.,']", "", low.removesuffix(":00"))


def _amount(digits: str) -> str:
    marks = re.findall(r"[.,']", digits)
    parts = re.split(r"[.,']", digits)
    if not marks:
        return digits
    last_is_decimal = len(set(marks)) > 1 or (len(marks) == 1 and len(parts[-1]) != 3)
    if not last_is_decimal:
        return "".join(parts) if all(len(p) == 3 for p in parts[1:]) else " ".join(parts)
    whole, fraction = "".join(parts[:-1]), parts[-1].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence or line of `text` that holds anything, in order."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return [(first, last) for first, last in found if text[first:last].strip()]
