"""Cases and drafts of a pull request that came from somebody's report, each with its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labeltool.commands.at_commit import Tree
from labeltool.commands.pr_words import more, note
from labeltool.model.case import Case
from labeltool.model.record import Draft
from labeltool.rules.check_text import check_text
from labeltool.safe_text import for_markdown
from labeltool.store import paths

_ISSUE = re.compile(r"https://[\w.-]+/[\w./-]+/issues/\d+")
"""Such an address and no other stands as a link: the host links the report back from there."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A new case, or a new draft (`status` None). checks: what they ask of an output."""

    dataset: str
    id: str
    tier: str
    status: str | None
    link: str
    checks: tuple[str, ...]


def reported(base: Tree, after: Tree, touched: Sequence[str]) -> Iterator[Reported]:
    """Of what is new between the two, what names the issue that it came from."""
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.dataset is None or path in base.files:
            continue
        found = _noun(after, path, place.kind)
        if found is None or found.source is None or found.source.kind != "bug_report":
            continue
        link = found.source.link
        if link is None or not _ISSUE.fullmatch(link):
            continue
        status = found.status if isinstance(found, Case) else None
        checks = tuple(check_text(check) for check in found.checks)
        yield Reported(place.dataset, found.id, found.tier, status, link, checks)


def reports(found: Sequence[Reported], shown: int) -> Iterator[str]:
    """The section of a pull request; none where nothing was reported."""
    if not found:
        return
    lines = ["### From reports", "", *map(_line, found[:shown])]
    yield "\n".join([*lines, *more(len(found), shown)])


def _line(one: Reported) -> str:
    if one.status is None:
        return (
            f"- `{one.id}`, a draft for the {one.tier} tier: {one.link}\n"
            "  `labeltool inbox` makes it a case"
        )
    said = f"- `{one.id}` ({one.tier}, {for_markdown(one.status)}): {one.link}"
    if one.checks:
        said += f"\n  what came back fails: {note('; '.join(one.checks))}"
    if one.status == "open":
        said += f"\n  it gates nothing until `labeltool promote --close {one.id}`, once it passes"
    return said


def _noun(tree: Tree, path: str, kind: str) -> Case | Draft | None:
    if kind == "case":
        return tree.noun(path, Case)
    return tree.noun(path, Draft) if kind == "draft" else None
