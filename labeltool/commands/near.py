"""What stands in the dataset already, near to a text: exactly, nearly word by word, or in meaning.

Only words decide that two inputs are one. Meaning suggests: no embedding tells near opposites
apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from labeltool.rules.sketch import Sketches

if TYPE_CHECKING:
    from labeltool.embed import Embedder
    from labeltool.embed.embedder import Vectors

How = Literal["exact", "fuzzy", "embedding"]

DUPLICATE = 0.93
"""Inputs at least this alike, word by word, are one: a typo, a greeting more, another order id."""
SUGGESTED = 0.5
MEANT = 0.65
"""Under these a case is not worth a look: by words, and by the embedded model's cosine."""
COMPARED = 10_000
"""So many texts are compared one by one; above that, candidates only."""
_SHORTEST = 24
_LONGEST = 20_000
_AT_ONCE = 2_000
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|without|cannot|nicht|kein\w*|nie|ohne|ne|pas|jamais|sans|nunca|sin)\b"
    r"|n['\u2019]t\b"
)


class Near(NamedTuple):
    """A case (or draft) that is near: similarity 0..1, and by what measure."""

    case: str
    similarity: float
    how: How


class Inputs(Protocol):
    """A case or a draft."""

    @property
    def id(self) -> str: ...
    @property
    def input_text(self) -> str: ...


def nearest(
    text: str, cases: Iterable[Inputs], k: int = 3, *, embedder: Embedder | None = None
) -> list[Near]:
    """The `k` nearest cases, the nearest first. Many texts: make one `NearIndex` of the cases."""
    index = NearIndex(embedder)
    for case in cases:
        index.add(case.id, case.input_text)
    return index.nearest(text, k)


def embedder() -> Embedder:
    """The embedded model."""
    from labeltool.embed import embedded

    return embedded()


@dataclass
class NearIndex:
    """Texts with their ids. Without an embedder only words are compared."""

    embedder: Embedder | None = None
    _ids: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _exact: dict[str, int] = field(default_factory=dict)
    _sketches: Sketches | None = None
    _vectors: Vectors | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, id: str, text: str) -> None:
        plain = normal(text)
        self._exact.setdefault(plain, len(self._ids))
        self._ids.append(id)
        self._texts.append(plain)
        self._vectors = None
        if self._sketches is not None:
            self._sketches.add(plain)

    def duplicate(self, text: str) -> Near | None:
        """What says the same as `text` by its words, None where nothing does.

        Short texts are the same only exactly, and a negation more or less makes another text.
        """
        plain = normal(text)
        if plain in self._exact:
            return Near(self._ids[self._exact[plain]], 1.0, "exact")
        if len(plain) < _SHORTEST:
            return None
        negations = _NEGATION.findall(plain)
        for number, similarity in self._fuzzy(plain, 5, DUPLICATE):
            if _NEGATION.findall(self._texts[number]) == negations:
                return Near(self._ids[number], similarity, "fuzzy")
        return None

    def nearest(self, text: str, k: int = 3) -> list[Near]:
        """The `k` nearest that are near enough to be worth a look, the nearest first; what is near
        in meaning only comes after what is near by its words.
        """
        plain = normal(text)
        found: dict[str, Near] = {}
        if plain in self._exact:
            id = self._ids[self._exact[plain]]
            found[id] = Near(id, 1.0, "exact")
        for number, similarity in self._fuzzy(plain, k, SUGGESTED):
            id = self._ids[number]
            found.setdefault(id, Near(id, similarity, "fuzzy"))
        if len(found) < k:
            for number, similarity in self._meant(plain, k):
                id = self._ids[number]
                found.setdefault(id, Near(id, similarity, "embedding"))
        return list(found.values())[:k]

    def _fuzzy(self, plain: str, k: int, cutoff: float) -> list[tuple[int, float]]:
        from rapidfuzz import fuzz, process

        pool = self._pool(plain)
        texts = self._texts if pool is None else [self._texts[number] for number in pool]
        found = process.extract(
            plain[:_LONGEST],
            texts,
            scorer=fuzz.ratio,
            processor=None,
            limit=k,
            score_cutoff=cutoff * 100,
        )
        return [
            (place if pool is None else pool[place], _rounded(score / 100))
            for _, score, place in found
        ]

    def _pool(self, plain: str) -> list[int] | None:
        """Numbers worth comparing; None for all."""
        if len(self._texts) <= COMPARED:
            return None
        if self._sketches is None:
            self._sketches = Sketches()
            for text in self._texts:
                self._sketches.add(text)
        return self._sketches.candidates(plain)

    def _meant(self, plain: str, k: int) -> list[tuple[int, float]]:
        if self.embedder is None or not self._texts:
            return []
        if self._vectors is None:
            self._vectors = self.embedder.embed([text[:_AT_ONCE] for text in self._texts])
        likeness = self._vectors @ self.embedder.embed([plain[:_AT_ONCE]])[0]
        order = (-likeness).argsort(kind="stable")[:k]
        return [
            (int(number), _rounded(float(likeness[number])))
            for number in order
            if likeness[number] >= MEANT
        ]


def normal(text: str) -> str:
    """`text` as it is compared: one Unicode form, one case, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold().split())


def _rounded(similarity: float) -> float:
    """Never 1 for what is not the same."""
    return min(round(similarity, 3), 0.999)
