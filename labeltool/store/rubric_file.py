"""A rubric's file brought to another version, as a person would have edited it."""

from __future__ import annotations

from typing import Any

from labeltool.errors import DataError, Where
from labeltool.model.rubric import Criterion, Rubric
from labeltool.store import codec
from labeltool.store.yaml import roundtrip


def rewritten(data: bytes, after: Rubric, path: str) -> bytes:
    """`data` saying `after`: its criteria, version and changelog. Comments, order and layout stay;
    what is removed takes its own comments along.

    Raises DataError where the file cannot be read or would not read back as `after`.
    """
    before = codec.decode(data, Rubric, path)
    new = roundtrip.edit(data, lambda document: _reach(document, before, after), path=path)
    if codec.decode(new, Rubric, path) != after:
        raise DataError(
            "would not read back as it was said",
            hint="make the change in an editor: labeltool rubric amend --edit",
            where=Where(path),
        )
    return new


def _reach(document: Any, before: Rubric, after: Rubric) -> None:
    document["version"] = after.version
    rows = document["criteria"]
    for index in range(len(rows) - 1, -1, -1):
        if after.criterion(rows[index]["id"]) is None:
            del rows[index]
    places = {row["id"]: row for row in rows}
    for criterion in after.criteria:
        was = before.criterion(criterion.id)
        if was is None:
            rows.append(codec.plain(criterion))
        else:
            _bring(places[criterion.id], was, criterion)
    _log(document, before, after)


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


def _log(document: Any, before: Rubric, after: Rubric) -> None:
    known = {change.version for change in before.changelog}
    log = document.get("changelog")
    if log is None:
        document["changelog"] = [codec.plain(change) for change in after.changelog]
        return
    for place, change in enumerate(after.changelog):
        if change.version not in known:
            log.insert(place, codec.plain(change))
