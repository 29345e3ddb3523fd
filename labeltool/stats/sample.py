"""A uniform sample of a stream, of bounded size, that two halves of the stream can be joined to."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def draw(text: str, seed: int) -> int:
    """A number of 64 bits that only `text` and `seed` decide; the same on every machine."""
    key = seed.to_bytes(8, "big", signed=True)
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=key).digest(), "big")


class Sample(Generic[T]):
    """The `size` items of the smallest draws: whoever reads which part of the stream, the sample is
    the same. Items of equal draws (copies) stay in the order in which they came.

    Source: bottom-k sampling, Cohen and Kaplan (2007), PODC, "Summarizing data using bottom-k
    sketches".
    """

    def __init__(self, size: int):
        self._size = size
        self._heap: list[tuple[int, int, T]] = []
        self.seen = 0

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, drawn: int, make: Callable[[], T]) -> None:
        """`make` is called only where the item is taken."""
        order = (-drawn, -self.seen)
        self.seen += 1
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, (*order, make()))
        elif order > self._heap[0][:2]:
            heapq.heapreplace(self._heap, (*order, make()))

    def items(self) -> list[T]:
        """The smallest draw first: the beginning is a smaller sample."""
        return [item for _, _, item in sorted(self._heap, key=lambda one: one[:2], reverse=True)]
