"""Word by word, what an output says that the expected answer does not, and the other way round.

Signs carry the meaning, colours repeat it: `[-only expected-]` and `{+only output+}`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from textual.content import Content

from labeltool.rules.alike import likeness, stretches
from labeltool.safe_text import visible
from labeltool.tui.difference import difference
from labeltool.tui.widgets.text import CAP, Line

MOST_WORDS = 1000
"""Above these the search for what is alike would be felt: then whole lines are compared."""
LEAST_ALIKE = 0.25
"""Share of words in common under which marking single words would help nobody."""

_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PUNCTUATION = r".,;:!?()\[\]{}<>\"'“”‘’«»…/|、。，！？：；「」（）"
# Chinese and Japanese put no spaces between words; marks and joiners stay with what they belong to.
_WORD = re.compile(
    rf"([{_WIDE}]|[^\s{_WIDE}{_PUNCTUATION}]+|[{_PUNCTUATION}])(\s*)|(\s+)", re.UNICODE
)
_SIGNS = {"gone": ("[-", "-]", "$bad"), "new": ("{+", "+}", "$good")}


class Word(NamedTuple):
    text: str
    space: str


class Piece(NamedTuple):
    """A stretch of words. gone: only in the first text; new: only in the second.

    gap: the space behind it in the first text only.
    """

    kind: Literal["same", "gone", "new"]
    text: str
    gap: str = ""


class Marked(NamedTuple):
    """both: one text with both kinds of marks. before, after: each text with its own marks."""

    both: list[Line]
    before: list[Line]
    after: list[Line]
    same: bool


def nearest(text: str, answers: Sequence[str]) -> int:
    """Which answer shares most words with `text`; the first of equals."""
    mine = Counter(word.text for word in words(text[:CAP]))

    def alike(answer: str) -> float:
        theirs = Counter(word.text for word in words(answer[:CAP]))
        return (mine & theirs).total() / max(1, mine.total() + theirs.total())

    return max(range(len(answers)), key=lambda index: alike(answers[index]))


def words(text: str) -> list[Word]:
    return [Word(word, space or blank) for word, space, blank in _WORD.findall(text)]


def marked(before: str, after: str) -> Marked:
    """Both texts, made safe and capped, with the words marked that only one of them has.

    Spaces and line breaks alone are no difference.
    """
    was, now = visible(before[:CAP]), visible(after[:CAP])
    a, b = words(was.strip()), words(now.strip())
    same = [word.text for word in a] == [word.text for word in b] and before == before[:CAP]
    if max(len(a), len(b)) > MOST_WORDS:
        whole = difference(before, after)
        return Marked(whole, whole, whole, same)
    found = list(_pieces(a, b))
    both = _lines([p._replace(gap="") if p.kind == "gone" else p for p in found])
    first = _lines([p for p in found if p.kind != "new"])
    second = _lines([p._replace(gap="") for p in found if p.kind != "gone"])
    left_out = max(len(before), len(after)) - CAP
    if left_out > 0:
        note = Line(Content.styled(f"… {left_out:,} more characters are not compared", "$needs"))
        both, first, second = ([*lines, note] for lines in (both, first, second))
    return Marked(both, first, second, same)


def _pieces(a: Sequence[Word], b: Sequence[Word]) -> Iterator[Piece]:
    found = stretches([word.text for word in a], [word.text for word in b])
    if likeness(found) < LEAST_ALIKE:
        yield from _changed(a, b, apart=True)
        return
    gone: list[Word] = []
    new: list[Word] = []
    for same, i, j, k, m in found:
        # One word alone between two changes is chance: the change reads better whole.
        alone = same and j - i == 1 and i > 0 and j < len(a) and k > 0 and m < len(b)
        if same and not alone:
            yield from _changed(gone, new)
            gone, new = [], []
            yield Piece("same", _joined(b[k:m]), "" if b[m - 1].space else a[j - 1].space)
        else:
            gone += a[i:j]
            new += b[k:m]
    yield from _changed(gone, new)


def _changed(gone: Sequence[Word], new: Sequence[Word], *, apart: bool = False) -> Iterator[Piece]:
    if gone:
        text = _joined(gone)
        bare = text.rstrip()
        yield Piece("gone", bare + "\n" * apart, text[len(bare) :]) if new else Piece("gone", text)
    if new:
        yield Piece("new", _joined(new))


def _joined(some: Sequence[Word]) -> str:
    return "".join(word.text + word.space for word in some)


def _lines(pieces: Sequence[Piece]) -> list[Line]:
    """Pieces as lines; a mark that runs over lines is opened and closed on each of them."""
    parts: list[str | tuple[str, str]] = []
    for piece in pieces:
        if piece.kind == "same":
            parts.append(piece.text + piece.gap)
            continue
        opening, closing, style = _SIGNS[piece.kind]
        for part in re.split(r"(\n+)", piece.text):
            text = part.rstrip()
            if text:
                parts.append((f"{opening}{text}{closing}", f"bold {style}"))
            parts.append(part[len(text) :])
        parts.append(piece.gap)
    return [Line(line) for line in Content.assemble(*parts).split("\n", allow_blank=True)]
