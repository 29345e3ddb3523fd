"""Vectors of an OpenAI-compatible embeddings API: texts leave this machine, by choice only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from labeltool.errors import DataError, IncompleteError
from labeltool.llm.endpoint import OPENAI_URL, Endpoint
from labeltool.llm.failure import CallFailure

if TYPE_CHECKING:
    from labeltool.embed.embedder import Vectors

AT_ONCE = 128
CONCURRENCY = 8
# What such servers take of one text, with room to spare for scripts of many tokens.
MAX_CHARS = 8_000


class RemoteModel:
    """`model` at `base_url`. The length of a vector is known after the first call (0 before).

    Not for use inside a running event loop: it blocks. Raises IncompleteError where the server
    cannot be asked, DataError for a reply that is no vectors.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None,
        api_key_env: str,
        env: Mapping[str, str],
        timeout_s: float = 60.0,
    ):
        self.name = model
        url = base_url or env.get("OPENAI_BASE_URL") or OPENAI_URL
        self.fingerprint = f"{model}@{url.rstrip('/')}"
        self.dimensions = 0
        self._timeout_s = timeout_s
        self._endpoint = partial(
            Endpoint, base_url=base_url, api_key_env=api_key_env, env=env, concurrency=CONCURRENCY
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimensions); rows of length 1, or 0 for an empty text."""
        import numpy as np

        said = [n for n, text in enumerate(texts) if text.strip()]
        rows = asyncio.run(self._all([texts[n][:MAX_CHARS] for n in said])) if said else []
        if rows:
            self.dimensions = self._one_length(rows)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if rows:
            found = np.asarray(rows, dtype=np.float64)
            lengths = np.linalg.norm(found, axis=1, keepdims=True)
            vectors[said] = found / np.where(lengths > 0, lengths, 1)
        return vectors

    def _one_length(self, rows: list[list[float]]) -> int:
        lengths = {len(row) for row in rows} | ({self.dimensions} if self.dimensions else set())
        if len(lengths) != 1:
            raise DataError(f"{self.name} answered with vectors of different lengths")
        return lengths.pop()

    async def _all(self, texts: Sequence[str]) -> list[list[float]]:
        endpoint = self._endpoint()
        gate = asyncio.Semaphore(CONCURRENCY)

        async def part(start: int) -> list[list[float]]:
            async with gate:
                return await self._some(endpoint, texts[start : start + AT_ONCE])

        try:
            parts = await asyncio.gather(*map(part, range(0, len(texts), AT_ONCE)))
        except CallFailure as failure:
            raise IncompleteError(
                f"no embeddings from {self.name}: {failure}",
                hint="try again, or leave `embeddings` out of labeltool.yaml: the embedded model",
            ) from None
        finally:
            await endpoint.close()
        return [row for rows in parts for row in rows]

    async def _some(self, endpoint: Endpoint, texts: Sequence[str]) -> list[list[float]]:
        def read(content: bytes) -> list[list[float]]:
            return _vectors(content, len(texts))

        body: dict[str, Any] = {"model": self.name, "input": list(texts)}
        rows, _ = await endpoint.post("/embeddings", body, read=read, deadline_s=self._timeout_s)
        return rows


def _vectors(content: bytes, count: int) -> list[list[float]]:
    """The reply's vectors in the order of the texts: `index` says it, not the place."""
    from pydantic_core import from_json

    try:
        found = from_json(content, allow_inf_nan=False)
        rows = {row["index"]: row["embedding"] for row in found["data"]}
        vectors = [[float(number) for number in rows[n]] for n in range(count)]
    except (ValueError, KeyError, TypeError):
        broken = "the reply is not the vectors that were asked for"
        raise CallFailure("bad_output", broken, retriable=True) from None
    if not all(vectors):
        raise CallFailure("bad_output", "the reply holds an empty vector", retriable=True)
    return vectors
