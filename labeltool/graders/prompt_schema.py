"""What a judge's reply must look like, as the server is told it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from labeltool.model.rubric import Criterion

Format = Literal["bounded", "json_schema", "json_object"]
FORMATS: tuple[Format, ...] = ("bounded", "json_schema", "json_object")
"""From the one that asks most of a server. `bounded`: texts and lists have a greatest length, which
keeps a weak model from writing on for ever; OpenAI's own server refuses such schemas.
"""
RATIONALE_CHARS, QUOTE_CHARS, QUOTES = 600, 200, 3


def response_format(wanted: Format, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if wanted == "json_object":
        return {"type": "json_object"}
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "strict": True, "schema": schema},
    }


def text(*, bounded: bool, most: int = RATIONALE_CHARS) -> dict[str, Any]:
    return {"type": "string", "maxLength": most} if bounded else {"type": "string"}


def grades(criteria: Sequence[Criterion], *, bounded: bool) -> dict[str, Any]:
    """Every criterion, no other, and only scores of its scale; the reasons come before them."""
    quotes: dict[str, Any] = {"type": "array", "items": text(bounded=bounded, most=QUOTE_CHARS)}
    if bounded:
        quotes["maxItems"] = QUOTES
    return closed(
        {
            "rationale": closed({c.id: text(bounded=bounded) for c in criteria}),
            "evidence": closed({c.id: quotes for c in criteria}),
            "scores": closed({c.id: _scores(c) for c in criteria}),
        }
    )


def closed(properties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """An object with all of these fields and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _scores(criterion: Criterion) -> dict[str, Any]:
    numbers: dict[str, Any] = {"type": "integer", "enum": list(criterion.scale)}
    if not criterion.na:
        return numbers
    return {"anyOf": [numbers, {"type": "string", "enum": ["na"]}]}
