"""Content hashes: which text a human score belongs to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from labeltool.model.case import Case, Message


def text_hash(text: str) -> str:
    """First 12 hex digits of sha256 over the UTF-8 of `text`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces, characters unescaped: one text for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain_input(value: str | Sequence[Message]) -> Any:
    """The input as it stands in the file: a string, or messages as dicts without empty fields."""
    if isinstance(value, str):
        return value
    return [message.model_dump(exclude_none=True) for message in value]


def input_hash(value: str | Sequence[Message]) -> str:
    """`input_hash` of labels: of the text, or of the messages' canonical JSON."""
    plain = plain_input(value)
    return text_hash(plain if isinstance(plain, str) else canonical_json(plain))


def verified_hash(case: Case) -> str:
    """What `verify` signs: input and expected together. Editing either changes it."""
    expected = list(case.expected) if isinstance(case.expected, tuple) else case.expected
    return text_hash(canonical_json({"input": plain_input(case.input), "expected": expected}))


def case_hash(case: Case) -> str:
    """Everything of a case that can change its result, not who said what about it."""
    fields = case.model_dump(
        mode="json",
        include={"id", "tier", "input", "expected", "context", "vars", "checks", "status"},
        exclude_defaults=True,
    )
    return text_hash(canonical_json(fields))
