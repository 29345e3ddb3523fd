"""Text to vectors: the embedded model, or another by choice. Importing this loads no model."""

from labeltool.embed.choose import open_embedder
from labeltool.embed.embedder import Embedder
from labeltool.embed.static import StaticModel, embedded, fingerprint

__all__ = ["Embedder", "StaticModel", "embedded", "fingerprint", "open_embedder"]
