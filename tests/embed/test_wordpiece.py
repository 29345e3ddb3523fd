"""Our word pieces are those of the tokenizer that the model was trained with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.embed import wordpiece
from labeltool.embed.static import HOME
from labeltool.embed.wordpiece import WordPiece

VOCABULARY = (HOME / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
# Made once with the tokenizer of sentence-transformers/all-MiniLM-L6-v2; [UNK] left out.
GOLDEN = json.loads((Path(__file__).parent / "golden_pieces.json").read_text(encoding="utf-8"))
TOKENS = WordPiece(VOCABULARY)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: ascii(row["text"][:24]))
def test_a_text_has_the_pieces_of_the_published_tokenizer(row: dict[str, object]) -> None:
    pieces = [VOCABULARY[id] for id in TOKENS.ids(str(row["text"]))]
    assert pieces == row["pieces"]


@given(st.text())
def test_any_text_has_pieces_and_the_same_ones_each_time(text: str) -> None:
    ids = TOKENS.ids(text)
    assert all(0 <= id < len(VOCABULARY) for id in ids)
    assert WordPiece(VOCABULARY).ids(text) == ids


def test_a_flood_of_new_words_does_not_grow_the_memory_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wordpiece, "CACHED_WORDS", 10)
    tokens = WordPiece(["a", "##b"])
    for count in range(100):
        assert tokens.ids("a" + "b" * count) == [0] + [1] * (count if count < 100 else 0)
    assert len(tokens._words) <= 10
