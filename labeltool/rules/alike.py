"""What two sequences of words or lines have in common, found within a bound of work."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

H = TypeVar("H", bound=Hashable)

MOST_PAIRS = 150_000
"""Equal pairs that difflib may look at: some hundredths of a second. Prose of 1,000 words has
about 50,000; texts that repeat themselves have no end of them."""


class Stretch(NamedTuple):
    """`first[a:b]` beside `second[c:d]`: the same throughout, or all of it a difference."""

    same: bool
    a: int
    b: int
    c: int
    d: int


def stretches(
    first: Sequence[H], second: Sequence[H], most_pairs: int = MOST_PAIRS
) -> list[Stretch]:
    """Both sequences, whole and in order; what is the same and what is not take turns.

    difflib's longest runs read best. Where they would take too long, the longest common
    subsequence stands in (rapidfuzz, bit-parallel: its time does not depend on the words).
    """
    head = _alike(first, second)
    tail = _alike(first[head:][::-1], second[head:][::-1])
    end, stop = len(first) - tail, len(second) - tail
    mine, theirs = first[head:end], second[head:stop]
    blocks: Sequence[tuple[int, int, int]]
    try:
        blocks = _Bounded(mine, theirs, most_pairs).get_matching_blocks()
    except _TooLong:
        blocks = list(_subsequence(mine, theirs))
    runs = [(0, 0, head), *((head + a, head + c, size) for a, c, size in blocks)]
    return list(_between([*runs, (end, stop, tail)]))


def likeness(found: Sequence[Stretch]) -> float:
    """The share of both sequences that is the same, 0..1; 1 for two empty ones."""
    if not found:
        return 1.0
    same = sum(one.b - one.a for one in found if one.same)
    return 2 * same / (found[-1].b + found[-1].d)


def _alike(first: Sequence[H], second: Sequence[H]) -> int:
    """How many at the beginning are the same."""
    least = min(len(first), len(second))
    return next((at for at in range(least) if first[at] != second[at]), least)


def _between(runs: Sequence[tuple[int, int, int]]) -> Iterator[Stretch]:
    """Stretches from runs (a, c, size) in order; runs that touch are one."""
    a = c = size = 0
    for start, other, length in runs:
        if (start, other) != (a + size, c + size):
            if size:
                yield Stretch(True, a, a + size, c, c + size)
            yield Stretch(False, a + size, start, c + size, other)
            a, c, size = start, other, 0
        size += length
    if size:
        yield Stretch(True, a, a + size, c, c + size)


class _TooLong(Exception):
    pass


class _Bounded(difflib.SequenceMatcher[H]):
    """Stops before it has looked at more than `most_pairs` pairs of equal elements."""

    def __init__(self, first: Sequence[H], second: Sequence[H], most_pairs: int):
        super().__init__(None, first, second, autojunk=False)
        counts = Counter(second)
        pairs = (counts[one] for one in first)
        self._upto = list(accumulate(pairs, initial=0))
        self._left = most_pairs

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> difflib.Match:
        end = len(self._upto) - 1 if ahi is None else ahi
        self._left -= self._upto[end] - self._upto[alo]
        if self._left < 0:
            raise _TooLong
        return super().find_longest_match(alo, ahi, blo, bhi)


def _subsequence(first: Sequence[H], second: Sequence[H]) -> Iterator[tuple[int, int, int]]:
    from rapidfuzz.distance import Indel

    numbers: dict[H, int] = {}  # numbers are compared exactly where words would be by a hash
    mine = [numbers.setdefault(one, len(numbers)) for one in first]
    theirs = [numbers.setdefault(one, len(numbers)) for one in second]
    for op in Indel.opcodes(mine, theirs):
        if op.tag == "equal":
            yield op.src_start, op.dest_start, op.src_end - op.src_start
