"""The kinds of logs that are read, and what a row becomes."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args

from pydantic import ValidationError

from labeltool.model.record import Record

Kind = Literal[
    "jsonl",
    "csv",
    "otlp",
    "openinference",
    "langfuse",
    "openai",
    "github-issue",
    "text",
    "results",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS = tuple(Record.model_fields)
"""What `map` may name."""


class BadRow(NamedTuple):
    """A row that is no record: where it stands and why. It never quotes what the row says."""

    line: int | None
    message: str


Item = Record | BadRow


def record(line: int | None, fields: dict[str, Any]) -> Item:
    """The record of `fields`, None meaning left out; a BadRow that names the first bad field."""
    if fields.get("input") in (None, "", [], ()):
        return BadRow(line, "has no input")
    try:
        return Record.model_validate(
            {key: value for key, value in fields.items() if value is not None}
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return BadRow(line, f"{first['loc'][0] if first['loc'] else 'row'}: {first['msg'].lower()}")
