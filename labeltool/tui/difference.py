"""Two texts as one: what went under `-`, what came under `+`, the words that differ underlined."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from textual.content import Content

from labeltool.rules.alike import MOST_PAIRS, likeness, stretches
from labeltool.safe_text import visible
from labeltool.tui.widgets.text import CAP, Line

INDENT = 2
CONTEXT = 1
"""Lines that are the same and stand around a difference."""
MOST_LINES, MOST_WORDS = 1000, 1500
"""Above these the search for what is alike would take too long: then all of it differs."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def difference(before: str | None, after: str | None, indent: int = 0) -> list[Line]:
    """Lines of both texts, capped, made safe. None: there is no such text."""
    was, now = _lines(before), _lines(after)
    if max(len(was), len(now)) > MOST_LINES:
        return [*_signed("-", was, indent), *_signed("+", now, indent)]
    found: list[Line] = []
    runs = stretches(was, now)
    most_pairs = MOST_PAIRS // max(1, sum(not run.same for run in runs))
    for same, a, b, c, d in runs:
        if same:
            found += _around(was[a:b], indent, first=a == 0, last=b == len(was))
        else:
            gone, come = _words("\n".join(was[a:b]), "\n".join(now[c:d]), most_pairs)
            found += _signed("-", gone.split("\n", allow_blank=True) if b > a else (), indent)
            found += _signed("+", come.split("\n", allow_blank=True) if d > c else (), indent)
    return [*found, *_capped(before, after, indent)]


def _lines(text: str | None) -> list[str]:
    return [] if text is None else visible(text[:CAP]).rstrip("\n").split("\n")


def _around(same: list[str], indent: int, *, first: bool, last: bool) -> list[Line]:
    """The ends of a stretch that did not change, where it borders on a difference."""
    head = [] if first else same[:CONTEXT]
    tail = [] if last else same[len(same) - CONTEXT :]
    left_out = len(same) - len(head) - len(tail)
    if left_out <= 1:  # to say that it is left out would take as much room
        return _signed(" ", same, indent)
    gap = Line(Content.styled(f"… {left_out} the same", "$quiet"), indent=indent + INDENT)
    return [*_signed(" ", head, indent), gap, *_signed(" ", tail, indent)]


def _words(was: str, now: str, most_pairs: int) -> tuple[Content, Content]:
    """Both texts with the words that only one of them has underlined."""
    a, b = _WORDS.findall(was), _WORDS.findall(now)
    if not a or not b or max(len(a), len(b)) > MOST_WORDS:
        return Content(was), Content(now)
    found = stretches(a, b, most_pairs)
    if likeness(found) < 0.3:  # two different texts: underlining nearly all of both helps nobody
        return Content(was), Content(now)
    gone, come = [], []
    for same, i, j, k, m in found:
        gone += _marked("".join(a[i:j]), differs=not same)
        come += _marked("".join(b[k:m]), differs=not same)
    return Content.assemble(*gone), Content.assemble(*come)


def _marked(text: str, *, differs: bool) -> list[tuple[str, str]]:
    """The words underlined, not the blanks around them."""
    word = text.strip()
    if not differs or not word:
        return [(text, "")]
    start = text.index(word)
    end = start + len(word)
    return [(text[:start], ""), (word, "bold underline"), (text[end:], "")]


def _signed(sign: str, lines: Iterable[str | Content], indent: int) -> list[Line]:
    style = {"-": "$bad", "+": "$good"}.get(sign, "$quiet")
    gutter = Content(" " * indent) + Content.styled(sign, f"bold {style}")

    @cache  # a text of many lines says some of them again and again
    def plain(text: str) -> Line:
        return Line(Content.styled(text, style), gutter, indent + INDENT)

    def line(text: str | Content) -> Line:
        if isinstance(text, str) or not text.spans:
            return plain(text if isinstance(text, str) else text.plain)
        return Line(text.stylize_before(style), gutter, indent + INDENT)

    return [line(one) for one in lines]


def _capped(before: str | None, after: str | None, indent: int) -> list[Line]:
    longest = max(len(before or ""), len(after or ""))
    if longest <= CAP:
        return []
    words = f"… {longest - CAP:,} more characters are not compared on this screen"
    return [Line(Content.styled(words, "$needs"), indent=indent)]
