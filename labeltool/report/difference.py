"""Two outputs as what went and what came: a few short lines, or every word in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from labeltool.rules.alike import likeness, stretches
from labeltool.safe_text import one_line

COMPARED_CHARS = 20_000
"""As much as results keep of a baseline's output: both sides are compared that far."""
SHOWN = 6
LINE_CELLS = 200
MOST_WORDS = 8_000
_LEAD, _LEAD_CUT = 4, 7

_SENTENCE_END = re.compile(r"(?<=[.!?…])[ \t]+|\s*\n\s*|(?<=[。！？])")
_WORDS, _WORD = re.compile(r"\s+|\w+|[^\w\s]"), re.compile(r"\w")


class Change(NamedTuple):
    """One line. `-` went, `+` came, a space says something about both."""

    sign: Literal["-", "+", " "]
    text: str


class Piece(NamedTuple):
    kind: Literal["same", "gone", "come"]
    text: str


def changes(before: str, after: str, shown: int = SHOWN) -> tuple[Change, ...]:
    """What differs, sentence by sentence, each in one safe line; `shown` lines, then how many
    differences are left. Nothing where the texts are the same.
    """
    if before == after:
        return ()
    was, now = _sentences(before), _sentences(after)
    runs = [one for one in stretches(was, now) if not one.same]
    found: list[Change] = []
    told = 0
    for _, a, b, c, d in runs:
        gone, come = _around_the_difference(" ".join(was[a:b]), " ".join(now[c:d]))
        lines = [Change("-", gone)] if gone else []
        lines += [Change("+", come)] if come else []
        if len(found) + len(lines) > shown:
            break
        found += lines
        told += 1
    if told < len(runs):
        left = len(runs) - told
        found.append(Change(" ", f"… and {left} more difference{'s' if left > 1 else ''}"))
    if not runs:
        found.append(Change(" ", _unseen(before, after)))
    return tuple(found)


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts as one, word by word; read without `come` it is `before`, without `gone`
    `after`. Of texts that have little in common, the one stands behind the other.
    """
    a, b = _WORDS.findall(before[:COMPARED_CHARS]), _WORDS.findall(after[:COMPARED_CHARS])
    runs = stretches(a, b) if max(len(a), len(b)) <= MOST_WORDS else []
    if not runs or likeness(runs) < 0.4:
        return _changed("".join(a), "".join(b))
    found: list[Piece] = []
    gone = come = ""
    for at, run in enumerate(runs):
        was, now = "".join(a[run.a : run.b]), "".join(b[run.c : run.d])
        if run.same and not (0 < at < len(runs) - 1 and _WORD.search(was) is None):
            found += _changed(gone, come)
            found.append(Piece("same", was))
            gone = come = ""
        else:
            # A space between two words that both changed is part of the change.
            gone, come = gone + was, come + now
    return [*found, *_changed(gone, come)]


def _changed(gone: str, come: str) -> list[Piece]:
    return [one for one in (Piece("gone", gone), Piece("come", come)) if one.text]


def _sentences(text: str) -> list[str]:
    parts = _SENTENCE_END.split(text[:COMPARED_CHARS])
    return [" ".join(part.split()) for part in parts if part.strip()]


def _around_the_difference(gone: str, come: str) -> tuple[str, str]:
    """Both without the words that they begin with alike, but for the last few of them."""
    was, now = gone.split(" "), come.split(" ")
    least = min(len(was), len(now))
    alike = next((at for at in range(least) if was[at] != now[at]), least)
    if alike < _LEAD_CUT:
        return one_line(gone, LINE_CELLS), one_line(come, LINE_CELLS)
    return _from(was, alike - _LEAD), _from(now, alike - _LEAD)


def _from(words: Sequence[str], start: int) -> str:
    return one_line(f"… {' '.join(words[start:])}", LINE_CELLS)


def _unseen(before: str, after: str) -> str:
    if before[:COMPARED_CHARS] == after[:COMPARED_CHARS]:
        return f"the same in the first {COMPARED_CHARS:,} characters"
    return "only white space differs"
