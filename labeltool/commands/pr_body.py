"""A pull request in words: what was decided, what was disputed and why it ended so.

Everything from files is escaped; names of paths and ids that were validated stand between
backticks, which they cannot hold. Scores of outputs whose round is open are never told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labeltool.commands import pr_disputes, pr_reports, pr_rounds, pr_rubrics
from labeltool.commands.pr_changes import Changes, Labelled
from labeltool.commands.pr_words import more, plural
from labeltool.report.agreement import markdown_change
from labeltool.rules.weakened import Weakening
from labeltool.safe_text import for_markdown

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


def title(changes: Changes, who: str | None) -> str:
    """One line, made of counts and ids only."""
    parts = [plural(changes.labels, "label")] if changes.labels else []
    if changes.resolutions:
        parts.append(plural(len(changes.resolutions), "resolution"))
    parts += [
        f"{one.name}@{one.after.version}" if one.after else f"{one.name} removed"
        for one in changes.amended
    ]
    parts += [f"round {one.number} {one.how}" for one in changes.rounds]
    if not parts:
        parts = [plural(sum(many), _WORDS[kind]) for kind, many in changes.others.items()]
    said = ", ".join(parts) or "decisions taken back"
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


def unmerged(clashes: Sequence[str], base: str) -> str:
    """A word before all others where `base` has moved on in the same files."""
    if not clashes:
        return ""
    many, have = plural(len(clashes), "file"), "has" if len(clashes) == 1 else "have"
    return (
        f":warning: {many} told of here {have} changed on {for_markdown(base)} too. "
        "`labeltool sync` merges them; then this text says what is left."
    )


def _parts(changes: Changes, shown: int) -> Iterator[str]:
    yield from weakenings(changes.weakened, shown)
    yield decided(changes)
    yield from pr_reports.reports(changes.reported, shown)
    yield from pr_rounds.rounds(changes)
    yield from pr_disputes.disputes(changes, shown)
    yield from agreements(changes)
    yield from pr_rubrics.rubrics(changes, shown)


def weakenings(found: tuple[Weakening, ...], shown: int) -> Iterator[str]:
    """The notice that a gate would be easier to pass."""
    if not found:
        return
    lines = [
        f"### :warning: Gate weakened: {plural(len(found), 'change')} to look at twice",
        "",
        *(f"- **{for_markdown(one.where)}**: {for_markdown(one.what)}" for one in found[:shown]),
    ]
    yield "\n".join([*lines, *more(len(found), shown)])


def decided(changes: Changes) -> str:
    """What is in it, counted."""
    lines = [_labelled(one) for one in changes.labelled]
    lines += [f"- {plural(changes.unlabelled, 'label')} taken back"] if changes.unlabelled else []
    for part in (pr_disputes, pr_rubrics, pr_rounds):
        lines += part.decided(changes)
    lines += [f"- {_counted(kind, *many)}" for kind, many in changes.others.items()]
    return "\n".join(["### Decided", "", *(lines or ["nothing"])])


def agreements(changes: Changes) -> Iterator[str]:
    """Agreement and open disagreements before and after, of each dataset where they changed."""
    for one in changes.agreement:
        said = markdown_change(one.before, one.after, one.lapsed).strip()
        closed = [
            f"round {round.number}"
            for round in changes.rounds
            if round.dataset == one.after.dataset and round.how == "closed"
        ]
        if said and closed:
            said += (
                f"\n\nBefore: without the outputs of {', '.join(closed)}, hidden until it closed."
            )
        if said:
            yield said


def _labelled(one: Labelled) -> str:
    said = f"- **{plural(one.count, 'label')}** of `{one.system}` by `{one.annotator}`"
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
    return f"{plural(new + edited + gone, _WORDS[kind])}: {', '.join(hows)}"
