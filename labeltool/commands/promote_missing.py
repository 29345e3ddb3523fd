"""`promote --missing`: bugs that were closed and left no case behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from labeltool.commands.context import Context
from labeltool.errors import DataError, Where
from labeltool.model.case import Source
from labeltool.sources import documents, packed

Stands = Literal["case", "draft", "nothing"]
_NOT_FIXED = frozenset({"not_planned", "duplicate"})
_MAX = 64 * 2**20


@dataclass(frozen=True)
class Issue:
    """`stands`: what is there of it: a case, only a draft in the inbox, or nothing."""

    number: int
    title: str
    link: str | None
    stands: Stands
    what: str | None = None


@dataclass(frozen=True)
class Missing:
    """`left_out`: pull requests, and issues closed as not planned or as duplicates."""

    dataset: str
    issues: tuple[Issue, ...]
    left_out: int

    @property
    def missing(self) -> tuple[Issue, ...]:
        return tuple(one for one in self.issues if one.stands == "nothing")

    @property
    def waiting(self) -> tuple[Issue, ...]:
        return tuple(one for one in self.issues if one.stands == "draft")


def missing(ctx: Context, stream: BinaryIO, name: str, *, dataset: str | None = None) -> Missing:
    """Which of the closed issues in `stream` (a JSON list, as `gh issue list --json` or GitHub's
    API gives it) no case and no draft names. Raises DataError, UnknownName.
    """
    store = ctx.workspace.dataset(dataset)
    told: dict[str, tuple[Stands, str | None]] = {}
    for draft in store.drafts().values:
        told |= dict.fromkeys(_keys(draft.source, draft.also), ("draft", draft.id))
    for case in store.cases().values:
        told |= dict.fromkeys(_keys(case.source), ("case", case.id))
    issues: list[Issue] = []
    left_out = 0
    for one in _listed(stream, name):
        if "pull_request" in one or _reason(one) in _NOT_FIXED:
            left_out += 1
            continue
        number = one["number"]
        link = next(
            (one[key] for key in ("html_url", "url") if isinstance(one.get(key), str)), None
        )
        nothing: tuple[Stands, str | None] = ("nothing", None)
        stands, what = next(
            (told[key] for key in (link, f"#{number}") if key is not None and key in told), nothing
        )
        title = one.get("title")
        issues.append(Issue(number, title if isinstance(title, str) else "", link, stands, what))
    return Missing(store.name, tuple(issues), left_out)


def _keys(source: Source | None, also: Sequence[str] = ()) -> Iterator[str]:
    """What issues are called in a case: their addresses, or their numbers. `also`: of those that
    were folded into it.
    """
    for one in (*also, *(source.also if source else ())):
        if "://" in one:
            yield one
        numbered = re.fullmatch(r"(?:[\w./-]*#|.*/issues/|GH-)(\d+)", one)
        if numbered:
            yield f"#{numbered[1]}"
    if source is None:
        return
    if source.link:
        yield source.link
    number = re.fullmatch(r"(?:[\w./-]*#|.*/issues/|GH-)?(\d+)", source.ref or "")
    if number and source.kind == "bug_report":
        yield f"#{number[1]}"


def _listed(stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    where = Where(name)
    hint = "give it what `gh issue list --state closed --json number,title,url,stateReason` prints"
    data = packed.unpacked(stream, name).read(_MAX + 1)
    if len(data) > _MAX:
        raise DataError(f"is larger than {_MAX >> 20} MiB", hint=hint, where=where)
    try:
        value = documents.parse(data)
    except ValueError:
        raise DataError("is not JSON", hint=hint, where=where) from None
    if not isinstance(value, list):
        raise DataError("is no list of issues", hint=hint, where=where)
    for one in value:
        if not isinstance(one, dict) or not isinstance(one.get("number"), int):
            raise DataError("holds something that is no issue", hint=hint, where=where)
        yield one


def _reason(issue: dict[str, Any]) -> str:
    said = issue.get("state_reason", issue.get("stateReason"))
    return said.casefold() if isinstance(said, str) else ""
