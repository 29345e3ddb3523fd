"""A judge's reply, believed in nothing that code can check."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeltool.graders.checks.json_text import NotJsonError, strict_json
from labeltool.model.base import Score
from labeltool.model.rubric import Criterion

MAX_RATIONALE = 2_000
MAX_QUOTES = 20
PARTS = ("scores", "rationale", "evidence")


class BadReplyError(Exception):
    """Why a reply cannot be used, in words that can be said to the judge."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """By criterion: the score, why, and quotes that stand verbatim in the texts."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    rationale: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def with_(self, other: Verdict) -> Verdict:
        return Verdict(
            {**self.scores, **other.scores},
            {**self.rationale, **other.rationale},
            {**self.evidence, **other.evidence},
        )


def read(text: str, criteria: Sequence[Criterion], quotable: Sequence[str]) -> Verdict:
    """The verdict in `text`: strict JSON, these criteria and no other, scores of their scales, a
    rationale for each, and quotes that stand in one of the `quotable` texts.

    Raises BadReplyError. Nothing is looked for in prose, and no total of the judge's is read.
    """
    found = fields(text, PARTS)
    scores, rationale, evidence = (_part(found, name, criteria) for name in PARTS)
    ids = [c.id for c in criteria]
    return Verdict(
        {c.id: _score(scores[c.id], c) for c in criteria},
        {id: _rationale(rationale[id], id, ids) for id in ids},
        {id: _quotes(evidence[id], id, quotable) for id in ids},
    )


def fields(text: str, names: Sequence[str]) -> dict[str, Any]:
    """The JSON object that `text` is, with exactly these fields. Raises BadReplyError."""
    try:
        found = strict_json(text)
    except NotJsonError as error:
        raise BadReplyError(f"the reply is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadReplyError("the reply is no JSON object")
    missing = [name for name in names if name not in found]
    if missing:
        raise BadReplyError(f'the reply has no "{missing[0]}"')
    unknown = sorted(set(found).difference(names))
    if unknown:
        raise BadReplyError(f"the reply has a field {_shown(unknown[0])} that nobody asked for")
    return found


def prose(value: Any, of: str) -> str:
    """A rationale: words, cut to a readable length. Raises BadReplyError."""
    if not isinstance(value, str) or not any(map(str.isalpha, value)):
        raise BadReplyError(f"the rationale {of} says nothing")
    text = value.strip()
    _whole(text, f"the rationale {of}")
    return text if len(text) <= MAX_RATIONALE else f"{text[: MAX_RATIONALE - 1]}…"


def _part(found: Mapping[str, Any], name: str, criteria: Sequence[Criterion]) -> Mapping[str, Any]:
    part = found[name]
    if not isinstance(part, dict):
        raise BadReplyError(f'"{name}" is no object')
    wanted = {c.id for c in criteria}
    missing, more = sorted(wanted - part.keys()), sorted(part.keys() - wanted)
    if missing:
        raise BadReplyError(f'"{name}" has no "{missing[0]}"')
    if more:
        raise BadReplyError(f'"{name}" has {_shown(more[0])}, which is not asked for')
    return part


def _score(value: Any, criterion: Criterion) -> Score:
    if isinstance(value, str) and value == "na" and criterion.na:
        return "na"
    if isinstance(value, bool) or not isinstance(value, int) or value not in criterion.scale:
        scale = f"a whole number from {criterion.min} to {criterion.max}"
        also = ' or "na"' if criterion.na else ""
        raise BadReplyError(f"the score of {criterion.id} is {_shown(value)}, not {scale}{also}")
    return value


def _rationale(value: Any, id: str, ids: Sequence[str]) -> str:
    text = prose(value, f"of {id}")
    about = text.partition(":")[0].strip()
    if about != id and about in ids:
        raise BadReplyError(f"the rationale of {id} is about {about}")
    return text


def _quotes(value: Any, id: str, quotable: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(quote, str) for quote in value):
        raise BadReplyError(f"the evidence of {id} is no list of texts")
    return tuple(_quote(quote, id, quotable) for quote in value[:MAX_QUOTES] if quote.strip())


def _quote(quote: str, id: str, quotable: Sequence[str]) -> str:
    """The quote as it stands in the text: a judge may have broken its lines elsewhere."""
    if any(quote in text for text in quotable):
        return quote
    words = re.compile(r"\s+".join(map(re.escape, quote.split())))
    for text in quotable:
        found = words.search(text)
        if found is not None:
            return found[0]
    raise BadReplyError(
        f"the evidence of {id} quotes {_shown(quote)}, which stands in neither the input, the "
        "documents nor the output"
    )


def _whole(text: str, what: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadReplyError(f"{what} holds half a character") from None


def _shown(value: Any) -> str:
    """As JSON: a word from the reply is not to be taken for one of ours."""
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
