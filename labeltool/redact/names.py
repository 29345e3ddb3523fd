"""Names of people, by the optional extra `pii` (presidio). Nothing is ever downloaded for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from labeltool.redact.finding import Finding

Names = Callable[[str], Iterator[Finding]]

NEEDS_EXTRA = "names of people are not looked for: that needs `pip install 'labeltool[pii]'`"
NEEDS_MODEL = (
    "names of people are not looked for: that needs a language model too, "
    "`python -m spacy download en_core_web_sm`"
)
_MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm")


def finder() -> tuple[Names | None, str | None]:
    """What finds names; None with what is missing, to be said on screen."""
    if find_spec("presidio_analyzer") is None:
        return None, NEEDS_EXTRA
    # Left to itself presidio would fetch a model from the network.
    model = next((name for name in _MODELS if find_spec(name) is not None), None)
    if model is None:
        return None, NEEDS_MODEL
    return _presidio(model), None


def _presidio(model: str) -> Names:
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    configuration = {
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": "en", "model_name": model}],
    }
    nlp = NlpEngineProvider(nlp_configuration=configuration).create_engine()
    engine: Any = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])

    def names(text: str) -> Iterator[Finding]:
        for found in engine.analyze(text, language="en", entities=["PERSON"]):
            said = text[found.start : found.end]
            yield Finding("NAME", found.start, found.end, " ".join(said.casefold().split()))

    return names
