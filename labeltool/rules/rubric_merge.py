"""Two amendments of one rubric made side by side, and the version that joins them.

Both are called version 3, say, and labels were given under either meaning of it. So whatever
people choose is a version of its own after both, and what either side amended goes stale: no label
given under one meaning counts under the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeltool.model.rubric import Change, Criterion, Rubric
from labeltool.rules.amend import meaning_changed, newest_first
from labeltool.rules.merge import Side

_FIELDS = ("task", "pass_mark", "stable")


def both_amended(base: Rubric | None, ours: Rubric, theirs: Rubric) -> bool:
    """Whether each side made a version of its own, and they are not the same."""
    was = base.version if base is not None else 0
    return ours != theirs and min(ours.version, theirs.version) > was


def clashes(base: Rubric | None, ours: Rubric, theirs: Rubric) -> tuple[str, ...]:
    """Criteria and fields that both sides changed, and not alike: somebody must choose."""
    return tuple(
        name for name, values in _parts(base, ours, theirs).items() if _side(values) is None
    )


def joined(
    base: Rubric | None,
    ours: Rubric,
    theirs: Rubric,
    picks: Mapping[str, Side],
    *,
    date: str | None,
    reason: str,
) -> Rubric:
    """The version after both. `picks`: which side stands, by criterion or field; what it leaves
    out is taken from the side that changed it. Raises KeyError for a clash that nobody picked.

    A criterion that the sides added stands after the others. date: ISO text.
    """
    parts = _parts(base, ours, theirs)
    taken: dict[str, Any] = {}
    for name, values in parts.items():
        side = picks.get(name) or _side(values)
        if side is None:
            raise KeyError(name)
        taken[name] = values[1] if side == "ours" else values[2]
    criteria = tuple(one for one in taken.values() if isinstance(one, Criterion))
    fields = {name: taken[name] for name in _FIELDS}
    body = ours.model_copy(update={"criteria": criteria, **fields})
    changed = (*meaning_changed(ours, body), *meaning_changed(theirs, body))
    version = max(ours.version, theirs.version) + 1
    entry = Change(version=version, date=date, changed=tuple(dict.fromkeys(changed)), reason=reason)
    log = _changelog(ours, theirs)
    changelog = (entry, *reversed(log)) if newest_first(ours.changelog) else (*log, entry)
    return body.model_copy(update={"version": version, "changelog": changelog})


def whole(base: Rubric | None, ours: Rubric, theirs: Rubric, side: Side) -> dict[str, Side]:
    """Picks that take all of one side."""
    return dict.fromkeys(_parts(base, ours, theirs), side)


def _parts(
    base: Rubric | None, ours: Rubric, theirs: Rubric
) -> dict[str, tuple[object, object, object]]:
    """{criterion or field: (base, ours, theirs)}; None where there is no such criterion."""
    parts: dict[str, tuple[object, object, object]] = {}
    for one in (*ours.criteria, *theirs.criteria):
        was = base.criterion(one.id) if base is not None else None
        parts[one.id] = (was, ours.criterion(one.id), theirs.criterion(one.id))
    for name in _FIELDS:
        parts[name] = (getattr(base, name, None), getattr(ours, name), getattr(theirs, name))
    return parts


def _side(values: tuple[object, object, object]) -> Side | None:
    base, ours, theirs = values
    if ours in (theirs, base):
        return "theirs"
    return "ours" if theirs == base else None


def _changelog(ours: Rubric, theirs: Rubric) -> list[Change]:
    """The entries of both, oldest first; where both have one of a version, the two in one."""
    found: dict[int, Change] = {}
    for entry in (*ours.changelog, *theirs.changelog):
        held = found.get(entry.version)
        found[entry.version] = entry if held in (None, entry) else _one(held, entry)
    return [found[version] for version in sorted(found)]


def _one(a: Change, b: Change) -> Change:
    reasons = dict.fromkeys(text for text in (a.reason, b.reason) if text)
    return Change(
        version=a.version,
        date=max(a.date or "", b.date or "") or None,
        changed=tuple(dict.fromkeys((*a.changed, *b.changed))),
        reason="\n".join(reasons) or None,
        cases=tuple(dict.fromkeys((*a.cases, *b.cases))),
    )
