"""Text to vectors: the embedded model. Importing this loads neither numpy nor the model."""

from labeltool.embed.embedder import Embedder
from labeltool.embed.static import StaticModel, embedded, fingerprint

__all__ = ["Embedder", "StaticModel", "embedded", "fingerprint"]
