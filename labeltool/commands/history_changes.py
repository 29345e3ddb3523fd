"""What one decision changed: its files before and after, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from labeltool.commands.context import Context
from labeltool.errors import DataError
from labeltool.rules.human import blind_outputs
from labeltool.store import paths
from labeltool.store.yaml import reader

MOST_FILES = 50
"""Files of one decision that are read; an import may hold thousands."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`field` is dotted, empty for a file that is no mapping. None: it is not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """hidden: others' words on an output whose round is open; then there are no fields."""

    path: str
    what: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...]
    hidden: bool = False


def changes(
    ctx: Context, commit: str, files: Sequence[str], *, annotator: str | None = None
) -> tuple[FileChange, ...]:
    """What `commit` did to `files`, of which the first MOST_FILES are read; `annotator` reads."""
    return tuple(
        found
        for path in files[:MOST_FILES]
        if (found := _change(ctx, commit, path, annotator)) is not None
    )


def _change(ctx: Context, commit: str, path: str, annotator: str | None) -> FileChange | None:
    before = ctx.history.before(commit, path)
    after = ctx.history.show(commit, path)
    if before == after:
        return None
    what: Literal["added", "removed", "changed"] = (
        "added" if before is None else "removed" if after is None else "changed"
    )
    if _is_blind(ctx, path, annotator):
        return FileChange(path, what, (), hidden=True)
    return FileChange(path, what, tuple(_fields(before, after, path)))


def _is_blind(ctx: Context, path: str, annotator: str | None) -> bool:
    """Whether the file tells what others said of an output that is still labelled blindly."""
    place = paths.place_of(path)
    if place is None or place.kind not in ("label", "resolution", "round"):
        return False
    if place.kind == "label" and place.annotator == annotator:
        return False
    if place.dataset not in ctx.workspace.dataset_names:
        return False
    rounds = ctx.workspace.dataset(place.dataset).rounds().values
    blind = blind_outputs(rounds)
    if place.kind == "round":  # a closed one keeps scores of outputs that may be asked for again
        return any(
            one.closed is not None and (one.system, output.case) in blind
            for one in rounds
            if str(one.number) == place.name
            for output in one.outputs
        )
    return (place.system, place.name) in blind


def _fields(before: bytes | None, after: bytes | None, path: str) -> Iterator[FieldChange]:
    """Fields in the order of the file as it became, those that went last."""
    try:
        was, now = _flat(before, path), _flat(after, path)
    except DataError:
        was, now = {"": _text(before)}, {"": _text(after)}
    for field in [*now, *(field for field in was if field not in now)]:
        old, new = was.get(field), now.get(field)
        if old != new:
            yield FieldChange(field, old, new)


def _flat(data: bytes | None, path: str) -> dict[str, str | None]:
    """{dotted field: its value as text}."""
    if data is None:
        return {}
    return dict(_leaves("", reader.parse(data, path=path)))


def _leaves(field: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(f"{field}.{name}" if field else str(name), inner)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for place, inner in enumerate(value):
            name = inner.get("id") or inner.get("case") or place
            yield from _leaves(f"{field}.{name}", inner)
    elif isinstance(value, str):
        yield field, value
    else:
        yield field, json.dumps(value, ensure_ascii=False)


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "replace")
