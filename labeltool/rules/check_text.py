"""A check as one line that a person types: `not_contains=has been issued`."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from labeltool.errors import UsageError
from labeltool.model.case import Check, CheckKind

KINDS: tuple[CheckKind, ...] = get_args(CheckKind)
_COUNTS = frozenset({"max_words", "min_words", "max_chars"})
_TEXTS = frozenset({"contains", "not_contains", "equals"})
_PATTERNS = frozenset({"regex", "not_regex"})
_LINE = re.compile(r"\s*(?:(?P<id>[\w.-]+):\s*)?(?P<kind>[a-z_]+)\s*(?:=(?P<value>.*))?", re.DOTALL)
_EXAMPLE = "for example not_contains=has been issued, json_valid or max_words=80"


def parse_check(text: str) -> Check:
    """`[id:] kind[=value]`. Lists of texts, patterns with flags, schemas are JSON after the `=`.

    Raises UsageError for a kind that there is not, or a value that is no value of it.
    """
    found = _LINE.fullmatch(text)
    kind = next((one for one in KINDS if found and one == found["kind"]), None)
    if found is None or kind is None:
        raise UsageError(
            f"{text.strip()!r} is no check", hint=f"{_EXAMPLE}; kinds: {', '.join(KINDS)}"
        )
    value = found["value"]
    if value is not None:
        value = value.strip()
    return Check(kind=kind, value=_value(kind, value), id=found["id"])


def check_text(check: Check) -> str:
    """The line that `parse_check` reads back as `check`."""
    head = f"{check.id}: {check.kind}" if check.id else check.kind
    value = check.value
    if value is None or (check.kind == "json_valid" and value is True):
        return head
    if isinstance(value, str) and _plain(check.kind, value):
        return f"{head}={value}"
    if isinstance(value, str):
        value = [value] if check.kind in _TEXTS else {"pattern": value}
    return f"{head}={json.dumps(_listed(value), ensure_ascii=False)}"


def parse_checks(text: str) -> tuple[Check, ...]:
    """A check a line; empty lines say nothing. Raises as `parse_check`."""
    return tuple(parse_check(line) for line in text.split("\n") if line.strip())


def _value(kind: CheckKind, said: str | None) -> Any:
    if kind == "json_valid":
        if said:
            raise UsageError(f"{kind} takes no value", hint="write it alone")
        return None
    if kind == "equals" and not said:
        return None
    if not said:
        raise UsageError(f"{kind} wants a value", hint=f"write {kind}=VALUE; {_EXAMPLE}")
    if kind in _COUNTS:
        return _number(kind, said, int)
    if kind == "similarity" and not said.startswith("{"):
        return _number(kind, said, float)
    if kind in ("json_schema", "similarity"):
        return _json(kind, said)
    if kind in _TEXTS and said.startswith("["):
        return _list_of_texts(said)
    if kind in _PATTERNS and said.startswith('{"'):
        return _json(kind, said)
    return said


def _number(kind: str, said: str, read: type[int] | type[float]) -> int | float:
    try:
        return read(said)
    except ValueError:
        what = "a whole number" if read is int else "a number"
        raise UsageError(f"{kind} wants {what}, not {said!r}", hint=_EXAMPLE) from None


def _json(kind: str, said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError as error:
        raise UsageError(f"the value of {kind} is no JSON: {error}", hint=_EXAMPLE) from None


def _list_of_texts(said: str) -> Any:
    """A JSON list of texts; what only looks like one is a text."""
    try:
        value = json.loads(said)
    except ValueError:
        return said
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return value if texts else said


def _plain(kind: CheckKind, value: str) -> bool:
    """Whether the text can stand as it is after the `=`, and reads back so."""
    return (
        bool(value)
        and value == value.strip()
        and "\n" not in value
        and _value(kind, value) == value
    )


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
