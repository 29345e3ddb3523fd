"""YAML text to plain values: strictly, and in one pass over libyaml's events.

The pass that refuses tags, directives, anchors, aliases, merge keys, duplicate keys and further
documents also builds the value; scanning first and loading after costs four times as much.
Nothing about lines or fields is kept on the way: a second pass finds them after a failure.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.tokens import TagToken

from labeltool.store.yaml import failures
from labeltool.store.yaml.events import CParser, NextEvent, c_events, python_events, wants_python
from labeltool.store.yaml.failures import Refused

Value = dict[Any, "Value"] | list["Value"] | str | int | float | bool | None

Root = TypeVar("Root")

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64

_MAX_DIGITS = 4000  # Python refuses 4300

WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NO_KEYS = frozenset((*WORDS, "<<"))
NUMBER_STARTS = frozenset("0123456789+-.")
INT = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_PADDED = re.compile(r"[-+]?0[0-9]+")
_LONE_BANG = re.compile(rb"!(?<![^\s\[{,]!)(?=\s)")


def parse(data: bytes, *, path: str) -> dict[Any, Value]:
    """The mapping that `data` holds; `path` only names it in errors.

    Plain `null`, `true`, `false`, decimal integers and decimal fractions get their type; every
    other scalar, dates and quoted numbers too, is text. Keys are text or integers.

    Raises DataError with path, line and field for anything else than one plain mapping in UTF-8.
    """
    return _parsed(data, path, _root_mapping)


def parse_list(data: bytes, *, path: str) -> list[Value]:
    """As `parse`, of a file whose root is a list."""
    return _parsed(data, path, _root_list)


def _parsed(data: bytes, path: str, root: Callable[[NextEvent, Any], Root]) -> Root:
    try:
        _check_bytes(data)
        try:
            return _document(c_events(data), root)
        except YAMLError as error:
            if not wants_python(error, data):
                raise
            return _document(python_events(data), root)
    except (YAMLError, Refused, ValueError, RecursionError) as error:
        raise failures.explain(error, data, path) from None


def _root_mapping(get: NextEvent, event: Any) -> dict[Any, Value]:
    if type(event) is not MappingStartEvent:
        raise failures.not_a_mapping(event)
    return _mapping(get, event, 1)


def _root_list(get: NextEvent, event: Any) -> list[Value]:
    if type(event) is not SequenceStartEvent:
        raise Refused("the file holds no list", "write `- ` before each of its parts", event)
    return _sequence(get, event, 1)


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise Refused(
            f"{len(data) >> 20} MiB are more than the {MAX_BYTES >> 20} that are read of a file",
            "split it, or move long texts out",
        )
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise failures.wrong_encoding(data)
    if b"\n<<<<<<< " in data or b"\n>>>>>>> " in data or data.startswith(b"<<<<<<< "):
        raise failures.conflict(data)
    # libyaml drops the tag `!` of a scalar without a trace, so only its tokens tell.
    if _LONE_BANG.search(data):
        _refuse_lone_tags(data)


def _refuse_lone_tags(data: bytes) -> None:
    parser = CParser(data)
    with contextlib.suppress(YAMLError):  # the parse itself tells what is broken
        while (token := parser.get_token()) is not None:
            if type(token) is TagToken:
                raise failures.tagged(token)


def _document(get: NextEvent, read_root: Callable[[NextEvent, Any], Root]) -> Root:
    get()
    start = get()
    if type(start) is not DocumentStartEvent:
        raise Refused("the file is empty", "every file is a mapping: `name: value` lines")
    if start.version is not None or start.tags:
        raise Refused(
            "directives (`%YAML`, `%TAG`) are not read", "delete the line that starts with %", start
        )
    value = read_root(get, get())
    get()
    end = get()
    if type(end) is not StreamEndEvent:
        raise Refused(
            "a second document starts here",
            "one file holds one document",
            line=end.start_mark.line + 1,
        )
    return value


def _mapping(get: NextEvent, start: Any, depth: int) -> dict[Any, Value]:
    if start.anchor is not None or start.ctag is not None or depth > MAX_DEPTH:
        raise failures.unwanted_node(start, depth)
    found: dict[Any, Value] = {}
    while type(event := get()) is ScalarEvent:
        if event.anchor is not None or event.ctag is not None:
            raise failures.unwanted_node(event, depth)
        key = event.value
        if not event.style and (key[:1] in NUMBER_STARTS or key in _NO_KEYS):
            key = _plain_key(event)
        if key in found:
            raise Refused(f"the key {key!r} stands here a second time", "keep one of them", event)
        event = get()
        if type(event) is ScalarEvent and event.anchor is None and event.ctag is None:
            text = event.value  # as _value does it; most values are scalars, and a call costs
            found[key] = text if event.style else _plain(text, event)
        else:
            found[key] = _value(get, event, depth)
    if type(event) is not MappingEndEvent:
        raise failures.unwanted_key(event)
    return found


def _sequence(get: NextEvent, start: Any, depth: int) -> list[Value]:
    if start.anchor is not None or start.ctag is not None or depth > MAX_DEPTH:
        raise failures.unwanted_node(start, depth)
    found: list[Value] = []
    while type(event := get()) is not SequenceEndEvent:
        found.append(_value(get, event, depth))
    return found


def _value(get: NextEvent, event: Any, depth: int) -> Value:
    kind = type(event)
    if kind is ScalarEvent:
        if event.anchor is not None or event.ctag is not None:
            raise failures.unwanted_node(event, depth)
        text: str = event.value
        return text if event.style else _plain(text, event)
    if kind is MappingStartEvent:
        return _mapping(get, event, depth + 1)
    if kind is SequenceStartEvent:
        return _sequence(get, event, depth + 1)
    assert kind is AliasEvent, kind
    raise failures.aliased(event)


def _plain(text: str, event: Any) -> Value:
    if text[:1] in NUMBER_STARTS:
        if INT.fullmatch(text):
            if _PADDED.fullmatch(text):
                raise failures.padded_number(event)
            if len(text) > _MAX_DIGITS:
                raise Refused("the number is too long", "quote it if it is text", event)
            return int(text)
        if FLOAT.fullmatch(text):
            number = float(text)
            if number - number != 0:
                raise Refused(f"{text} is too large for a number", "quote it if it is text", event)
            return number
        return text
    return WORDS.get(text, text)


def _plain_key(event: Any) -> str | int:
    text: str = event.value
    if text == "<<":
        raise Refused("merge keys (`<<`) are not read", "write the fields out", event)
    key = _plain(text, event)
    if type(key) is str or type(key) is int:
        return key
    raise Refused(f"the key `{text}` is not text", f'quote it: "{text}"', event)
