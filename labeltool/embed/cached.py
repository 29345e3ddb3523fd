"""An embedder that asks for each text once: its vectors are kept by what the text says."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from labeltool.cachefile import CacheFile

if TYPE_CHECKING:
    from labeltool.embed.embedder import Embedder, Vectors


class Cached:
    """`inner` with its vectors kept in the file `path`, which can be thrown away."""

    def __init__(self, inner: Embedder, path: Path):
        self._inner = inner
        self._path = path

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def fingerprint(self) -> str:
        return self._inner.fingerprint

    @property
    def dimensions(self) -> int:
        return self._inner.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As `inner`'s; equal texts are asked for once."""
        import numpy as np

        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
        with CacheFile(self._path) as kept:
            rows = {key: kept.get(key, self.fingerprint) for key in set(keys)}
            known = {key: _unpacked(row) for key, row in rows.items() if row is not None}
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                new = dict(zip(missing, self._inner.embed(list(missing.values())), strict=True))
                kept.put((key, self.fingerprint, _packed(row)) for key, row in new.items())
                known |= new
        if not keys:
            return self._inner.embed([])
        width = max(len(known[key]) for key in keys)
        vectors = np.zeros((len(keys), width), dtype=np.float32)
        for place, key in enumerate(keys):
            # A text that says nothing may have been kept before the length was known.
            vectors[place, : len(known[key])] = known[key]
        return vectors


def _packed(row: Vectors) -> str:
    return base64.b64encode(row.astype("<f4").tobytes()).decode("ascii")


def _unpacked(text: str) -> Vectors:
    import numpy as np

    return np.frombuffer(base64.b64decode(text), dtype="<f4")
