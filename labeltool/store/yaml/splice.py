"""Whole entries put into a hand-written file or taken out of it, line by line.

ruamel's round trip hangs a comment on the value before it, so an entry that is deleted takes the
next one's heading along, and one that is put in lands behind it. Here an entry owns its lines and
the comment right above it, and nothing else of the file is touched. Only block layout is spliced:
anything else comes back as it was, for `roundtrip.edit` to deal with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeltool.store.yaml import writer
from labeltool.store.yaml.lines import Place, Step, places

Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Lines [start, end) of one key or item, without the comments around it. `column`: of its key
    or dash; `inner`: of what it holds.
    """

    start: int
    end: int
    column: int
    inner: int


def without(data: bytes, path: Path) -> bytes:
    """Without the entry at `path`, and without the comment right above it unless it is the first
    of its list or mapping: there the comment speaks of all of them.
    """
    lines, found = _lines(data)
    entry = _entry(lines, found, path)
    if entry is None or _siblings(found, path[:-1]) == [path]:
        return data
    start = entry.start
    if _siblings(found, path[:-1])[0] != path:
        while start and _is_comment(lines[start - 1], entry.column):
            start -= 1
    end = entry.end
    if start and end < len(lines) and not lines[start - 1].strip() and not lines[end].strip():
        end += 1  # one empty line between its neighbours is enough
    return _joined(data, [*lines[:start], *lines[end:]])


def with_item(data: bytes, path: Path, value: Mapping[Any, Any], *, first: bool) -> bytes:
    """With `value` as the first or the last item of the list at `path`, which has items."""
    lines, found = _lines(data)
    items = _siblings(found, path)
    entry = _entry(lines, found, items[0 if first else -1]) if items else None
    if entry is None:
        return data
    gap = entry.inner - entry.column - 1
    text = _written(value, entry.inner)
    text[0] = " " * entry.column + "-" + " " * gap + text[0].lstrip(" ")
    at = entry.start if first else entry.end
    return _joined(data, [*lines[:at], *text, *lines[at:]])


def with_key(data: bytes, path: Path, key: Step, value: Any, *, after: Sequence[Step]) -> bytes:
    """With `key: value` in the mapping at `path`, behind the last of its keys that is in `after`;
    before all of them where none is.
    """
    lines, found = _lines(data)
    keys = _siblings(found, path)
    names = {str(one) for one in after}
    behind = [one for one in keys if str(one[-1]) in names]
    entry = _entry(lines, found, behind[-1] if behind else keys[0]) if keys else None
    if entry is None or lines[entry.start][: entry.column].strip():
        return data
    at = entry.end if behind else entry.start
    return _joined(data, [*lines[:at], *_written({key: value}, entry.column), *lines[at:]])


def renumbered(data: bytes, path: Path, numbers: Mapping[int, int]) -> bytes:
    """With other numbers as keys of the mapping at `path`: {old: new}."""
    lines, found = _lines(data)
    for place in reversed(found):
        if len(place.path) != len(path) + 1 or not _same(place.path[:-1], path):
            continue
        for old, new in numbers.items():
            line, name = lines[place.line], str(old)
            if str(place.path[-1]) == name and line.startswith(f"{name}:", place.column):
                rest = line[place.column + len(name) :]
                lines[place.line] = f"{line[: place.column]}{new}{rest}"
    return _joined(data, lines)


def _lines(data: bytes) -> tuple[list[str], list[Place]]:
    return data.decode().replace("\r\n", "\n").split("\n"), list(places(data))


def _joined(data: bytes, lines: Sequence[str]) -> bytes:
    return ("\r\n" if b"\r\n" in data else "\n").join(lines).encode()


def _written(value: Mapping[Any, Any], column: int) -> list[str]:
    text = writer.dump(value).decode().removesuffix("\n").split("\n")
    return [" " * column + line if line else line for line in text]


def _siblings(found: Sequence[Place], path: Path) -> list[Path]:
    """The entries directly below `path`, in file order."""
    deep = len(path) + 1
    return [
        place.path for place in found if len(place.path) == deep and _same(place.path[:-1], path)
    ]


def _same(left: Path, right: Path) -> bool:
    """A key written as a number matches as text and as number."""
    return [str(step) for step in left] == [str(step) for step in right]


def _entry(lines: Sequence[str], found: Sequence[Place], path: Path) -> _Entry | None:
    """None where the entry shares a line with another one."""
    index = next((at for at, place in enumerate(found) if _same(place.path, path)), None)
    if index is None:
        return None
    place = found[index]
    head = lines[place.line][: place.column]
    dash = head.rstrip(" ")
    if dash.strip() not in ("", "-"):
        return None
    # A first key shares its line with the dash of the item that holds it.
    column = len(dash) - 1 if dash and isinstance(path[-1], int) else place.column
    beyond = [one for one in found[index + 1 :] if not _same(one.path[: len(path)], path)]
    end = beyond[0].line if beyond else len(lines)
    if end <= place.line:
        return None
    while end > place.line + 1 and _is_between(lines[end - 1], column):
        end -= 1
    return _Entry(place.line, end, column, place.column)


def _is_between(line: str, column: int) -> bool:
    """Blank, or a comment that is not further in than `column`: no block text can be that."""
    return not line.strip() or (_is_comment(line) and _indent(line) <= column)


def _is_comment(line: str, column: int | None = None) -> bool:
    return line.lstrip().startswith("#") and column in (None, _indent(line))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
