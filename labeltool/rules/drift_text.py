"""Texts as drift looks at them: what was asked, in which language, in which words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log

from labeltool.model.case import Message

LONGEST = 4_000
"""So many characters of an input are looked at."""
_LOOKED_AT = 200

_STOP_WORDS: dict[str, str] = {
    "en": "the and is are was were you your my i it this that to of in for on with have has do "
    "does did can could not what how why when where which would should please from but if be me we "
    "they there an a or as at by been am any will just get got so after about",
    "de": "der die das und ist sind war ich du sie wir ihr mein meine nicht ein eine einen zu mit "
    "von auf im den dem des wie was warum wann wo kann habe hat bitte aus aber wenn für es noch",
    "fr": "le la les et est sont je tu il elle nous vous mon ma mes ne pas un une des du de à au "
    "aux en que qui quoi comment pourquoi quand où avec pour sur dans ce cette j'ai c'est plus",
    "es": "el la los las y es son yo tú usted mi mis no un una de del al en que qué cómo por para "
    "con cuando dónde está he ha me se lo su pero si más muy",
    "it": "il lo la gli le e è sono io tu lei noi mio mia non un una di del della al in che come "
    "perché quando dove con per su ho ha mi si ma se più",
    "pt": "o os as e é são eu você meu minha não um uma de do da dos das em no na que como por "
    "para com quando onde está tem me se mas mais muito",
    "nl": "de het een en is zijn ik jij je u wij mijn niet van op in te met voor dat die hoe wat "
    "waarom wanneer waar kan heb heeft maar als er nog",
}
_LANGUAGES: dict[str, list[str]] = {}
for _name, _words in _STOP_WORDS.items():
    for _word in _words.split():
        _LANGUAGES.setdefault(_word, []).append(_name)
_SCRIPTS = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("CYRILLIC", "ru"),
    ("ARABIC", "ar"),
    ("HEBREW", "he"),
    ("GREEK", "el"),
    ("DEVANAGARI", "hi"),
    ("THAI", "th"),
)
_TOKEN = re.compile(r"[^\W\d_][\w'\u2019]*", re.UNICODE)
_BARE = re.compile(r"\w+(?:['\u2019]\w+)?")
_PLACEHOLDER = re.compile(r"\[[A-Z_]+_[0-9a-f]{4}\]")


def asked(input: str | Sequence[Message]) -> str:
    """What the user said: the text, or the user's messages without those of system and app."""
    if isinstance(input, str):
        return input[:LONGEST]
    said = [one.content for one in input if one.role == "user" and one.content]
    return "\n".join(said or [one.content for one in input if one.content])[:LONGEST]


def language(text: str) -> str | None:
    """The language of a text by its script or its commonest words, None where they do not tell.

    Scripts that several languages share (Cyrillic, Arabic) get the name of one: it says that
    something changed, not what exactly.
    """
    head = text[:_LOOKED_AT]
    if not head.isascii():
        script = _script(head)
        if script is not None:
            return script
    words = _BARE.findall(head.lower())
    counts: Counter[str] = Counter()
    for word in words:
        if word in _LANGUAGES:
            counts.update(_LANGUAGES[word])
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < max(2, len(words) / 8):
        return None
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return None
    return ranked[0][0]


def _script(text: str) -> str | None:
    counts = Counter(map(_script_of, text))
    counts.pop(None, None)
    if not counts:
        return None
    letters = sum(char.isalpha() for char in text)
    if counts["ja"]:  # Chinese characters beside kana are Japanese
        counts["ja"] += counts.pop("zh", 0)
    name, count = counts.most_common(1)[0]
    return name if count * 3 >= letters else None


@lru_cache(maxsize=8_192)
def _script_of(character: str) -> str | None:
    if character.isascii() or not character.isalpha():
        return None
    full = unicodedata.name(character, "")
    return next((name for script, name in _SCRIPTS if full.startswith(script)), None)


def tokens(text: str) -> set[str]:
    """The words of a text that may tell of something: no stop words, no numbers, no placeholders;
    of scripts without spaces, pairs of characters.
    """
    plain = unicodedata.normalize("NFKC", _PLACEHOLDER.sub(" ", text[:LONGEST])).casefold()
    found: set[str] = set()
    for word in _TOKEN.findall(plain):
        if _script_of(word[0]) in ("ja", "zh", "th"):
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif 2 < len(word) <= 40:
            bare = word.replace("\u2019", "'").partition("'")[0]
            if len(bare) > 2 and bare not in _LANGUAGES:
                found.add(bare)
    return found


class Words:
    """In how many texts each word stands; what tells one part of them from all of them."""

    def __init__(self, texts: Iterable[str] = ()):
        self.counts: Counter[str] = Counter()
        self.n = 0
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        self.counts.update(tokens(text))
        self.n += 1


def telling(part: Words, rest: Words, most: int = 8) -> list[str]:
    """The words of `part` that tell it from `rest`, the most telling first.

    A word must stand in two texts at least and a tenth of them: what one person alone said (a name,
    an order) is no topic. Weighed like class-based tf-idf (Grootendorst 2022, arXiv:2203.05794),
    by texts in place of occurrences.
    """
    least = max(2, part.n // 10)
    scores: dict[str, float] = {}
    for word, count in part.counts.items():
        if count >= least:
            elsewhere = rest.counts[word] / max(1, rest.n)
            share = count / part.n
            scores[word] = share * log(1 + share / (elsewhere + 1 / (rest.n + 10)))
    ranked = sorted(scores, key=lambda word: (-scores[word], word))
    return _one_form(ranked)[:most]


def _one_form(words: Sequence[str]) -> list[str]:
    """Without the plurals of what stands before them."""
    kept: list[str] = []
    for word in words:
        if not any(
            word in (one + "s", one + "es") or one in (word + "s", word + "es") for one in kept
        ):
            kept.append(word)
    return kept


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """How far two lists of telling words agree: the words of both of all, 0..1."""
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def slug(words: Sequence[str], taken: Mapping[str, object] | set[str], fallback: str) -> str:
    """An id of a cluster from its first words, other than those taken."""
    plain = [re.sub(r"[^a-z0-9]+", "", _ascii(word)) for word in words]
    base = "-".join([word for word in plain if word][:3])[:60] or fallback
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _ascii(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
