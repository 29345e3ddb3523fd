"""Rubrics in a pull request: why they were amended, and what they say now instead."""

from __future__ import annotations

from collections.abc import Iterator

from labeltool.commands.pr_changes import Amended, Changes
from labeltool.commands.pr_words import NOTE, more, names
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.rubric_diff import CriterionChange, FieldChange, diff
from labeltool.safe_text import for_markdown, one_line


def decided(changes: Changes) -> list[str]:
    return [f"- rubric `{one.name}`: {_versions(one)}" for one in changes.amended]


def rubrics(changes: Changes, shown: int) -> Iterator[str]:
    """Each rubric's reasons and difference; of a new one, all that it asks."""
    for one in changes.amended:
        if one.after is not None:
            yield "\n".join(_rubric(one, one.after, shown))


def _rubric(one: Amended, after: Rubric, shown: int) -> Iterator[str]:
    yield f"### Rubric `{one.name}`: {_versions(one)}"
    told = one.before.changelog if one.before else ()
    known = {change.version for change in told}
    for change in sorted(after.changelog, key=lambda entry: entry.version):
        if change not in told and (change.reason or change.cases):
            cases = f" ({names(change.cases)})" if change.cases else ""
            edited = " (its entry is edited)" if change.version in known else ""
            yield f"\nVersion {change.version}{edited}: {_reason(change.reason)}{cases}"
    if one.before is None:
        yield "\n" + "\n".join(line for criterion in after.criteria for line in _whole(criterion))
        return
    found = diff(one.before, after)
    if found.fields:
        yield "\n" + _fields(found.fields, shown)
    for criterion in found.criteria[:shown]:
        yield f"\n**`{criterion.id}`** {_what(criterion)}\n"
        yield _criterion(criterion, one.before, after, shown)
    yield from more(len(found.criteria), shown)


def _criterion(change: CriterionChange, before: Rubric, after: Rubric, shown: int) -> str:
    if change.what == "changed":
        return _fields(change.fields, shown) if change.fields else ""
    spoken_of = (after if change.what == "added" else before).criterion(change.id)
    return "\n".join(_whole(spoken_of)) if spoken_of is not None else ""


def _whole(criterion: Criterion) -> Iterator[str]:
    scale = f"{criterion.min} to {criterion.max}"
    by_check = " (by a check)" if criterion.check is not None else ""
    yield f"- `{criterion.id}` {scale}{by_check}: {for_markdown(criterion.text)}"
    for level, words in sorted(criterion.levels.items()):
        yield f"  - {level}: {for_markdown(words)}"


def _what(criterion: CriterionChange) -> str:
    said = f"is {criterion.what}" if criterion.what != "changed" else "changed"
    return f"{said}; its labels are asked for again" if criterion.asked_again else said


def _fields(fields: tuple[FieldChange, ...], shown: int) -> str:
    """A diff: each line starts with its sign, so that no text can close the fence."""
    lines = ["```diff"]
    for one in fields[:shown]:
        lines += [
            f"{sign} {one.field}: {one_line(str(value), NOTE)}"
            for sign, value in (("-", one.before), ("+", one.after))
            if value is not None
        ]
    return "\n".join([*lines, "```", *more(len(fields), shown)])


def _reason(reason: str | None) -> str:
    return for_markdown(one_line(reason, NOTE)) if reason else "no reason given"


def _versions(one: Amended) -> str:
    if one.after is None:
        return "removed, or not readable any more"
    if one.before is None:
        return f"new, version {one.after.version}"
    if one.before.version == one.after.version:
        return f"edited within version {one.after.version}"
    return f"version {one.before.version} to {one.after.version}"
