"""A pull request in words: what was decided, what was disputed and why it ended so.

Everything from files is escaped; names of paths and ids that were validated stand between
backticks, which they cannot hold. Scores of outputs whose round is open are never told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from labeltool.commands.pr_changes import Amended, Changes, Labelled, Settled
from labeltool.model.resolution import Resolution
from labeltool.report.agreement import markdown_change
from labeltool.rules.rubric_diff import CriterionChange, FieldChange, diff
from labeltool.rules.weakened import Weakening
from labeltool.safe_text import for_markdown, one_line

LONGEST = 60_000
"""Characters; GitHub takes 65,536, and whoever adds a word by hand shall have room."""

_WORDS = {
    "case": "case",
    "output": "recorded output",
    "preference": "pairwise choice",
    "calibration": "calibration",
    "baseline": "baseline",
    "draft": "draft in the inbox",
    "triage": "triage call",
    "dataset": "dataset setting",
    "settings": "project setting",
    "other": "other file",
}
_NOTE = 400


def title(changes: Changes, who: str | None) -> str:
    """One line, made of counts and ids only."""
    parts = [_plural(changes.labels, "label")] if changes.labels else []
    if changes.settled:
        parts.append(_plural(len(changes.settled), "resolution"))
    parts += [
        f"{one.name}@{one.after.version}" if one.after else f"{one.name} removed"
        for one in changes.amended
    ]
    if not parts:
        parts = [f"round {one.number} {one.how}" for one in changes.rounds]
        parts += [_plural(sum(many), _WORDS[kind]) for kind, many in changes.others.items()]
    said = ", ".join(parts) or "nothing"
    return f"{who}: {said}" if who else said


def body(changes: Changes, *, first: str = "") -> str:
    """The text of the pull request, `first` at its start; at most LONGEST characters.

    Long lists are shown in part until all of it fits, and their rest is counted.
    """
    for shown in (400, 200, 100, 50, 20, 5, 1):
        text = "\n\n".join(part for part in (first, *_parts(changes, shown)) if part) + "\n"
        if len(text) <= LONGEST:
            return text
    return text[: LONGEST - 40].rpartition("\n")[0] + "\n\n... cut: see the files\n"


def _parts(changes: Changes, shown: int) -> Iterator[str]:
    yield from weakenings(changes.weakened, shown)
    yield decided(changes)
    yield from resolutions(changes, shown)
    yield from agreements(changes)
    yield from rubrics(changes, shown)


def weakenings(found: tuple[Weakening, ...], shown: int) -> Iterator[str]:
    """The notice that a gate would be easier to pass."""
    if not found:
        return
    lines = [
        f"### :warning: Gate weakened: {_plural(len(found), 'change')} to look at twice",
        "",
        *(f"- **{for_markdown(one.where)}**: {for_markdown(one.what)}" for one in found[:shown]),
    ]
    yield "\n".join([*lines, *_more(len(found), shown)])


def decided(changes: Changes) -> str:
    """What is in it, counted."""
    lines = [_labelled(one) for one in changes.labelled]
    if changes.settled:
        resolvers = sorted({one.resolution.resolver or "nobody named" for one in changes.settled})
        many = _plural(len(changes.settled), "resolution")
        lines.append(f"- **{many}** by {_ids(resolvers)}")
    for gone, word in ((changes.taken_back, "resolution"), (changes.unlabelled, "label")):
        lines += [f"- {_plural(gone, word)} taken back"] if gone else []
    lines += [f"- rubric `{one.name}`: {_versions(one)}" for one in changes.amended]
    lines += [f"- round {one.number} of `{one.dataset}` {one.how}" for one in changes.rounds]
    lines += [f"- {_counted(kind, *many)}" for kind, many in changes.others.items()]
    return "\n".join(["### Decided", "", *(lines or ["nothing"])])


def resolutions(changes: Changes, shown: int) -> Iterator[str]:
    """Each dispute: who said what, what it was settled at, why."""
    told = [one for one in changes.settled if not one.hidden]
    hidden = len(changes.settled) - len(told)
    if not changes.settled:
        return
    lines = ["### Disputed, and how it was settled", ""]
    if told:
        lines += [
            "| case | criterion | said | settled | because | note |",
            "|---|---|---|---|---|---|",
        ]
        for one in told[:shown]:
            lines += _settled(one)
        lines += _more(len(told), shown)
    if hidden:
        lines += [
            "",
            f"{_plural(hidden, 'resolution')} not shown: a round of their outputs is open.",
        ]
    yield "\n".join(lines)


def agreements(changes: Changes) -> Iterator[str]:
    """Agreement and open disagreements before and after, dataset by dataset."""
    for before, after in changes.agreement:
        said = markdown_change(before, after).strip()
        yield said.replace("### agreement on", "### Agreement, before and after:", 1)


def rubrics(changes: Changes, shown: int) -> Iterator[str]:
    """What each amended rubric says now."""
    for one in changes.amended:
        if one.after is not None:
            yield "\n".join(_rubric(one, shown))


def _labelled(one: Labelled) -> str:
    said = f"- **{_plural(one.count, 'label')}** of `{one.system}` by `{one.annotator}`"
    said += f" (`{one.dataset}`)"
    if not one.blind:
        return said
    many = "all" if one.blind == one.count else str(one.blind)
    return f"{said}, {many} of them in a round that is open: only counted here"


def _counted(kind: str, new: int, edited: int, gone: int) -> str:
    found = ((new, "new"), (edited, "edited"), (gone, "gone"))
    hows = [
        how if count == new + edited + gone else f"{count} {how}" for count, how in found if count
    ]
    return f"{_plural(new + edited + gone, _WORDS[kind])}: {', '.join(hows)}"


def _settled(one: Settled) -> Iterator[str]:
    resolution = one.resolution
    because = (resolution.because or "not said").replace("_", " ")
    note = for_markdown(one_line(resolution.note or "", _NOTE))
    for place, (criterion, score) in enumerate(resolution.scores.items()):
        said = ", ".join(
            f"{name} {scores[criterion]}"
            for name, scores in sorted(resolution.settles.items())
            if criterion in scores
        )
        first = place == 0
        cells = (
            f"`{resolution.case}`{' (settled anew)' if one.again else ''}" if first else "",
            for_markdown(criterion),
            for_markdown(said),
            f"**{score}**{_by(resolution) if first else ''}",
            because if first else "",
            note if first else "",
        )
        yield "| " + " | ".join(cells) + " |"


def _by(resolution: Resolution) -> str:
    if resolution.resolver is None:
        return ""
    own = ", one of them" if resolution.resolver in resolution.settles else ""
    return f" by {for_markdown(resolution.resolver)}{own}"


def _rubric(one: Amended, shown: int) -> Iterator[str]:
    assert one.after is not None
    yield f"### Rubric `{one.name}`: {_versions(one)}"
    after = one.after
    low = one.before.version if one.before else 0
    for change in sorted(after.changelog, key=lambda entry: entry.version):
        if low < change.version <= after.version and (change.reason or change.cases):
            cases = f" ({_ids(change.cases)})" if change.cases else ""
            yield f"\n{change.version}: {for_markdown(change.reason or 'no reason given')}{cases}"
    if one.before is None:
        yield "\n" + "\n".join(
            f"- `{criterion.id}` {criterion.min} to {criterion.max}: {for_markdown(criterion.text)}"
            for criterion in after.criteria
        )
        return
    found = diff(one.before, after)
    if found.fields:
        yield "\n" + _fields(found.fields, shown)
    for criterion in found.criteria[:shown]:
        yield f"\n**`{criterion.id}`** {_what(criterion)}"
        if criterion.fields:
            yield "\n" + _fields(criterion.fields, shown)
    yield from _more(len(found.criteria), shown)


def _what(criterion: CriterionChange) -> str:
    said = f"is {criterion.what}" if criterion.what != "changed" else "changed"
    return f"{said}; its labels are asked for again" if criterion.asked_again else said


def _fields(fields: tuple[FieldChange, ...], shown: int) -> str:
    """A diff: each line starts with its sign, so that no text can close the fence."""
    lines = ["```diff"]
    for one in fields[:shown]:
        lines += [
            f"{sign} {one.field}: {one_line(str(value), _NOTE)}"
            for sign, value in (("-", one.before), ("+", one.after))
            if value is not None
        ]
    return "\n".join([*lines, "```", *_more(len(fields), shown)])


def _versions(one: Amended) -> str:
    if one.after is None:
        return "removed, or not readable any more"
    if one.before is None:
        return f"new, version {one.after.version}"
    if one.before.version == one.after.version:
        return f"edited within version {one.after.version}"
    return f"version {one.before.version} to {one.after.version}"


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(for_markdown(id) for id in ids)


def _more(total: int, shown: int) -> list[str]:
    return ["", f"... and {total - shown} more: see the files"] if total > shown else []


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
