"""Edits of files that people write by hand: comments, order, quotes and layout stay.

ruamel's round trip keeps comments but lays some lines out anew (a `null` becomes empty, aligned
values move). So the edit is written twice, without and with the change, and only the lines in
which the two differ are taken over into the text as it was.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.events import CollectionEndEvent, MappingStartEvent, SequenceStartEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    LiteralScalarString,
    PlainScalarString,
    SingleQuotedScalarString,
)

from labeltool.errors import DataError, Where
from labeltool.store.yaml import reader
from labeltool.store.yaml.carry import carried_over
from labeltool.store.yaml.events import python_events
from labeltool.store.yaml.writer import Unwritable, fits_one_line, style_of

_STYLES: dict[str, type[str]] = {
    '"': DoubleQuotedScalarString,
    "'": SingleQuotedScalarString,
    "|": LiteralScalarString,
    "": PlainScalarString,
}


def edit(data: bytes, change: Callable[[Any], None], *, path: str = "(edited file)") -> bytes:
    """`data` after `change` was applied to its mapping; what was not changed keeps its lines.

    `change` gets the value as nested dicts and lists and changes it in place; texts that it puts
    in are written in the writer's style. Data without any change is handed back as it is.

    Raises DataError for what the strict reader refuses, and where the edited text would not read
    back as the changed value.
    """
    before = reader.parse(data, path=path)
    text = data.decode().replace("\r\n", "\n")
    document = _yaml(text).load(text)
    kept = _Kept(document)
    untouched = _dumped(document, text)
    change(document)
    wanted = _plain(document)
    if _same(wanted, before):
        return data
    try:
        kept.restyle_others(document)
    except Unwritable as error:
        raise DataError(error.message, hint=error.hint, where=Where(path)) from None
    changed = _dumped(document, text)
    for candidate in (carried_over(text, untouched, changed), changed):
        if _reads_as(candidate, wanted, path):
            lines_end = "\r\n" if b"\r\n" in data else "\n"
            return candidate.replace("\n", lines_end).encode()
    raise DataError(
        "the change cannot be written into this file without altering something else",
        hint="make it in an editor",
        where=Where(path),
    )


def _dumped(document: Any, text: str) -> str:
    stream = io.StringIO()
    _yaml(text).dump(document, stream)
    return stream.getvalue()


def _yaml(text: str) -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _Resolver
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = sys.maxsize
    mapping, offset = _layout(text)
    yaml.indent(mapping=mapping, sequence=offset + 2, offset=offset)
    return yaml


def _anchored(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern.pattern})\Z")


def _implicit() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """The reader's plain scalars in ruamel's form: first character -> [(tag, pattern)]."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for first in reader.NUMBER_STARTS:
        found[first] = [
            ("tag:yaml.org,2002:int", _anchored(reader.INT)),
            ("tag:yaml.org,2002:float", _anchored(reader.FLOAT)),
        ]
    for word, value in reader.WORDS.items():
        tag = f"tag:yaml.org,2002:{'null' if value is None else 'bool'}"
        found.setdefault(word[:1], []).append((tag, _anchored(re.compile(re.escape(word)))))
    return found


class _Resolver(VersionedResolver):
    """Types plain scalars as the strict reader does: a date is text, `1_000` too."""

    _TYPES = _implicit()

    @property
    def versioned_resolver(self) -> Any:
        return self._TYPES


class _Representer(RoundTripRepresenter):
    def represent_none(self, data: Any) -> ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _Representer.represent_none)


def _layout(text: str) -> tuple[int, int]:
    """How far the file indents mappings in mappings, and the dash of a list in a mapping."""
    mapping, offset = 2, 0
    seen_mapping = seen_list = False
    parents: list[tuple[type, int]] = []
    get = python_events(text.encode())
    while (event := get()) is not None:
        kind = type(event)
        if isinstance(event, CollectionEndEvent):
            parents.pop()
        elif kind in (MappingStartEvent, SequenceStartEvent):
            column = event.start_mark.column
            in_mapping = bool(parents) and parents[-1][0] is MappingStartEvent
            step = column - parents[-1][1] if in_mapping else 0
            if kind is MappingStartEvent and in_mapping and not event.flow_style:
                mapping = mapping if seen_mapping else step
                seen_mapping = True
            elif kind is SequenceStartEvent and in_mapping and not event.flow_style:
                offset = offset if seen_list else step
                seen_list = True
            parents.append((kind, column))
    return mapping, offset


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from list(value.items())
    elif isinstance(value, list):
        yield from enumerate(list(value))


class _Kept:
    """The texts that stood in a file. ruamel gives a new text the style of the one it replaces, so
    only their identity tells them from what a change put there.
    """

    def __init__(self, document: Any):
        self._texts: dict[int, str] = {}
        self._keep(document)

    def _keep(self, value: Any) -> None:
        for key, member in _members(value):
            if type(member) is str:
                value[key] = PlainScalarString(member)
            if isinstance(key, str):
                self._texts[id(key)] = key
            if isinstance(member, str):
                self._texts[id(value[key])] = value[key]
            else:
                self._keep(member)

    def _is_new(self, text: str) -> bool:
        return self._texts.get(id(text)) is not text

    def restyle_others(self, value: Any, *, flow: bool = False) -> None:
        """Give what is new in `value` the writer's style."""
        flow = flow or bool(getattr(value, "fa", None) and value.fa.flow_style())
        for key, member in _members(value):
            if isinstance(member, str):
                if self._is_new(member):
                    value[key] = _STYLES[style_of(member, flow=flow)](member)
            elif type(member) in (dict, list, tuple):
                value[key] = self._laid_out(member, flow=flow)
            else:
                self.restyle_others(member, flow=flow)
        if isinstance(value, CommentedMap):
            self._restyle_keys(value, flow=flow)

    def _restyle_keys(self, value: CommentedMap, *, flow: bool) -> None:
        for position, key in enumerate(list(value)):
            if type(key) is str and self._is_new(key) and style_of(key, flow=flow):
                value.insert(position, _key(key, flow=flow), value.pop(key))

    def _laid_out(self, value: Any, *, flow: bool) -> Any:
        made: Any
        if isinstance(value, dict):
            flow = flow or fits_one_line(value.values(), value)
            made = CommentedMap(value)
        else:
            flow = flow or fits_one_line(value)
            made = CommentedSeq(value)
        if flow:
            made.fa.set_flow_style()
        else:
            made.fa.set_block_style()
        self.restyle_others(made, flow=flow)
        return made


def _key(key: str, *, flow: bool) -> str:
    style = style_of(key, flow=flow)
    return _STYLES['"' if style == "|" else style](key)


def _plain(value: Any) -> Any:
    """The value as the reader would give it."""
    if isinstance(value, dict):
        return {_plain(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value


def _same(left: Any, right: Any) -> bool:
    """Equal, with the types and the order of keys."""
    return repr(left) == repr(right)


def _reads_as(text: str, wanted: Any, path: str) -> bool:
    try:
        return _same(reader.parse(text.encode(), path=path), wanted)
    except DataError:
        return False
