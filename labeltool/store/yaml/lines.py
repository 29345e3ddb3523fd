"""Where a field stands in a file: a second pass, made only after a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from labeltool.store.yaml.events import NextEvent, c_events, python_events, wants_python

Step = str | int
_MOST_NODES = 1_000_000


class Place(NamedTuple):
    """A field by its path, and where its key (in a list: its item) starts, counted from 0."""

    path: tuple[Step, ...]
    line: int
    column: int


def locate(data: bytes, field_path: Sequence[Step]) -> int | None:
    """The line, from 1, of the field at `field_path`, or of the nearest thing that holds it.

    Steps are keys and list positions; a key written as a number matches as text and as number.
    None where not even the first step is there.
    """
    wanted = tuple(str(step) for step in field_path)
    best: Place | None = None
    for place in places(data):
        path = tuple(str(step) for step in place.path)
        if path == wanted[: len(path)] and (best is None or len(path) > len(best.path)):
            best = place
            if len(path) == len(wanted):
                break
    return None if best is None else best.line + 1


def field_at(data: bytes, line: int, column: int) -> str | None:
    """The dotted field that stands at or last before `line` and `column`, both from 0."""
    found: Place | None = None
    for place in places(data):
        if (place.line, place.column) > (line, column):
            break
        found = place
    return ".".join(str(step) for step in found.path) if found else None


def places(data: bytes) -> Iterator[Place]:
    """The fields in file order, up to where the file breaks off."""
    seen = 0
    try:
        for place in _walk(c_events(data)):
            seen += 1
            yield place
            if seen >= _MOST_NODES:
                return
    except YAMLError as error:
        if wants_python(error, data):
            yield from _rest(data, seen)
    except (ValueError, RecursionError):
        return


def _rest(data: bytes, seen: int) -> Iterator[Place]:
    try:
        for number, place in enumerate(_walk(python_events(data))):
            if number >= seen:
                yield place
    except (YAMLError, ValueError, RecursionError):
        return


class _Level:
    """One open mapping (`key` is set while its value is awaited) or list (`index`)."""

    __slots__ = ("index", "key", "mapping")

    def __init__(self, *, mapping: bool):
        self.mapping = mapping
        self.index = -1
        self.key: str | None = None


def _walk(get: NextEvent) -> Iterator[Place]:
    levels: list[_Level] = []
    while (event := get()) is not None:
        if isinstance(event, CollectionEndEvent):
            levels.pop()
            if levels:
                levels[-1].key = None
        elif isinstance(event, NodeEvent):
            place = _enter(levels, event)
            if place is not None:
                yield place


def _enter(levels: list[_Level], event: NodeEvent) -> Place | None:
    place = None
    level = levels[-1] if levels else None
    opens = isinstance(event, CollectionStartEvent)
    if level is not None and level.mapping and level.key is None:
        level.key = event.value if isinstance(event, ScalarEvent) else "?"
        place = _place(levels, event)
        if not opens:
            return place
    elif level is not None and level.mapping:
        level.key = level.key if opens else None
    elif level is not None:
        level.index += 1
        place = _place(levels, event)
    if opens:
        levels.append(_Level(mapping=isinstance(event, MappingStartEvent)))
    return place


def _place(levels: list[_Level], event: NodeEvent) -> Place:
    path = tuple(level.index if not level.mapping else level.key or "" for level in levels)
    mark = event.start_mark
    return Place(path, mark.line, mark.column)
