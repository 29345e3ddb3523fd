"""Which terms of one text another text lacks: by stem, by value, and for words by meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from labeltool.graders.reference.terms import Term

if TYPE_CHECKING:
    import numpy as np

    from labeltool.embed.embedder import Embedder, Vectors

REMEMBERED_WORDS = 20_000
# A number or a name says more than a word.
_WEIGHT = {"word": 1.0, "number": 2.0, "name": 2.0}
# From this many digits on, a number is taken for an id that may lose its letters: AX-20418, 20418.
_ID_DIGITS = 4


def weight(found: Iterable[Term]) -> float:
    return sum(_WEIGHT[term.kind] for term in found)


def distinct(found: Iterable[Term]) -> list[Term]:
    """The first term of each key."""
    first: dict[str, Term] = {}
    for term in found:
        first.setdefault(term.key, term)
    return list(first.values())


class Matcher:
    """Compares terms; remembers the vectors of words, for a run meets the same ones again."""

    def __init__(self, embedder: Embedder):
        self._embedder = embedder
        self._known: dict[str, np.ndarray[Any, np.dtype[np.float32]]] = {}

    def without(self, facts: list[Term], among: list[Term], cosine: float) -> list[Term]:
        """Those of `facts` that `among` lacks. Words match from `cosine` on; numbers never do."""
        others = distinct(among)
        keys = {term.key for term in others}
        ids = {_digits(term.key) for term in others if term.kind == "number"}
        left = [fact for fact in facts if fact.key not in keys and not _is_id_of(fact, ids)]
        words = [fact for fact in left if fact.kind == "word" and _is_latin(fact)]
        near = self._closest(words, [t for t in others if t.kind != "number" and _is_latin(t)])
        meant = {fact.key for fact, best in zip(words, near, strict=True) if best >= cosine}
        return [fact for fact in left if fact.key not in meant]

    def _closest(self, words: Sequence[Term], among: Sequence[Term]) -> list[float]:
        """For each of `words` the highest cosine to any of `among`; 0 where there is none."""
        if not words or not among:
            return [0.0] * len(words)
        return [float(best) for best in (self._of(words) @ self._of(among).T).max(axis=1)]

    def _of(self, found: Sequence[Term]) -> Vectors:
        import numpy as np

        words = [term.shown.casefold() for term in found]
        known = self._known
        if len(known) > REMEMBERED_WORDS:
            known = self._known = {}
        new = [word for word in dict.fromkeys(words) if word not in known]
        known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([known[word] for word in words])


def _is_id_of(fact: Term, ids: set[str]) -> bool:
    digits = _digits(fact.key) if fact.kind == "number" else ""
    return len(digits) >= _ID_DIGITS and digits in ids


def _is_latin(term: Term) -> bool:
    """The embedded model knows other scripts by their characters only, which mean nothing."""
    return term.key.isascii() or _all_latin(term.key)


@lru_cache(maxsize=50_000)
def _all_latin(key: str) -> bool:
    return all(c.isascii() or unicodedata.name(c, "").startswith("LATIN") for c in key)


def _digits(key: str) -> str:
    return "".join(character for character in key if character.isdigit())
