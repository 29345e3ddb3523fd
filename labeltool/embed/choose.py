"""From the settings to the embedder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from labeltool.config import Embeddings, MiniLMEmbeddings, OpenAIEmbeddings
from labeltool.embed.cached import Cached
from labeltool.embed.embedder import Embedder
from labeltool.embed.static import embedded


def open_embedder(settings: Embeddings, *, env: Mapping[str, str], cache: Path) -> Embedder:
    """The embedder that the settings name; `cache` is the file where slow ones keep vectors.

    The embedded model is quicker than a look into a cache. Raises DataError where an extra is
    missing, IncompleteError where a key is.
    """
    if isinstance(settings, OpenAIEmbeddings):
        from labeltool.embed.remote import RemoteModel

        remote = RemoteModel(
            settings.model,
            base_url=settings.base_url,
            api_key_env=settings.api_key_env,
            env=env,
            timeout_s=settings.timeout_s,
        )
        return Cached(remote, cache)
    if isinstance(settings, MiniLMEmbeddings):
        from labeltool.embed.minilm import MiniLM

        return Cached(MiniLM(), cache)
    return embedded()
