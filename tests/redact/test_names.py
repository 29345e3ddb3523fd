"""Names of people need an extra, and what is missing is said."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from labeltool.redact import names


def test_without_the_extra_it_says_what_to_install() -> None:
    finder, missing = names.finder()
    assert finder is None
    assert "labeltool[pii]" in str(missing)


def test_without_a_language_model_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    present = {"presidio_analyzer"}
    monkeypatch.setattr(names, "find_spec", lambda name: object() if name in present else None)
    finder, missing = names.finder()
    assert finder is None
    assert "spacy download" in str(missing)


def test_with_both_names_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Engine:
        def __init__(self, **how: Any):
            pass

        def analyze(self, text: str, **how: Any) -> list[Any]:
            return [SimpleNamespace(start=0, end=9)]

    class Provider:
        def __init__(self, **how: Any):
            assert how["nlp_configuration"]["models"][0]["model_name"] == "en_core_web_sm"

        def create_engine(self) -> None: ...

    analyzer, engine = ModuleType("presidio_analyzer"), ModuleType("presidio_analyzer.nlp_engine")
    vars(analyzer)["AnalyzerEngine"] = Engine
    vars(engine)["NlpEngineProvider"] = Provider
    monkeypatch.setitem(sys.modules, "presidio_analyzer", analyzer)
    monkeypatch.setitem(sys.modules, "presidio_analyzer.nlp_engine", engine)
    present = {"presidio_analyzer", "en_core_web_sm"}
    monkeypatch.setattr(names, "find_spec", lambda name: object() if name in present else None)
    finder, missing = names.finder()
    assert missing is None
    assert finder is not None
    (found,) = finder("Bob  Smith is here")
    assert (found.kind, found.same) == ("NAME", "bob smit")
