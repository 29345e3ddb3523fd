"""How a conflict can be settled: by a whole side, or, of two amendments, by both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from labeltool.commands.conflicts import (
    Conflict,
    as_rubric,
    open_conflicts,
    settle_conflict,
    versions,
)
from labeltool.commands.context import Context
from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.model.rubric import Rubric
from labeltool.rules import rubric_merge
from labeltool.rules.merge import Side
from labeltool.store import codec
from labeltool.store.rubric_file import rewritten
from labeltool.store.yaml import edit

Key = Literal["ours", "theirs", "both"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to settle a conflict. `key`: ours, theirs or both; None as content: no file."""

    key: Key
    words: str
    content: bytes | None


def choices(ctx: Context, conflict: Conflict) -> tuple[Choice, ...]:
    """The whole files that settle `conflict`.

    A rubric that both amended becomes a version of its own whatever is chosen, since labels were
    given under either; `both` is there where the amendments do not touch the same criterion.
    """
    mine, yours = conflict.ours_by or "ours", conflict.theirs_by or "theirs"
    ours, theirs = conflict.ours_noun, conflict.theirs_noun
    if isinstance(ours, Rubric) and isinstance(theirs, Rubric):
        return _of_rubrics(ctx, conflict, ours, theirs)
    return (
        Choice("ours", f"take {mine}'s" if conflict.ours else "take it away", conflict.ours),
        Choice("theirs", f"take {yours}'s" if conflict.theirs else "take it away", conflict.theirs),
    )


def take(ctx: Context, key: Key, only: Sequence[str] = ()) -> tuple[Conflict, ...]:
    """Settles the conflicts in `only` (all, where it is empty) by one choice; which they were.

    Raises UnknownName for a path without a conflict, UsageError where that choice is not open.
    """
    found = {one.path: one for one in open_conflicts(ctx)}
    for path in only:
        if path not in found:
            raise UnknownName("conflict", path, found)
    wanted = [found[path] for path in dict.fromkeys(only or found)]
    chosen = []
    for conflict in wanted:
        ways = {one.key: one for one in choices(ctx, conflict)}
        if key not in ways:
            raise UsageError(
                f"{conflict.path}: `{key}` is not open here", hint=f"take {' or '.join(ways)}"
            )
        chosen.append((conflict, ways[key].content))
    for conflict, content in chosen:
        settle_conflict(ctx, conflict, content)
    return tuple(wanted)


def _of_rubrics(
    ctx: Context, conflict: Conflict, ours: Rubric, theirs: Rubric
) -> tuple[Choice, ...]:
    base = as_rubric(conflict.base_noun)
    mine, yours = conflict.ours_by or "ours", conflict.theirs_by or "theirs"
    version = max(ours.version, theirs.version)
    said = f"two amendments side by side, to version {versions(ours, theirs)}"
    ways: list[tuple[Key, str, dict[str, Side], str]] = [
        ("ours", f"take {mine}'s", rubric_merge.whole(base, ours, theirs, "ours"), mine),
        ("theirs", f"take {yours}'s", rubric_merge.whole(base, ours, theirs, "theirs"), yours),
    ]
    if not rubric_merge.clashes(base, ours, theirs):
        ways.append(("both", "take both amendments", {}, "both"))
    found = []
    for key, words, picks, whose in ways:
        stays = "both stand" if key == "both" else f"{whose}'s stands"
        after = rubric_merge.joined(
            base, ours, theirs, picks, date=ctx.iso_now()[:10], reason=f"{said}: {stays}"
        )
        data = conflict.theirs if key == "theirs" else conflict.ours
        content = _written(data or b"", after, conflict.path)
        found.append(Choice(key, f"{words}, as version {version + 1}", content))
    return tuple(found)


def _written(data: bytes, after: Rubric, path: str) -> bytes:
    """With the comments of `data`; where they cannot be kept, without."""
    entries = {entry.version: codec.plain(entry) for entry in after.changelog}

    def join(document: Any) -> None:
        for entry in document.get("changelog") or ():
            for name, value in entries.get(entry["version"], {}).items():
                if entry.get(name) != value:
                    entry[name] = value

    try:
        return rewritten(edit(data, join, path=path), after, path)
    except DataError:
        return codec.encode(after)
