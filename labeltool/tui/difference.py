"""Two texts as one: what went under `-`, what came under `+`, the words that differ underlined."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from textual.content import Content

from labeltool.safe_text import visible
from labeltool.tui.widgets.text import CAP, Line

INDENT = 2
CONTEXT = 1
"""Lines that are the same and stand around a difference."""
MOST_LINES, MOST_WORDS = 1000, 1500
"""Above these the search for what is alike would take too long: then all of it differs."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_Opcode = tuple[str, int, int, int, int]


def difference(before: str | None, after: str | None, indent: int = 0) -> list[Line]:
    """Lines of both texts, capped, made safe. None: there is no such text."""
    was, now = _lines(before), _lines(after)
    if max(len(was), len(now)) > MOST_LINES:
        return [*_signed("-", was, indent), *_signed("+", now, indent)]
    found: list[Line] = []
    for kind, a, b, c, d in _opcodes(was, now):
        if kind == "equal":
            found += _around(was[a:b], indent, first=a == 0, last=b == len(was))
        else:
            found += _replaced("\n".join(was[a:b]), "\n".join(now[c:d]), (b - a, d - c), indent)
    return [*found, *_capped(before, after, indent)]


def _lines(text: str | None) -> list[str]:
    return [] if text is None else visible(text[:CAP]).rstrip("\n").split("\n")


def _opcodes(was: Sequence[str], now: Sequence[str]) -> Iterator[_Opcode]:
    yield from difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()


def _around(same: list[str], indent: int, *, first: bool, last: bool) -> list[Line]:
    """The ends of a stretch that did not change, where it borders on a difference."""
    head = [] if first else same[:CONTEXT]
    tail = [] if last else same[len(same) - CONTEXT :]
    left_out = len(same) - len(head) - len(tail)
    if left_out <= 1:  # to say that it is left out would take as much room
        return _signed(" ", same, indent)
    gap = Line(Content.styled(f"… {left_out} the same", "$quiet"), indent=indent + INDENT)
    return [*_signed(" ", head, indent), gap, *_signed(" ", tail, indent)]


def _replaced(was: str, now: str, lines: tuple[int, int], indent: int) -> list[Line]:
    gone, come = _words(was, now)
    found = []
    for sign, text, many in (("-", gone, lines[0]), ("+", come, lines[1])):
        if many:
            found += [_line(sign, one, indent) for one in text.split("\n", allow_blank=True)]
    return found


def _words(was: str, now: str) -> tuple[Content, Content]:
    """Both texts with the words that only one of them has underlined."""
    a, b = _WORDS.findall(was), _WORDS.findall(now)
    if not a or not b or max(len(a), len(b)) > MOST_WORDS:
        return Content(was), Content(now)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < 0.3:  # two different texts: underlining nearly all of both helps nobody
        return Content(was), Content(now)
    gone, come = [], []
    for kind, i, j, k, m in matcher.get_opcodes():
        gone += _marked("".join(a[i:j]), differs=kind != "equal")
        come += _marked("".join(b[k:m]), differs=kind != "equal")
    return Content.assemble(*gone), Content.assemble(*come)


def _marked(text: str, *, differs: bool) -> list[tuple[str, str]]:
    """The words underlined, not the blanks around them."""
    word = text.strip()
    if not differs or not word:
        return [(text, "")]
    start = text.index(word)
    end = start + len(word)
    return [(text[:start], ""), (word, "bold underline"), (text[end:], "")]


def _signed(sign: str, lines: list[str], indent: int) -> list[Line]:
    return [_line(sign, Content(one), indent) for one in lines]


def _line(sign: str, text: Content, indent: int) -> Line:
    style = {"-": "$bad", "+": "$good"}.get(sign, "$quiet")
    return Line(text.stylize_before(style), _gutter(sign, style, indent), indent + INDENT)


@lru_cache(maxsize=32)
def _gutter(sign: str, style: str, indent: int) -> Content:
    """Made once, not once a line: of 3,000 lines it takes most of the time."""
    return Content(" " * indent) + Content.styled(sign, f"bold {style}")


def _capped(before: str | None, after: str | None, indent: int) -> list[Line]:
    longest = max(len(before or ""), len(after or ""))
    if longest <= CAP:
        return []
    words = f"… {longest - CAP:,} more characters are not compared on this screen"
    return [Line(Content.styled(words, "$needs"), indent=indent)]
