"""Plain values to YAML: one style, chosen text by text so that every reader gets it back.

Double-quoted where a text has what only escapes can carry, a literal block where it has lines,
plain otherwise, and quoted where some YAML 1.1 or 1.2 reader would take the plain text for
something else (`no`, `12:30:00`, `1_000`, a hash of digits, a date).
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ruamel.yaml.emitter import Emitter
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.tag import Tag

from labeltool.errors import DataError, Where
from labeltool.store.yaml.events import CEmitter

FLOW_WIDTH = 72

# Controls but for tab and newline, and what YAML readers take for breaks or refuse.
_ESCAPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(p << 16 | 0xFFFE)}{chr(p << 16 | 0xFFFF)}" for p in range(1, 17))
    + "]"
)
_ESCAPED_ASCII = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_TAB_FIRST = re.compile(r"[\n ]*\t")
_SYNTAX = re.compile(
    r"""\A(?:[,\[\]{}#&*!|>'"%@`?:=<\s]|-(?:[\s-]|\Z)|\.\.\.)|:(?:\s|\Z)|\s\#|\s\Z|\t"""
)
_FLOW_SYNTAX = re.compile(r"[,\[\]{}?:]")
_RETYPED = re.compile(
    r"""~|null|true|false|yes|no|on|off|y|n
    | [-+]? (?: 0[xob][0-9a-f_,]* | [0-9_.,:]+(?:e[-+]?[0-9_]*)? | \.(?:inf|nan) )
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9].*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BUSY_IN_DOUBLE = re.compile(r'["\\]')
_IMPLICIT = (True, True)


def dump(value: Mapping[Any, Any], *, path: str = "(new file)") -> bytes:
    """`value` (dict, list, str, int, float, bool, None) as UTF-8 text that ends in one newline.

    Keys keep their order. `parse` gives the same value back, and writing that gives the same
    bytes. `path` only names the file in errors.

    Raises DataError for text that UTF-8 cannot hold (half of a surrogate pair), for NaN and
    infinity, and for keys that are neither text nor integers; TypeError for other types.
    """
    writing = _Writing()
    try:
        writing.mapping(value, flow=False)
    except Unwritable as error:
        where = Where(path, field=".".join(writing.path) or None)
        raise DataError(error.message, hint=error.hint, where=where) from None
    return writing.emit()


class Unwritable(Exception):
    """A value that no file can hold."""

    def __init__(self, message: str, hint: str):
        super().__init__(message)
        self.message = message
        self.hint = hint


class _Writing:
    """The events of one value. `path` is the field being written, for errors."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.path: list[str] = []
        self.beyond_c = False

    def emit(self) -> bytes:
        stream = io.BytesIO()
        emitter = _python_emitter(stream) if self.beyond_c else _c_emitter(stream)
        emitter.emit(StreamStartEvent(encoding="utf-8"))
        emitter.emit(DocumentStartEvent(explicit=False))
        for event in self.events:
            if self.beyond_c and isinstance(event, ScalarEvent):
                event.ctag = Tag()  # the Python emitter looks into it where the text is empty
            emitter.emit(event)
        emitter.emit(DocumentEndEvent(explicit=False))
        emitter.emit(StreamEndEvent())
        return stream.getvalue()

    def mapping(self, value: Mapping[Any, Any], *, flow: bool) -> None:
        flow = flow or not value
        self.events.append(MappingStartEvent(None, None, True, flow_style=flow))
        for key, member in value.items():
            self.path.append(str(key))
            self.key(key, flow=flow)
            self.value(member, flow=flow)
            self.path.pop()
        self.events.append(MappingEndEvent())

    def sequence(self, value: Sequence[Any], *, flow: bool) -> None:
        flow = flow or not value
        self.events.append(SequenceStartEvent(None, None, True, flow_style=flow))
        for number, member in enumerate(value):
            self.path.append(str(number))
            self.value(member, flow=flow)
            self.path.pop()
        self.events.append(SequenceEndEvent())

    def value(self, value: Any, *, flow: bool) -> None:
        if isinstance(value, str):
            self.scalar(value, self.style(value, flow=flow))
        elif isinstance(value, Mapping):
            self.mapping(value, flow=flow or fits_one_line(value.values(), value))
        elif isinstance(value, list | tuple):
            self.sequence(value, flow=flow or fits_one_line(value))
        else:
            self.scalar(_atom(value), "")

    def key(self, key: Any, *, flow: bool) -> None:
        if isinstance(key, str):
            style = self.style(key, flow=flow)
            self.scalar(key, '"' if style == "|" else style)
        elif type(key) is int:
            self.scalar(str(key), "")
        else:
            raise Unwritable(f"the key {key!r} is neither text nor an integer", "make it text")

    def scalar(self, text: str, style: str) -> None:
        self.events.append(ScalarEvent(None, None, _IMPLICIT, text, style=style))

    def style(self, text: str, *, flow: bool) -> str:
        """The style of `text`; also notes whether only the Python emitter writes it so."""
        style = style_of(text, flow=flow)
        if not text.isascii():
            self.beyond_c = self.beyond_c or max(text) > "\uffff"
        # libyaml takes a tab for special and would write all of the block in one line.
        self.beyond_c = self.beyond_c or (style == "|" and "\t" in text)
        return style


def style_of(text: str, *, flow: bool) -> str:
    """How `text` is written: `"`, `'`, `|`, or "" for plain; `flow` inside `{}` and `[]`."""
    if not text.isascii() and _SURROGATE.search(text):
        raise Unwritable("the text holds half of a surrogate pair", "remove that character")
    if _needs_escapes(text):
        return '"'
    if "\n" in text:
        return '"' if flow else "|"
    if _SYNTAX.search(text) or _RETYPED.fullmatch(text) or (flow and _FLOW_SYNTAX.search(text)):
        return "'" if _BUSY_IN_DOUBLE.search(text) and "\t" not in text else '"'
    return ""


def _needs_escapes(text: str) -> bool:
    """Whether a plain text or a literal block would lose or could not hold part of it."""
    return (
        text.endswith((" ", "\t", "\n\n"))
        or (_ESCAPED_ASCII if text.isascii() else _ESCAPED).search(text) is not None
        or " \n" in text
        or "\t\n" in text
        or ("\t" in text and _TAB_FIRST.match(text) is not None)
        or text.strip("\n") == ""
    )


def _atom(value: object) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _decimal(float(value))
    raise TypeError(f"{type(value).__name__} is no plain value")


def _decimal(value: float) -> str:
    """The shortest text that every reader takes for this very float: YAML 1.1 wants a point."""
    if value - value != 0:
        raise Unwritable(f"{value} is no number to keep", "leave it out")
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    return text if "." in mantissa or not exponent else f"{mantissa}.0e{exponent}"


def fits_one_line(members: Iterable[Any], keys: Iterable[Any] = ()) -> bool:
    """Whether a mapping or list holds only short scalars: `{tone: 1, length: 0}`."""
    width = 0
    for member in (*keys, *members):
        if isinstance(member, str):
            if "\n" in member:
                return False
            width += len(member)
        elif isinstance(member, Mapping | list | tuple):
            return False
        else:
            width += 5
        width += 2
        if width > FLOW_WIDTH:
            return False
    return True


def _c_emitter(stream: io.BytesIO) -> Any:
    return CEmitter(stream, indent=2, width=-1, allow_unicode=True, encoding="utf-8")


class _PythonEmitter(Emitter):
    use_version = (1, 1)  # asked of its serializer, which is itself when it stands alone


def _python_emitter(stream: io.BytesIO) -> Any:
    return _PythonEmitter(stream, indent=2, width=sys.maxsize, allow_unicode=True)
