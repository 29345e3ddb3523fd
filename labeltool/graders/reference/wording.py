"""The judge's findings as a sentence built from facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from labeltool.graders.reference.features import Features
from labeltool.graders.reference.terms import Term

SHOWN = 6


def rationale(kind: Literal["graded", "binary", "factual"], found: Features) -> str:
    if not found.grounded:
        return (
            "says next to nothing of what is expected"
            if found.against == "expected"
            else "says nothing that stands in the input or the context"
        )
    return _factual(found) if kind == "factual" else _covering(found)


def _covering(found: Features) -> str:
    what = "expected answer" if found.against == "expected" else "input (no answer is expected)"
    parts = [f"covers {found.covered} of {found.facts} facts of the {what}"]
    if found.missing:
        telling = sorted(found.missing, key=lambda term: term.kind == "word")
        parts.append("missing: " + _listed(telling))
    parts.append(f"similarity {found.similarity:.2f}")
    return "; ".join(parts)


def _factual(found: Features) -> str:
    where = "in the input, the context or the expected answer"
    if found.against == "input":
        where = "in the input or the context"
    parts = [
        f"{name} that stand nowhere {where}: {_listed(terms)}"
        for name, terms in (("numbers or dates", found.numbers), ("names", found.names))
        if terms
    ]
    if not parts:
        parts = [f"every number, date and name stands {where}"]
    if found.unsupported:
        parts.append("new words: " + _listed(found.unsupported))
    return "; ".join(parts)


def _listed(terms: Sequence[Term]) -> str:
    text = ", ".join(term.shown for term in terms[:SHOWN])
    return text + (f" and {len(terms) - SHOWN} more" if len(terms) > SHOWN else "")
