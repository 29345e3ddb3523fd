"""BERT's uncased word pieces: the tokens that the embedded model has vectors for.

Follows the tokenizer published with BERT (Devlin and others, 2019): clean, part CJK characters,
strip accents (NFD), lower case, part punctuation, then the longest known pieces from the left.
A word that cannot be pieced together has no tokens here, where BERT gives `[UNK]`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_REMOVED = ("Cc", "Cf", "Co", "Cs")
MAX_WORD = 100
CACHED_WORDS = 50_000
_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Tokenizer over `vocabulary`: a piece's id is its place in it."""

    def __init__(self, vocabulary: Sequence[str]):
        self._ids = {piece: id for id, piece in enumerate(vocabulary)}
        self._longest = max(map(len, vocabulary), default=0)
        self._characters = _Characters()
        self._words: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str) -> list[int]:
        """Ids of the pieces of `text`, in order."""
        found: list[int] = []
        known = self._words
        for word in text.translate(self._characters).split():
            pieces = known.get(word)
            found += self._learn(word) if pieces is None else pieces
        return found

    def _learn(self, word: str) -> tuple[int, ...]:
        if len(self._words) >= CACHED_WORDS:
            self._words.clear()
        pieces = self._words[word] = self._pieces(word)
        return pieces

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD:
            return ()
        pieces: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                id = self._ids.get(prefix + word[start:end])
                if id is not None:
                    break
            else:
                return ()
            pieces.append(id)
            start = end
        return tuple(pieces)


class _Characters(dict[int, str]):
    """What each character becomes before words are parted at spaces; worked out once each."""

    def __missing__(self, code: int) -> str:
        made = self[code] = _normal(chr(code))
        return made


def _normal(character: str) -> str:
    if character in "\t\n\r" or unicodedata.category(character).startswith("Z"):
        return " "
    if character == "\ufffd" or unicodedata.category(character) in _REMOVED:
        return ""
    if _is_cjk(ord(character)):
        return f" {unicodedata.normalize('NFD', character)} "
    plain = (c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    lowered = "".join(c.lower() for c in plain)
    return "".join(f" {c} " if _is_punctuation(c) else c for c in lowered)


def _is_cjk(code: int) -> bool:
    return any(low <= code <= high for low, high in _CJK)


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")
