"""Typos, letters that only look the same, shouting: the same request, written otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

from labeltool.model.case import Case
from labeltool.rules.adversarial.change import (
    Change,
    NotHereError,
    asked,
    common_words,
    replaced,
    with_asked,
)

_ONE_IN = 6
_MOST = 12
_SHORTEST = 4
_KEPT_WORDS = (
    "never none without cannot nothing neither only except unless "
    "nicht kein keine ohne nunca jamais"
)
_KEPT = frozenset(_KEPT_WORDS.split())
"""A slip in one of these could turn the request round."""
_BESIDE = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip
"""Keys side by side on a keyboard."""
_LOOKS = str.maketrans("aceopxyiACEHKMOPTX", "асеорхуіАСЕНКМОРТХ")
"""Latin letters and the Cyrillic ones that look like them."""
_ZERO_WIDTH = ("\u200b", "\u2060", "\u00ad")


def typos(case: Case, random: Random) -> Change:
    """One word in six mistyped, never a name, a number, an address, code or a negation."""
    text = asked(case.input)
    known = {text[start:end].casefold() for start, end in common_words(text, 1)}
    places = [
        span for span in common_words(text, _SHORTEST) if text[slice(*span)].casefold() not in _KEPT
    ]
    if not places:
        raise NotHereError("no word of it can be mistyped without losing a fact")
    count = min(_MOST, max(1, len(places) // _ONE_IN))
    changes = {
        span: _slip(text[slice(*span)], known, random) for span in random.sample(places, count)
    }
    about = "1 word mistyped" if count == 1 else f"{count} words mistyped"
    return Change(with_asked(case.input, replaced(text, changes)), about)


def _slip(word: str, known: set[str], random: Random) -> str:
    """`word` mistyped into what is no other word of the text."""
    slips = [_swapped, _dropped, _doubled, _beside]
    random.shuffle(slips)
    places = list(range(1, len(word) - 1))
    random.shuffle(places)
    for slip in slips:
        for place in places:
            found = slip(word, place, random)
            if found != word and found.casefold() not in known:
                return found
    return word + word[-1]


def _swapped(word: str, place: int, random: Random) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _dropped(word: str, place: int, random: Random) -> str:
    return word[:place] + word[place + 1 :]


def _doubled(word: str, place: int, random: Random) -> str:
    return word[:place] + word[place] + word[place:]


def _beside(word: str, place: int, random: Random) -> str:
    near = _BESIDE.get(word[place])
    return word[:place] + random.choice(near) + word[place + 1 :] if near else word


def unicode(case: Case, random: Random) -> Change:
    """The same words in other characters, as copying from a page, a PDF or a phone brings them."""
    text = asked(case.input)
    ways = [_look_alike, _zero_width, _full_width, _spaces, _decomposed]
    random.shuffle(ways)
    for way in ways:
        changed, about = way(text, random)
        if changed != text:
            return Change(with_asked(case.input, changed), about)
    raise NotHereError("none of its characters has another form")


def _in_words(text: str, random: Random, change: Callable[[str], str]) -> str:
    places = common_words(text, _SHORTEST)
    chosen = random.sample(places, max(1, len(places) // 2)) if places else []
    return replaced(text, {span: change(text[slice(*span)]) for span in chosen})


def _look_alike(text: str, random: Random) -> tuple[str, str]:
    changed = _in_words(text, random, lambda word: word.translate(_LOOKS))
    return changed, "letters of another alphabet that look the same"


def _zero_width(text: str, random: Random) -> tuple[str, str]:
    mark = random.choice(_ZERO_WIDTH)
    changed = _in_words(text, random, lambda word: f"{word[:2]}{mark}{word[2:]}")
    return changed, f"invisible characters inside words (U+{ord(mark):04X})"


def _full_width(text: str, random: Random) -> tuple[str, str]:
    def wide(word: str) -> str:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)

    return _in_words(text, random, wide), "full-width letters"


def _spaces(text: str, random: Random) -> tuple[str, str]:
    curly = text.replace("'", "\u2019").replace(" - ", " \u2014 ").replace("...", "\u2026")
    changed = "".join(
        random.choice(("\u00a0", "\u2009", "\u202f")) if c == " " and random.random() < 0.5 else c
        for c in curly
    )
    return changed, "spaces, dashes and quote marks of a typesetter"


def _decomposed(text: str, random: Random) -> tuple[str, str]:
    return unicodedata.normalize("NFD", text), "accents apart from their letters"


def casing(case: Case, random: Random) -> Change:
    """Shouted, or without capitals and punctuation; names, numbers and addresses stay."""
    text = asked(case.input)
    places = common_words(text, 1)
    if not places:
        raise NotHereError("it has no upper and lower case")
    if random.random() < 0.5:
        changed, about = {span: text[slice(*span)].upper() for span in places}, "shouted"
        new = replaced(text, changed)
    else:
        changed = {span: text[slice(*span)].lower() for span in places}
        new = replaced(text, changed).replace(", ", " ").rstrip(".!?")
        about = "without capitals and punctuation"
    if new == text:
        raise NotHereError("it is written so already")
    return Change(with_asked(case.input, new), about)
