"""The inbox: drafts that wait for a person, and what becomes of each, as plans of one commit.

`accept`, `merge`, `reject` and `later` here say it at once, for the command line; the app takes the
plans and commits in the background.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from labeltool.commands.context import Context
from labeltool.errors import Problem, UnknownName, UsageError
from labeltool.history import CommitMessage
from labeltool.model.case import Case
from labeltool.model.record import Draft, Triage
from labeltool.rules.acceptance import NOTHING_SHOWN, Shown
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write

Became = Literal["case", "merged", "rejected", "later"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft as one reading found it. `read_hash`: of its file's bytes."""

    draft: Draft
    path: str
    read_hash: str

    @property
    def id(self) -> str:
        return self.draft.id


@dataclass(frozen=True, slots=True)
class Inbox:
    """Drafts, the most important first, and what could not be read."""

    dataset: str
    waiting: tuple[Waiting, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Decided:
    """What becomes of drafts, before it is written. `case`: as it is then. `notes`: what a person
    should know of it.
    """

    became: Became
    dataset: str
    by: str
    drafts: tuple[str, ...]
    writes: tuple[Write, ...]
    message: CommitMessage
    case: Case | None = None
    path: str | None = None
    shown: Shown = NOTHING_SHOWN
    notes: tuple[str, ...] = ()
    commit: str | None = None


def inbox(ctx: Context, *, dataset: str | None = None) -> Inbox:
    """What waits in a dataset. Raises UnknownName, DataError where the dataset cannot be read."""
    store = ctx.workspace.dataset(dataset)
    loaded = store.drafts()
    waiting = [_waiting(ctx, store, draft.id) for draft in loaded.values]
    found = tuple(sorted((one for one in waiting if one is not None), key=order))
    return Inbox(store.name, found, tuple(loaded.problems))


def order(one: Waiting) -> tuple[str, int, int, str, str]:
    """What nobody put off comes first, by priority, how many say it, and who waits longest."""
    draft = one.draft
    date = (draft.source.date if draft.source else None) or ""
    return (draft.later or "", -draft.priority, -draft.seen, date, draft.id)


def find(ctx: Context, store: DatasetStore, id: str) -> Waiting:
    """One draft. Raises UnknownName, DataError."""
    found = _waiting(ctx, store, id)
    if found is None:
        raise UnknownName("draft", id, (one.id for one in store.drafts().values))
    return found


def _waiting(ctx: Context, store: DatasetStore, id: str) -> Waiting | None:
    path = paths.draft_path(store.name, id)
    data = ctx.workspace.read(path) if paths.place_of(path) else None
    if data is None:
        return None
    return Waiting(codec.decode(data, Draft, path), path, files.content_hash(data))


# Out of scope, and later.


def plan_reject(
    ctx: Context, store: DatasetStore, waiting: Sequence[Waiting], reason: str, *, by: str
) -> Decided:
    """Out of scope: each leaves a triage decision, so that the same input is not nominated again.

    Raises UsageError without a reason.
    """
    said = " ".join(reason.split())
    if not said:
        raise UsageError("out of scope wants a reason", hint="say --reason 'why'")
    writes: list[Write] = []
    for one in waiting:
        path = paths.triage_path(store.name, one.id)
        triage = Triage(cluster=one.id, scope="out", reason=said, by=by, at=ctx.iso_now())
        writes += [ctx.workspace.change(path, triage), Write(one.path, None, one.read_hash)]
    what = _named(waiting, "out of scope")
    message = _message(store, "triage", f"{what}: {said}", by, waiting)
    return Decided("rejected", store.name, by, _ids(waiting), tuple(writes), message)


def plan_later(
    ctx: Context, store: DatasetStore, waiting: Sequence[Waiting], *, by: str
) -> Decided:
    """Put off: after all that nobody put off, and after what was put off before."""
    now = ctx.iso_now()
    writes = tuple(
        Write(one.path, codec.encode(one.draft.model_copy(update={"later": now})), one.read_hash)
        for one in waiting
    )
    message = _message(store, "draft", _named(waiting, "put off"), by, waiting)
    return Decided("later", store.name, by, _ids(waiting), writes, message)


def _named(waiting: Sequence[Waiting], what: str) -> str:
    return f"{what} {waiting[0].id}" if len(waiting) == 1 else f"{what} {len(waiting)} drafts"


def _ids(waiting: Iterable[Waiting]) -> tuple[str, ...]:
    return tuple(one.id for one in waiting)


def _message(
    store: DatasetStore, kind: str, subject: str, by: str, waiting: Sequence[Waiting]
) -> CommitMessage:
    body = "" if len(waiting) == 1 else "\n".join(_ids(waiting))
    return CommitMessage(subject, body=body, trailers=trailers(store, kind, by))


def trailers(store: DatasetStore, kind: str, by: str, case: str = "") -> dict[str, str]:
    return {
        "Labeltool-Kind": kind,
        "Labeltool-Dataset": store.name,
        "Labeltool-Case": case,
        "Labeltool-Annotator": by,
    }


# At once.


def record(ctx: Context, decided: Decided) -> Decided:
    """Write it, in one commit. Raises Conflict, StorageError, CommitHeld."""
    return replace(decided, commit=ctx.record(decided.writes, decided.message).commit)


def reject(
    ctx: Context,
    ids: Sequence[str],
    reason: str,
    *,
    dataset: str | None = None,
    annotator: str | None = None,
) -> Decided:
    """Drafts out of scope, in one commit. Raises as `plan_reject` and `record`, and UnknownName."""
    ctx.history.recover()
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    waiting = [find(ctx, store, id) for id in dict.fromkeys(ids)]
    return record(ctx, plan_reject(ctx, store, waiting, reason, by=by))


def later(
    ctx: Context, ids: Sequence[str], *, dataset: str | None = None, annotator: str | None = None
) -> Decided:
    """Drafts put off, in one commit. Raises as `record`, and UnknownName."""
    ctx.history.recover()
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    waiting = [find(ctx, store, id) for id in dict.fromkeys(ids)]
    return record(ctx, plan_later(ctx, store, waiting, by=by))
