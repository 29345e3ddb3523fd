"""What an embedding is to the rest of labeltool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors of one length."""

    @property
    def name(self) -> str:
        """What to call it on screen."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text may get another vector."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimensions); rows of length 1, or 0 for a text that says nothing."""
