"""Checks to suggest for a draft: what came back and should not come back again, as a rule of code.

Suggestions only: who tries them keeps those that the bad output fails and a good one passes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labeltool.model.case import Check
from labeltool.redact.placeholders import PLACEHOLDER

ENDS = "[.!?\u2026\u3002\uff01\uff1f\"'\u201d\u2019\u00bb)\\]}*`|>]\\s*\\Z"
"""How a text ends that was not cut off."""
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019.,:/@_&=?%+-]+[^\W_]+)*%?")
_PARTS = re.compile(r"[.!?;:\u2026\n\u3002]")
_REFUSALS = (
    re.compile(r"(?i)\b(?:cannot|can['\u2019]t|unable to|not able to) \w+"),
    re.compile(r"(?i)\b(?:i['\u2019]m|i am) sorry\b|\bas an ai\b"),
)
_FIGURE = re.compile(
    r"\d(?:[\w.,:/%-]*[\w%])?(?:\s+(?:to|or|bis|oder|[-\u2013])\s+\d(?:[\w.,%]*[\w%])?)?(?:\s+[^\W\d_]+)?"
)
"""A figure, or two with a word between them, and what it counts."""
_LEAD_WORDS = "is are was were be been being am have has had will would should could not no never"
_LEADS = frozenset(_LEAD_WORDS.split())
"""Words before a single new one that make it tell more: `has been issued`."""
_WEAK_WORDS = (
    "a an the this that these those it its is are was were be been being am do does did done have "
    "has had will would shall should can could may might must of to in on at by for from with as "
    "and or but so if then than there here i you he she we they me him her us them my your his our "
    "their who which what when where how all any some more most very just also not no never"
)
_WEAK = frozenset(_WEAK_WORDS.split())
_LONGEST = 5
"""Words of a phrase: longer ones are said in other words the next time."""
_LED = 0.75
"""What such a word adds: a claim tells more than the name of a thing."""
_MOST_PHRASES = 3
_TELLING = 1.25
"""What a phrase weighs at least: a short common word by itself tells nothing."""
_SHORT_ANSWER = (4, 40)
"""Words and characters up to which an answer can be asked for as it stands."""
_TOO_LONG = 2.0
"""So many times as long as what is expected is a fault of its own."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`about`: what it rests on, in a few words. `sure`: fit to be taken unless a person says
    otherwise; others are offered only.
    """

    check: Check
    about: str
    sure: bool = True


def suggestions(
    bad: str, acceptable: Sequence[str], given: str, *, why: str = ""
) -> Iterator[Suggestion]:
    """The likeliest first. `given`: what the system was asked and shown. `why`: why it was
    nominated, in the words of a rule.
    """
    if not bad.strip():
        yield Suggestion(Check(kind="min_words", value=1), "nothing came back")
        return
    if "no JSON" in why or any(map(_is_document, acceptable)):
        yield Suggestion(Check(kind="json_valid"), "it is no JSON")
        return
    if "cut off" in why:
        yield Suggestion(Check(kind="regex", value=ENDS, id="ends"), "it was cut off")
    refusal = next(filter(None, (one.search(bad) for one in _REFUSALS)), None)
    if refusal is not None:
        check = Check(kind="not_contains", value=refusal[0])
        yield Suggestion(check, "it declines to answer", sure=bool(acceptable))
    if len(acceptable) == 1 and _is_short(acceptable[0]):
        check = Check(kind="contains", value=_bare(acceptable[0]))
        yield Suggestion(check, "the expected answer, as it stands")
    for phrase in _phrases(bad, "\n".join((*acceptable, given))):
        check = Check(kind="not_contains", value=phrase)
        yield Suggestion(check, "neither asked nor expected", sure=bool(acceptable))
    yield from _figures(bad, acceptable)
    yield from _length(bad, acceptable)


def _is_document(text: str) -> bool:
    """Whether a text is a JSON object or list."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_short(answer: str) -> bool:
    words, characters = _SHORT_ANSWER
    bare = _bare(answer)
    return 0 < len(bare) <= characters and len(bare.split()) <= words and "\n" not in bare


