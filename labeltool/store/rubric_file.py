"""A rubric's file brought to another version, as a person would have edited it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeltool.errors import DataError, Where
from labeltool.model.rubric import Criterion, Rubric
from labeltool.store import codec
from labeltool.store.yaml import roundtrip, splice


def rewritten(data: bytes, after: Rubric, path: str) -> bytes:
    """`data` saying `after`: its criteria, version and changelog. Comments, order and layout stay;
    what is removed takes its own comments along.

    Raises DataError where the file cannot be read or would not read back as `after`.
    """
    before = codec.decode(data, Rubric, path)

    def reach(document: Any) -> None:
        _reach(document, before, after)

    try:
        new = roundtrip.edit(_spliced(data, before, after), reach, path=path)
    except DataError:  # a layout that only looked like blocks
        new = roundtrip.edit(data, reach, path=path)
    if codec.decode(new, Rubric, path) != after:
        raise DataError(
            "would not read back as it was said",
            hint="make the change in an editor: labeltool rubric amend --edit",
            where=Where(path),
        )
    return new


def _spliced(data: bytes, before: Rubric, after: Rubric) -> bytes:
    """Whole entries come and go by their lines, so that each keeps its own comments."""
    for index in reversed(range(len(before.criteria))):
        if after.criterion(before.criteria[index].id) is None:
            data = splice.without(data, ("criteria", index))
    stayed = [one for one in before.criteria if after.criterion(one.id) is not None]
    for index, was in enumerate(stayed):
        now = after.criterion(was.id)
        if now is not None and now != was:
            data = _spliced_fields(data, ("criteria", index), was, now)
    for added in after.criteria:
        if before.criterion(added.id) is None:
            data = splice.with_item(data, ("criteria",), codec.plain(added), first=False)
    known = {change.version for change in before.changelog}
    for place, change in enumerate(after.changelog):
        if known and change.version not in known:
            entry = codec.plain(change)
            data = splice.with_item(data, ("changelog",), entry, first=place == 0)
    return data


def _spliced_fields(data: bytes, at: splice.Path, before: Criterion, after: Criterion) -> bytes:
    old, new = codec.plain(before), codec.plain(after)
    order = list(Criterion.model_fields)
    for field in order:
        if field in old and field not in new and getattr(after, field) in (None, {}):
            data = splice.without(data, (*at, field))
    for field in order:
        if field in new and field not in old:
            said = [one for one in order[: order.index(field)] if one in old or one in new]
            data = splice.with_key(data, at, field, new[field], after=said)
    if "levels" in old and "levels" in new:
        data = _spliced_levels(data, (*at, "levels"), before.levels, after.levels)
    return data


def _spliced_levels(
    data: bytes, at: splice.Path, before: Mapping[int, str], after: Mapping[int, str]
) -> bytes:
    """A level that has only another number keeps its line, and so its comments."""
    moved = {
        old: new
        for old, words in before.items()
        for new in after
        if after[new] == words and old != new and words not in (after.get(old), before.get(new))
    }
    left = {level for level in before if level not in moved}
    if len({*moved.values()}) == len(moved) and not left & {*moved.values()}:
        data = splice.renumbered(data, at, moved)
        left |= {*moved.values()}
    else:
        left = {*before}
    for level in sorted(left - {*after}):
        data = splice.without(data, (*at, level))
    for level in sorted({*after} - left):
        data = splice.with_key(data, at, level, after[level], after=range(level))
    return data


def _reach(document: Any, before: Rubric, after: Rubric) -> None:
    document["version"] = after.version
    rows = document["criteria"]
    for index in range(len(rows) - 1, -1, -1):
        if after.criterion(rows[index]["id"]) is None:
            del rows[index]
    places = {row["id"]: row for row in rows}
    for criterion in after.criteria:
        was = before.criterion(criterion.id)
        if was is not None:
            _bring(places[criterion.id], was, criterion)
        elif criterion.id not in places:
            rows.append(codec.plain(criterion))
    _log(document, after)


def _bring(row: Any, before: Criterion, after: Criterion) -> None:
    old, new = codec.plain(before), codec.plain(after)
    for field in Criterion.model_fields:
        if old.get(field) == new.get(field):
            continue
        if field == "levels" and row.get("levels") and new.get("levels"):
            _levels(row["levels"], new["levels"])
        elif field in new or field in row:
            _put(row, field, new.get(field, getattr(after, field)))


def _levels(row: Any, wanted: dict[int, str]) -> None:
    for level in [level for level in row if level not in wanted]:
        del row[level]
    for place, (level, words) in enumerate(sorted(wanted.items())):
        if level in row:
            if row[level] != words:
                row[level] = words
        else:
            row.insert(place, level, words)


def _put(row: Any, field: str, value: Any) -> None:
    if value in (None, {}):
        row.pop(field, None)
    elif field in row:
        row[field] = value
    else:
        fields = list(Criterion.model_fields)
        before = [key for key in row if fields.index(key) < fields.index(field)]
        row.insert(len(before), field, value)


def _log(document: Any, after: Rubric) -> None:
    log = document.get("changelog")
    if not log:
        document["changelog"] = [codec.plain(change) for change in after.changelog]
        return
    there = {entry["version"] for entry in log}
    for place, change in enumerate(after.changelog):
        if change.version not in there:
            log.insert(place, codec.plain(change))
