"""`promote --accept`: a bug report that says all a case needs becomes one, shown to fail.

Nobody has read it yet, so it comes in open and unverified, and only as far as a branch: whoever
merges that reviews it. Where anything is missing it stays a draft, for a person in the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.inbox import Decided, find, record
from labeltool.commands.inbox_accept import plan_accept
from labeltool.commands.inbox_proof import suggested
from labeltool.commands.promote import Plan
from labeltool.commands.promote_write import who
from labeltool.errors import DataError, UsageError
from labeltool.model.record import Draft
from labeltool.rules.acceptance import Edits
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class Finished:
    """What became of a draft: a case, or `why` it is a draft still."""

    draft: str
    decided: Decided | None = None
    why: str | None = None


def finish(ctx: Context, plan: Plan) -> tuple[Finished, ...]:
    """Each new draft of bug reports as a case where it can be one, each in one commit; the drafts
    must be written. Raises UsageError for other sources, CommitHeld.
    """
    refuse_other(plan)
    store = ctx.workspace.dataset(plan.dataset)
    by = who(ctx, plan.by)
    return tuple(_finished(ctx, store, draft, by) for draft in plan.new)


def refuse_other(plan: Plan) -> None:
    """Raises UsageError for anything but bug reports: there somebody has looked."""
    if plan.kind != "github-issue":
        raise UsageError(
            f"--accept is for bug reports, and {plan.origin} is {plan.kind}",
            hint="leave it out: labeltool inbox shows the drafts",
        )


def _finished(ctx: Context, store: DatasetStore, draft: Draft, by: str) -> Finished:
    if draft.tier != "regression":
        return Finished(draft.id, why=f"it is for the {draft.tier} tier, which takes a person")
    if draft.output is None or not draft.acceptable:
        lacks = "what came back" if draft.output is None else "what should have come back"
        return Finished(draft.id, why=f"the report does not say {lacks}")
    # A check of code only: what a judge says with nobody looking proves too little.
    check = next((one.check for one in suggested(draft) if one.sure), None)
    if check is None:
        return Finished(draft.id, why="no check is sure enough to be taken unseen")
    waiting = find(ctx, store, draft.id)
    try:
        decided = plan_accept(ctx, store, waiting, Edits(checks=(check,)), by=by)
    except (UsageError, DataError) as error:
        return Finished(draft.id, why=error.message)
    return Finished(draft.id, decided=record(ctx, decided))
