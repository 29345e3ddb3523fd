"""The embedded model puts texts that mean the same near each other, the same way each time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from labeltool.embed import StaticModel, embedded, fingerprint, static
from labeltool.embed.static import HOME

PARAPHRASES = [
    ("I am still waiting for my card", "My card has not arrived yet"),
    ("The customer wants his money back", "She asks to have the money refunded"),
    ("How do I change my password?", "Where can I reset my login password"),
    ("The parcel was delivered to the wrong address", "Package went to another address"),
    ("I was charged twice for one order", "There is a double charge for my order"),
    ("The app crashes when I open it", "Application closes on start-up"),
    ("Please cancel my subscription", "I want to end my subscription"),
    ("My flight was cancelled and I need a hotel", "Need a hotel since the flight got cancelled"),
]


def test_a_paraphrase_is_closer_than_any_other_text() -> None:
    model = embedded()
    left = model.embed([a for a, _ in PARAPHRASES])
    right = model.embed([b for _, b in PARAPHRASES])
    close = left @ right.T
    assert (close.argmax(axis=1) == np.arange(len(PARAPHRASES))).all()
    others = close[~np.eye(len(PARAPHRASES), dtype=bool)]
    assert np.diag(close).mean() > others.mean() + 0.3


def test_vectors_have_length_one_and_the_type_they_promise() -> None:
    vectors = embedded().embed(
        ["late refund", "Die Rückzahlung fehlt", "返金が遅い", "🙂", "ขอเงินคืน"]
    )
    assert vectors.shape == (5, embedded().dimensions)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.allclose(lengths[lengths > 0], 1, atol=1e-5)
    assert (lengths[:3] > 0).all()


def test_a_text_that_says_nothing_is_the_zero_vector() -> None:
    vectors = embedded().embed(["", " \n", "\u200b", "word"])
    assert not vectors[:3].any()
    assert vectors[3].any()
    assert embedded().embed([]).shape == (0, embedded().dimensions)


def test_a_vector_does_not_depend_on_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"order {n} is late by {n % 7} days" for n in range(50)] + [""]
    together = embedded().embed(texts)
    monkeypatch.setattr(static, "PIECES_AT_ONCE", 16)
    apart = StaticModel().embed(texts)
    assert np.allclose(together, apart, atol=1e-6)
    alone = np.vstack([embedded().embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-6)


def test_a_long_text_is_taken_whole() -> None:
    body = "the order is late " * 20_000
    one, other = embedded().embed([body, body + "refund " * 20_000])
    assert float(one @ other) < 0.98


def test_the_committed_files_are_the_ones_that_were_made() -> None:
    facts = json.loads((HOME / "model.json").read_text())
    for name, digest in facts["sha256"].items():
        assert hashlib.sha256((HOME / name).read_bytes()).hexdigest() == digest
    assert sum(file.stat().st_size for file in HOME.iterdir()) < 8_000_000
    assert "Apache License" in (HOME / "NOTICE").read_text()
    assert embedded().fingerprint == fingerprint()


def test_the_fingerprint_is_had_without_numpy() -> None:
    program = (
        "import sys; from labeltool.embed import fingerprint; fingerprint();"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
