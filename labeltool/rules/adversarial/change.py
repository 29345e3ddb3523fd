"""A change, and where in an input it is made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from labeltool.model.case import Case, Check, Document
from labeltool.model.record import Input

SAME = "The same must hold as for the case"


@dataclass(frozen=True, slots=True)
class Change:
    """`about`: what was done, in a few words. `holds`: what must hold of the answer, a sentence.

    context  in the place of the case's; None: the case's own
    expected None: the case's own; (): nothing is expected that could be written down yet
    keep     whether the checks of the case still hold
    checks   beside those
    """

    input: Input
    about: str
    holds: str = f"{SAME}."
    context: tuple[Document, ...] | None = None
    expected: tuple[str, ...] | None = None
    keep: bool = True
    checks: tuple[Check, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the case's own expected answer still stands (invariance)."""
        return self.expected is None and self.keep


class NotHereError(Exception):
    """Why a kind of change cannot be made to a case."""


Changer = Callable[[Case, Random], Change]
"""Raises NotHereError."""

_FENCED = re.compile(r"(?ms)^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|`[^`\n]+`")
_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[\w@.:/\\#&=?%+'\u2019-]")
_SENTENCE_END = re.compile(r"[.!?\u2026:\n]\s*[\"'(\u201c]*\s*$|^\s*$")


def asked(value: Input) -> str:
    """The text that a change is made to: the input, or what the user said last in a conversation.

    Raises NotHereError where there is none.
    """
    place = _place(value)
    text = value if isinstance(value, str) else value[place].content
    if not isinstance(text, str) or not text.strip():
        raise NotHereError("there is no text to change")
    return text


def with_asked(value: Input, text: str) -> Input:
    """`value` with `text` in the place of `asked(value)`."""
    if isinstance(value, str):
        return text
    place = _place(value)
    said = value[place].model_copy(update={"content": text})
    return (*value[:place], said, *value[place + 1 :])


def _place(value: Input) -> int:
    if isinstance(value, str):
        return 0
    told = [n for n, one in enumerate(value) if one.content]
    users = [n for n in told if value[n].role == "user"]
    if not (users or told):
        raise NotHereError("there is no text to change")
    return (users or told)[-1]


def common_words(text: str, shortest: int) -> list[tuple[int, int]]:
    """(start, end) of the words that carry no name, number, address or code: in scripts with upper
    and lower case, those in lower case, or at the start of a sentence.
    """
    fenced = [found.span() for found in _FENCED.finditer(text)]
    places = []
    for word in _WORD.finditer(text):
        start, end = word.span()
        said = word[0]
        if len(said) < shortest or ord(max(said)) >= 0x590:
            continue
        if any(first <= start < last for first, last in fenced):
            continue
        if _joined(text, start, end):
            continue
        opening = said.istitle() and _SENTENCE_END.search(text[max(0, start - 12) : start])
        if said.islower() or opening:
            places.append((start, end))
    return places


def _joined(text: str, start: int, end: int) -> bool:
    """Whether the word is a part of something longer: `e-mail@x.example`, `order_id`, `v2`."""
    before = text[start - 1 : start]
    after = text[end : end + 2]
    if before and _PART.match(before):
        return True
    # A full stop, colon or quote mark after a word ends it unless something follows at once.
    return (
        bool(after) and bool(_PART.match(after[0])) and not re.match(r"[.:?'\u2019%]\W|.$", after)
    )


def replaced(text: str, changes: dict[tuple[int, int], str]) -> str:
    """`text` with each of these spans replaced."""
    for (start, end), new in sorted(changes.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def everything(case: Case) -> str:
    """All that a case says, to choose words that are not in it."""
    parts = [case.input_text, *case.acceptable, *(one.text for one in case.context)]
    return "\n".join([*parts, *map(str, case.vars.values()), *(str(c.value) for c in case.checks)])
