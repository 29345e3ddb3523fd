"""`undo`: take my last decision back by a new commit."""

from __future__ import annotations

from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.history import ANNOTATOR
from labeltool.errors import UsageError


@dataclass(frozen=True)
class TakenBack:
    """A decision taken back, or brought back: its subject, and the files that changed. let_go:
    somebody else had put its files back before it was committed, so that nothing is left of it.
    """

    by: str
    subject: str
    paths: tuple[str, ...]
    commit: str | None
    let_go: bool = False


def undo(ctx: Context, *, annotator: str | None = None) -> TakenBack | None:
    """Take back the annotator's last standing decision; None where there is none. One that waits
    over a file which somebody put back as it was goes first: it is let go.

    Works by value, so also after a merge. Raises Conflict where a file was changed since,
    CommitHeld where the files are as they were and the commit waits.
    """
    by = ctx.annotator(annotator)
    ctx.history.recover()
    try:
        return _let_go(ctx, by) or _commit(ctx, by, redo=False)
    except UsageError:
        return None


def _let_go(ctx: Context, by: str) -> TakenBack | None:
    for held in reversed(ctx.history.commit_pending()):
        entry = held.saved.entry
        if held.reason == "changed_outside" and entry.message.trailers.get(ANNOTATOR) == by:
            ctx.history.let_go(held.saved)
            return TakenBack(by, entry.message.subject, held.saved.paths, None, let_go=True)
    return None


def take_back(ctx: Context, commit: str, *, annotator: str | None = None) -> TakenBack:
    """Take back that very decision: mine, standing, and the last on its files.

    Raises UsageError saying which of these is not so, Conflict and CommitHeld as `undo`.
    """
    return _commit(ctx, ctx.annotator(annotator), redo=False, commit=commit)


def redo(ctx: Context, *, annotator: str | None = None) -> TakenBack:
    """Bring back what the annotator took back last; errors as `undo`, UsageError for nothing."""
    return _commit(ctx, ctx.annotator(annotator), redo=True)


def _commit(ctx: Context, by: str, *, redo: bool, commit: str | None = None) -> TakenBack:
    ctx.history.recover()
    saved = ctx.history.redo(by) if redo else ctx.history.undo(by, commit=commit)
    committed = ctx.history.commit(saved)
    subject = saved.entry.message.subject
    subject = subject.removeprefix("Redo: " if redo else "Undo: ")
    return TakenBack(by, subject, saved.paths, committed.commit)