def _bare(answer: str) -> str:
    return answer.strip().rstrip(".!\u3002\uff01")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    new: bool
    """Whether neither the input nor an expected answer has it."""


def _phrases(bad: str, known: str) -> list[str]:
    """Runs of words that nobody asked for, the most telling first, as they stand in `bad`."""
    there = {match[0].casefold() for match in _TOKEN.finditer(_without_placeholders(known))}
    clean = _without_placeholders(bad[:20_000])
    found: list[tuple[float, int, str]] = []
    start = 0
    for end in [match.start() for match in _PARTS.finditer(clean) if _parts_here(clean, match)]:
        found += _runs(bad, _tokens(clean, start, end, there))
        start = end + 1
    found += _runs(bad, _tokens(clean, start, len(clean), there))
    best = sorted(found, key=lambda one: (-one[0], one[1]))
    telling = (text for weight, _, text in best if weight >= _TELLING)
    return list(dict.fromkeys(telling))[:_MOST_PHRASES]


def _parts_here(text: str, match: re.Match[str]) -> bool:
    """Whether a mark ends a part: the dot of 3.5 and the colon of a link do not."""
    return match[0] == "\n" or not text[match.end() : match.end() + 1].strip()


def _tokens(text: str, start: int, end: int, known: set[str]) -> list[_Token]:
    return [
        _Token(
            one.start(),
            one.end(),
            one[0],
            one[0].casefold() not in known and one[0].casefold() not in _WEAK,
        )
        for one in _TOKEN.finditer(text, start, end)
    ]


def _runs(bad: str, tokens: list[_Token]) -> Iterator[tuple[float, int, str]]:
    """(how telling, where, text) of each run of new words with at most one other between two."""
    at = 0
    while at < len(tokens):
        if not tokens[at].new:
            at += 1
            continue
        last = at
        for nxt in range(at + 1, min(len(tokens), at + _LONGEST)):
            if tokens[nxt].new:
                last = nxt
            elif nxt - last > 1:
                break
        first, end = at, last
        if at == last and tokens[at].text.isdigit():
            end = min(last + 1, len(tokens) - 1)  # 30 days, rather than 30
        elif last - at < 2:
            while first > 0 and at - first < 2 and tokens[first - 1].text.casefold() in _LEADS:
                first -= 1
        run = tokens[first : end + 1]
        weight = sum(_weight(one) for one in run if one.new) + (_LED if first < at else 0)
        yield weight, run[0].start, bad[run[0].start : run[-1].end]
        at = last + 1


def _weight(token: _Token) -> float:
    if any(char.isdigit() for char in token.text):
        return 3.0
    if "@" in token.text or "/" in token.text:
        return 3.0
    return (1.5 if token.text[0].isupper() else 1.0) + min(len(token.text), 12) / 24


def _figures(bad: str, acceptable: Sequence[str]) -> Iterator[Suggestion]:
    """Figures that every expected answer has and the bad one has not."""
    if not acceptable:
        return
    for match in _FIGURE.finditer(_without_placeholders(acceptable[0])):
        figure = match[0]
        if all(figure in one for one in acceptable) and figure not in bad:
            yield Suggestion(Check(kind="contains", value=figure), "expected, and missing")
            return


def _length(bad: str, acceptable: Sequence[str]) -> Iterator[Suggestion]:
    words = max((len(one.split()) for one in acceptable), default=0)
    if words >= 3 and len(bad.split()) >= _TOO_LONG * words:
        most = -(-words * 3 // 2 // 5) * 5
        check = Check(kind="max_words", value=most)
        yield Suggestion(check, f"what is expected has {words} words", sure=False)


def _without_placeholders(text: str) -> str:
    return PLACEHOLDER.sub(lambda match: " " * len(match[0]), text)
