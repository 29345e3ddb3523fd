"""`undo`: take my last decision back by a new commit."""

from __future__ import annotations

from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.errors import UsageError


@dataclass(frozen=True)
class TakenBack:
    """The decision that no longer stands: its commit's subject, and the files that changed back."""

    by: str
    subject: str
    paths: tuple[str, ...]
    commit: str | None


def undo(ctx: Context, *, annotator: str | None = None) -> TakenBack | None:
    """Take back the annotator's last standing decision; None where there is none.

    Works by value, so also after a merge. Raises Conflict where a file was changed since,
    CommitHeld where the files are as they were and the commit waits.
    """
    by = ctx.annotator(annotator)
    ctx.history.recover()
    try:
        saved = ctx.history.undo(by)
    except UsageError:
        return None
    committed = ctx.history.commit(saved)
    subject = saved.entry.message.subject.removeprefix("Undo: ")
    return TakenBack(by, subject, saved.paths, committed.commit)
