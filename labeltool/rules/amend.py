"""An amendment: a rubric with some of its criteria changed, one version on, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from labeltool.errors import UnknownName, UsageError
from labeltool.model.rubric import Change, Criterion, Rubric

FIELDS = ("text", "kind", "grader", "weight", "pass_at", "required", "tolerance", "na", "check")
"""What `Alter` may set; the scale has an edit of its own, and an id never changes."""


@dataclass(frozen=True, slots=True)
class Alter:
    """Other values for fields of a criterion (those of FIELDS; None: the default again), other
    words for levels (None: none).
    """

    criterion: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[int, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rescale:
    """Another scale. `moved` says which new level an old one has become: the words of the levels
    and pass_at go along. Empty, every level stays where it is.
    """

    criterion: str
    min: int
    max: int
    moved: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Add:
    """A new criterion, after all the others."""

    criterion: Criterion


@dataclass(frozen=True, slots=True)
class Remove:
    criterion: str


Edit = Alter | Rescale | Add | Remove


def apply(
    rubric: Rubric,
    edits: Sequence[Edit],
    *,
    date: str | None,
    reason: str,
    cases: Sequence[str] = (),
) -> Rubric:
    """The rubric after all `edits`, in order: version + 1, with its changelog entry.

    date: ISO text. Raises UsageError where an edit does not fit, where nothing changes, and for an
    empty reason; UnknownName for a criterion that is not there.
    """
    return amended(rubric, edited(rubric, edits), date=date, reason=reason, cases=cases)


def edited(rubric: Rubric, edits: Sequence[Edit]) -> Rubric:
    """The rubric with the criteria that the edits leave; version and changelog as they were."""
    criteria = list(rubric.criteria)
    for edit in edits:
        criteria = _after(criteria, edit)
    if not criteria:
        raise UsageError("a rubric has at least one criterion", hint="add another one first")
    return rubric.model_copy(update={"criteria": tuple(criteria)})


def amended(
    before: Rubric,
    wanted: Rubric,
    *,
    date: str | None,
    reason: str,
    cases: Sequence[str] = (),
) -> Rubric:
    """`wanted`'s content as the version after `before`, with its changelog entry, newest first
    where `before` has them so. Version and changelog of `wanted` do not matter.

    Raises UsageError where nothing changes, for another name and for an empty reason.
    """
    if wanted.name != before.name:
        raise UsageError(
            f"an amendment does not rename {before.name} to {wanted.name}",
            hint="a rubric under another name is another rubric: write its file",
        )
    if not reason.strip():
        raise UsageError("an amendment needs a reason", hint="say why: --reason TEXT")
    content = wanted.model_copy(update={"version": before.version, "changelog": before.changelog})
    if content == before:
        raise UsageError(
            "nothing would change: the rubric says that already",
            hint="`labeltool rubric show` prints it as it stands",
        )
    entry = Change(
        version=before.version + 1,
        date=date,
        changed=meaning_changed(before, content),
        reason=reason.strip(),
        cases=tuple(dict.fromkeys(cases)),
    )
    log = before.changelog
    changelog = (entry, *log) if newest_first(log) else (*log, entry)
    return content.model_copy(update={"version": entry.version, "changelog": changelog})


def newest_first(changelog: Sequence[Change]) -> bool:
    """Whether a new entry stands before the others; it does where they do not tell."""
    versions = [change.version for change in changelog]
    return len(versions) < 2 or versions[0] > versions[-1]


def meaning_changed(before: Rubric, after: Rubric) -> tuple[str, ...]:
    """The criteria of which no score given under `before` may count under `after`: those that mean
    something else, new ones (an earlier criterion of that id may have left labels behind) and
    removed ones. In the order of `after`, the removed ones last.
    """
    other = [one.id for one in after.criteria if not _same(before.criterion(one.id), one)]
    gone = [one.id for one in before.criteria if after.criterion(one.id) is None]
    return (*other, *gone)


def _same(before: Criterion | None, after: Criterion) -> bool:
    return before is not None and _meaning(before) == _meaning(after)


def _meaning(criterion: Criterion) -> tuple[Any, ...]:
    """What a person who scores it goes by.

    Not pass_at, required, weight and tolerance: they say what is made of a score, and it is
    computed from the present rubric each time, so the same score still stands. Not whether a judge
    scores it too (grader judge or human): the question to people is the same. White space is no
    meaning: lines wrapped anew ask nobody again.
    """
    words = {level: _bare(text) for level, text in criterion.levels.items()}
    scale = (criterion.min, criterion.max, criterion.na)
    return (_bare(criterion.text), words, scale, criterion.kind, criterion.by_hand, criterion.check)


def _bare(text: str) -> str:
    return " ".join(text.split())


def _after(criteria: list[Criterion], edit: Edit) -> list[Criterion]:
    if isinstance(edit, Add):
        if any(one.id == edit.criterion.id for one in criteria):
            raise UsageError(
                f"there is a criterion {edit.criterion.id} already",
                hint=f"change it: --criterion {edit.criterion.id}; or choose another id",
            )
        return [*criteria, edit.criterion]
    if all(one.id != edit.criterion for one in criteria):
        raise UnknownName("criterion", edit.criterion, [one.id for one in criteria])
    if isinstance(edit, Remove):
        return [one for one in criteria if one.id != edit.criterion]
    change: Callable[[Criterion], Criterion]
    change = _altered(edit) if isinstance(edit, Alter) else _rescaled(edit)
    return [change(one) if one.id == edit.criterion else one for one in criteria]


def _altered(edit: Alter) -> Callable[[Criterion], Criterion]:
    unknown = [name for name in edit.fields if name not in FIELDS]
    if unknown:
        raise UnknownName("field", unknown[0], FIELDS)

    def change(criterion: Criterion) -> Criterion:
        for level in edit.levels:
            if level not in criterion.scale:
                raise UsageError(
                    f"{criterion.id} has no level {level}: "
                    f"its scale is {criterion.min} to {criterion.max}",
                    hint="change the scale first: --rescale",
                )
        levels = {**criterion.levels, **edit.levels}
        words = {level: levels[level] for level in sorted(levels) if levels[level]}
        return _made(criterion, {**edit.fields, "levels": words})

    return change


def _rescaled(edit: Rescale) -> Callable[[Criterion], Criterion]:
    scale = f"{edit.min}..{edit.max}"

    def place(criterion: Criterion, level: int, what: str) -> int:
        new = edit.moved.get(level, level if not edit.moved else None)
        if new is None or not edit.min <= new <= edit.max:
            raise UsageError(
                f"{what} of {criterion.id} stands at {level}, which {scale} has no place for",
                hint=f"say which level it becomes: --map {level}=N",
            )
        return new

    def change(criterion: Criterion) -> Criterion:
        for old, new in edit.moved.items():
            if old not in criterion.scale:
                raise UsageError(
                    f"{criterion.id} has no level {old} to map",
                    hint=f"its scale is {criterion.min} to {criterion.max}",
                )
            if not edit.min <= new <= edit.max:
                raise UsageError(f"level {new} is outside {scale}", hint=f"map {old} inside it")
        levels: dict[int, str] = {}
        for level, words in sorted(criterion.levels.items()):
            new = place(criterion, level, "a described level")
            if new in levels:
                raise UsageError(
                    f"two described levels of {criterion.id} would become {new}",
                    hint="join their words first: --level, then rescale",
                )
            levels[new] = words
        fields: dict[str, Any] = {"min": edit.min, "max": edit.max, "levels": levels}
        if criterion.pass_at is not None:
            fields["pass_at"] = place(criterion, criterion.pass_at, "pass_at")
        return _made(criterion, fields)

    return change


def _made(criterion: Criterion, fields: Mapping[str, Any]) -> Criterion:
    value = {**criterion.model_dump(exclude_defaults=True), **fields}
    try:
        return Criterion.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = ".".join(str(step) for step in first["loc"])
        message = str((first.get("ctx") or {}).get("error", first["msg"]))
        raise UsageError(f"{criterion.id}: {at + ': ' if at else ''}{message}") from None
