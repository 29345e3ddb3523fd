"""Which texts may be near one another, found without comparing each with each: MinHash.

One-permutation hashing with rotation (Li, Owen, Zhang 2012; Shrivastava, Li 2014): one pass over a
text's shingles fills `BINS` minima; texts that agree on a band of them are candidates.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

BINS = 64
BAND = 3
"""With 21 bands of 3, texts with a Jaccard similarity of 0.8 meet with probability 0.9999996, of
0.5 with 0.94, of 0.2 with 0.16."""

_WORD = re.compile(r"\w+")
_MOST_WORDS = 4_000
_EMPTY = 1 << 32


@dataclass
class Sketches:
    """Candidates by number, in the order they were added."""

    _bands: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    _count: int = 0

    def add(self, text: str) -> None:
        for key in _keys(text):
            self._bands[key].append(self._count)
        self._count += 1

    def candidates(self, text: str, most: int = 2_000) -> list[int]:
        """Numbers of texts that share a band with `text`, those that share most of them first."""
        votes: dict[int, int] = defaultdict(int)
        for key in _keys(text):
            for number in self._bands.get(key, ()):
                votes[number] += 1
        return sorted(votes, key=lambda number: (-votes[number], number))[:most]


def _keys(text: str) -> Iterable[tuple[int, int]]:
    minima = _minima(text)
    for start in range(0, BINS - BAND + 1, BAND):
        yield start, hash(tuple(minima[start : start + BAND]))


def _minima(text: str) -> list[int]:
    minima = [_EMPTY] * BINS
    words = _WORD.findall(text.casefold())[:_MOST_WORDS]
    for one, two in pairwise([*words, ""]):
        mixed = zlib.crc32(f"{one} {two}".encode("utf-8", "surrogatepass"))
        place, rest = mixed % BINS, mixed // BINS
        minima[place] = min(minima[place], rest)
    return _filled(minima)


def _filled(minima: list[int]) -> list[int]:
    """An empty bin takes the next full one's minimum, with how far away that is mixed in."""
    if all(one == _EMPTY for one in minima):
        return minima
    filled = []
    for place in range(BINS):
        step = 0
        while minima[(place + step) % BINS] == _EMPTY:
            step += 1
        filled.append(minima[(place + step) % BINS] + step * _EMPTY)
    return filled
