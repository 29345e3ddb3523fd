"""Nouns <-> YAML bytes, with errors that name file, line, field and the next step."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from labeltool.errors import DataError, Problem, Where
from labeltool.store.yaml import lines, reader, writer

N = TypeVar("N", bound=BaseModel)

_ID_HINT = "use a-z, 0-9, dot, dash and underscore; at most 128, starting with a letter or digit"
# What pydantic puts at the end of the place of a bad key.
_KEY = "[key]"
_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
}


def decode(data: bytes, kind: type[N], path: str) -> N:
    """The noun in `data`. Raises DataError with one Problem per bad field."""
    value = reader.parse(data, path=path)
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise DataError.of(_explain(error, value, data, kind, path)) from None


def encode(noun: BaseModel) -> bytes:
    """Canonical YAML: fields in the model's order, what equals its default left out."""
    return writer.dump(plain(noun))


def plain(noun: BaseModel) -> dict[str, Any]:
    """The noun as dicts, lists and scalars; integer keys stay integers."""
    fields: dict[str, Any] = _plain(noun.model_dump(exclude_defaults=True))
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def faults(
    error: ValidationError, value: Any, kind: type[BaseModel]
) -> dict[tuple[int | str, ...], tuple[str, str | None]]:
    """What is wrong with `value`: {field path: (message, hint)}; a union's branches say it once."""
    found: dict[tuple[int | str, ...], tuple[str, str | None]] = {}
    for item in error.errors(include_url=False):
        field, at_fault = _real_field(item["loc"], value)
        if item["loc"] and item["loc"][-1] == _KEY:
            at_fault = item["input"]
        if field not in found:
            found[field] = _say(item, at_fault, kind)
    # A list whose items are bad is also "too short" to pydantic: say the inner error only.
    return {field: said for field, said in found.items() if not _outer(field, found)}


def _outer(field: tuple[int | str, ...], others: Iterable[tuple[int | str, ...]]) -> bool:
    return any(len(other) > len(field) and other[: len(field)] == field for other in others)


def _explain(
    error: ValidationError, value: Any, data: bytes, kind: type[BaseModel], path: str
) -> list[Problem]:
    problems = [
        Problem(
            Where(path, lines.locate(data, field), ".".join(map(str, field)) or None), message, hint
        )
        for field, (message, hint) in faults(error, value, kind).items()
    ]
    return sorted(problems, key=lambda problem: problem.where.line or 0)


def _real_field(loc: Sequence[int | str], value: Any) -> tuple[tuple[int | str, ...], Any]:
    """`loc` without pydantic's union tags: the keys that stand in the file (or are missing)."""
    field: list[int | str] = []
    for index, key in enumerate(loc):
        if _holds(value, key):
            value = value[key]
        elif index == len(loc) - 1 and isinstance(value, Mapping) and key != _KEY:
            value = None
        else:
            continue
        field.append(key)
    return tuple(field), value


def _holds(value: Any, key: int | str) -> bool:
    if isinstance(value, Mapping):
        return key in value
    return isinstance(value, list) and isinstance(key, int) and key < len(value)


def _say(item: Any, found: Any, kind: type[BaseModel]) -> tuple[str, str | None]:
    """Our words for pydantic's error, and what to type."""
    name, context = item["type"], item.get("ctx") or {}
    key = str(item["loc"][-1]) if item["loc"] else ""
    if name == "extra_forbidden":
        close = difflib.get_close_matches(key, kind.model_fields, n=1)
        return f"unknown field {key!r}", f"did you mean {close[0]}?" if close else "take it out"
    if name == "missing":
        return "is missing", f"add `{key}:`"
    if name == "value_error":
        return str(context.get("error", item["msg"])), None
    if name.startswith("union_tag") or name == "literal_error":
        return _say_choice(item, found)
    return _say_type(name, str(context.get("pattern")), found) or (
        f"{item['msg'][:1].lower()}{item['msg'][1:]}, found {_short(found)}",
        None,
    )


def _say_choice(item: Any, found: Any) -> tuple[str, str | None]:
    context = item["ctx"]
    if item["type"] == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        close = difflib.get_close_matches(str(found), known, n=1)
        hint = f"did you mean {close[0]}?" if close else None
        return f"{_short(found)} is none of {context['expected']}", hint
    if item["type"] == "union_tag_not_found":
        return "kind is missing", "say what kind of system or judge it is"
    return f"kind {context['tag']!r} is none of {context['expected_tags']}", None


def _say_type(name: str, pattern: str, found: Any) -> tuple[str, str | None] | None:
    if name == "string_type":
        if isinstance(found, bool | int | float):
            return f"wants text, found {found!r}", "put quotes around it, as it stands"
        return f"wants text, found {_kind_of(found)}", None
    if name == "string_pattern_mismatch" and "a-z0-9._-" in pattern:
        return f"{_short(found)} is not a legal id", _ID_HINT
    if name == "string_pattern_mismatch" and r"\d{4}-" in pattern:
        return f"{_short(found)} is no date", "write 2026-11-23 or 2026-11-23T18:40:00Z"
    wanted = _WANTED.get(name)
    if wanted is None:
        return None
    hint = "take the quotes off" if isinstance(found, str) else None
    return f"wants {wanted}, found {_short(found)}", hint


def _kind_of(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else repr(value)


def _short(value: Any) -> str:
    if isinstance(value, Mapping | list) or value is None:
        return _kind_of(value)
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
