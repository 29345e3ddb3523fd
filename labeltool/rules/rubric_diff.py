"""What two versions of a rubric differ in, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from labeltool.model.rubric import Criterion, Rubric

Value = str | int | float | bool | None
What = Literal["added", "removed", "changed"]

_PLAIN = (
    *("text", "min", "max", "kind", "grader", "weight"),
    *("pass_at", "required", "tolerance", "na"),
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`field` as the file names it; a level's text is `levels.2`. None: it is not there."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """An added or removed criterion, or the fields in which one that stayed is another.

    asked_again: the changelog names it between the two versions, so its labels went stale.
    """

    id: str
    what: What
    fields: tuple[FieldChange, ...] = ()
    asked_again: bool = False


@dataclass(frozen=True, slots=True)
class RubricDiff:
    """`fields` are the rubric's own: task, pass mark, stability, the criteria's order."""

    fields: tuple[FieldChange, ...]
    criteria: tuple[CriterionChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.criteria)

    def criterion(self, id: str) -> CriterionChange | None:
        return next((change for change in self.criteria if change.id == id), None)


def diff(before: Rubric, after: Rubric) -> RubricDiff:
    """From `before` to `after`: criteria in the order of `after`, the removed ones last."""
    again = after.changed_since(before.version)
    found = [_criterion(before.criterion(one.id), one, one.id in again) for one in after.criteria]
    found += [
        CriterionChange(one.id, "removed")
        for one in before.criteria
        if after.criterion(one.id) is None
    ]
    return RubricDiff(
        tuple(_of_rubric(before, after)), tuple(one for one in found if one is not None)
    )


def _criterion(before: Criterion | None, after: Criterion, again: bool) -> CriterionChange | None:
    if before is None:
        return CriterionChange(after.id, "added", asked_again=again)
    fields = tuple(_of_criterion(before, after))
    return CriterionChange(after.id, "changed", fields, again) if fields or again else None


def _of_criterion(before: Criterion, after: Criterion) -> Iterator[FieldChange]:
    for name in _PLAIN:
        yield from _changed(name, getattr(before, name), getattr(after, name))
    for level in sorted({*before.levels, *after.levels}):
        yield from _changed(f"levels.{level}", before.levels.get(level), after.levels.get(level))
    yield from _changed("check", _check(before), _check(after))


def _check(criterion: Criterion) -> str | None:
    check = criterion.check
    return None if check is None else f"{check.kind} {check.value}"


def _of_rubric(before: Rubric, after: Rubric) -> Iterator[FieldChange]:
    yield from _changed("task", before.task, after.task)
    yield from _changed("pass_mark", before.pass_mark, after.pass_mark)
    for name in ("alpha", "agreement"):
        yield from _changed(
            f"stable.{name}", getattr(before.stable, name), getattr(after.stable, name)
        )
    stayed = [one.id for one in before.criteria if after.criterion(one.id)]
    now = [one.id for one in after.criteria if before.criterion(one.id)]
    yield from _changed("order", ", ".join(stayed), ", ".join(now))


def _changed(field: str, before: Value, after: Value) -> Iterator[FieldChange]:
    if before != after:
        yield FieldChange(field, before, after)
