"""One row's values as the types our files hold; a CSV cell may hold JSON where a list is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from labeltool.errors import DataError, Problem, Where
from labeltool.formats import jsonl
from labeltool.formats.ids import legal_id
from labeltool.store import codec

N = TypeVar("N", bound=BaseModel)


class CellError(Exception):
    """A value that cannot be what its field wants."""

    def __init__(self, field: str, message: str, hint: str | None = None):
        super().__init__(message)
        self.field = field
        self.message = message
        self.hint = hint

    def at(self, source: str, line: int) -> DataError:
        return DataError.of([Problem(Where(source, line, self.field), self.message, self.hint)])


def name(value: Any, field: str) -> str | None:
    """An id as somebody wrote it: text or a whole number. None where there is none."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise CellError(field, f"wants an id, found {short(value)}")
    return value.strip() or None


def id_of(value: Any, field: str) -> str:
    """The legal id of a value that must be there."""
    said = name(value, field)
    if said is None:
        raise CellError(field, "is missing", f"add it, or map a column to it: --map {field}=COLUMN")
    return legal_id(said)


def listed(value: Any, field: str, *, commas: bool = False) -> Any:
    """A list; text is read as JSON, or parted at commas where that is how people write it."""
    if not isinstance(value, str):
        return value
    if commas and not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    return from_json(value, field)


def from_json(value: Any, field: str) -> Any:
    """The value that a text cell holds as JSON; other values as they are."""
    if not isinstance(value, str):
        return value
    try:
        return jsonl.loads(value)
    except (ValueError, RecursionError):
        raise CellError(
            field, f"wants JSON, found {short(value)}", "write a JSON list or object"
        ) from None


def number(value: Any, field: str) -> Any:
    """A number; text that spells one is read."""
    if not isinstance(value, str):
        return value
    try:
        return int(value) if value.strip().lstrip("-").isdecimal() else float(value)
    except ValueError:
        raise CellError(field, f"wants a number, found {short(value)}") from None


def noun(kind: type[N], fields: Mapping[str, Any], source: str, line: int) -> N:
    """The noun of `fields`, None meaning left out. Raises DataError naming each bad field."""
    given = {key: value for key, value in fields.items() if value is not None}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = codec.faults(error, given, kind).items()
        raise DataError.of(
            [
                Problem(Where(source, line, ".".join(map(str, path)) or None), message, hint)
                for path, (message, hint) in found
            ]
        ) from None


def short(value: Any) -> str:
    """`value` for a message: its shape, or its first characters."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
