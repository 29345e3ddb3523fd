"""The embedded model: a text's vector is the sum of its word pieces' vectors, made length 1.

numpy only, no network, the same vectors on every machine; about ten thousand short texts a second.
Made by `benchmarks/distil_embedding.py`; English first, other languages by their shared pieces.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeltool.embed.wordpiece import WordPiece

if TYPE_CHECKING:
    import numpy as np

    from labeltool.embed.embedder import Vectors

HOME = Path(__file__).parent / "model"
PIECES_AT_ONCE = 8_192


class StaticModel:
    """The model in the folder `home`. Loading takes a few milliseconds (vectors are mapped)."""

    def __init__(self, home: Path = HOME):
        import numpy as np

        facts = _facts(home)
        self.name: str = facts["name"]
        self.fingerprint = fingerprint(home)
        self.dimensions: int = facts["dimensions"]
        self._vectors = np.load(home / "vectors.npy", mmap_mode="r")
        self._scales = np.load(home / "scales.npy")
        vocabulary = (home / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
        self._tokens = WordPiece(vocabulary)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), 256), rows of length 1; zeros for a text without a known piece."""
        import numpy as np

        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for places, ids, starts in _batches(map(self._tokens.ids, texts)):
            sums[places] = self._sum(ids) if len(places) == 1 else self._sums(ids, starts)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        sums /= np.where(lengths > 0, lengths, 1)
        return sums

    def _sums(self, ids: list[int], starts: list[int]) -> Vectors:
        import numpy as np

        total: Vectors = np.add.reduceat(self._rows(np.asarray(ids)), starts, axis=0)
        return total

    def _sum(self, ids: list[int]) -> Vectors:
        """One text of any length, in memory bounded by the vocabulary."""
        import numpy as np

        pieces, counts = np.unique(np.asarray(ids), return_counts=True)
        total: Vectors = counts.astype(np.float32) @ self._rows(pieces)
        return total

    def _rows(self, ids: np.ndarray[Any, np.dtype[np.intp]]) -> Vectors:
        import numpy as np

        rows: Vectors = self._vectors[ids].astype(np.float32)
        rows *= self._scales[ids, None]
        return rows


def _batches(texts: Iterator[list[int]]) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """(places of the texts, their ids in one row, where each text starts in it), empty ones out."""
    places: list[int] = []
    ids: list[int] = []
    starts: list[int] = []
    for place, own in enumerate(texts):
        if not own:
            continue
        if places and len(ids) + len(own) > PIECES_AT_ONCE:
            yield places, ids, starts
            places, ids, starts = [], [], []
        places.append(place)
        starts.append(len(ids))
        ids += own
    if places:
        yield places, ids, starts


@cache
def _facts(home: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((home / "model.json").read_text(encoding="utf-8"))
    return facts


def fingerprint(home: Path = HOME) -> str:
    """Name and content of the model, without loading it."""
    facts = _facts(home)
    files = json.dumps(facts["sha256"], sort_keys=True).encode()
    return f"{facts['name']}@{hashlib.sha256(files).hexdigest()[:12]}"


@cache
def embedded() -> StaticModel:
    """The model that comes with labeltool, loaded once."""
    return StaticModel()
