"""The drafts of a promotion on disk, in one commit, after a last look for what must not be kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from labeltool.commands.context import Context
from labeltool.commands.promote import Plan
from labeltool.errors import DataError, LabeltoolError, Where
from labeltool.history import CommitMessage
from labeltool.model.record import Draft
from labeltool.redact import placeholders
from labeltool.redact.redactor import Redactor
from labeltool.store import codec, paths
from labeltool.store.workspace import Write


@dataclass(frozen=True)
class Promoted:
    """`commit` is None where nothing had to be written."""

    plan: Plan
    paths: tuple[str, ...]
    commit: str | None


def write(ctx: Context, plan: Plan) -> Promoted:
    """The drafts in one commit. Raises DataError where something that must not be written down is
    still in one, CommitHeld where the files are saved and not committed.
    """
    new = {paths.draft_path(plan.dataset, draft.id): draft for draft in plan.new}
    grown = {paths.draft_path(plan.dataset, draft.id): draft for draft in plan.grown}
    for path, draft in (new | grown).items():
        refuse_secrets(ctx, path, draft)
    writes = [Write(path, codec.encode(draft), None) for path, draft in new.items()]
    writes += [ctx.workspace.change(path, draft) for path, draft in grown.items()]
    if not writes:
        return Promoted(plan, (), None)
    commit = ctx.record(writes, _message(plan, who(ctx, plan.by))).commit
    return Promoted(plan, tuple(new), commit)


def refuse_secrets(ctx: Context, path: str, draft: Draft) -> None:
    """The last look before history keeps it. Raises DataError where a scan finds anything."""
    redactor = Redactor("", None, ctx.workspace.settings.promote.regions)
    for name, value in codec.plain(draft).items():
        redactor.value(value)
        if redactor.counts:
            raise DataError(
                f"holds {placeholders.said(redactor.counts)}",
                hint="nothing was written; take it out of the log, or leave that record out",
                where=Where(path, field=name),
            )


def who(ctx: Context, said: str | None) -> str:
    """Who promotes, so that `undo` finds it; in CI it may be nobody that the settings list."""
    try:
        return ctx.annotator(said)
    except LabeltoolError:
        if said is not None:
            raise
        return ""


def _message(plan: Plan, by: str) -> CommitMessage:
    parts = [f"{len(plan.new)} draft{'' if len(plan.new) == 1 else 's'}"] if plan.new else []
    if plan.grown:
        parts.append(f"{len(plan.grown)} seen again")
    return CommitMessage(
        f"promote {' and '.join(parts)} into the inbox of {plan.dataset}",
        body=f"From {PurePosixPath(plan.origin).name} ({plan.kind}).\n\n"
        + "\n".join(draft.id for draft in plan.new),
        trailers={
            "Labeltool-Kind": "promote",
            "Labeltool-Dataset": plan.dataset,
            "Labeltool-Annotator": by,
        },
    )
