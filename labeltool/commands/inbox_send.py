"""A case of a run that somebody points at becomes a draft in the inbox."""

from __future__ import annotations

from labeltool.commands.context import Context
from labeltool.commands.promote import Asked, by_hand
from labeltool.commands.promote_write import write
from labeltool.commands.runs_case import CaseDetail
from labeltool.errors import UsageError
from labeltool.model.record import Record


def send(ctx: Context, found: CaseDetail, *, annotator: str | None = None) -> str:
    """Nominate the output of a case in a run, in one commit; what came of it, in words.

    Raises UsageError where there is no output, or the case is gone or was edited since; DataError
    where something that must not be written down is in it; CommitHeld.
    """
    result, case = found.result, found.case
    if result.output is None:
        raise UsageError("there is no output to send", hint="the system gave none")
    if case is None or found.changed is not None:
        raise UsageError(found.changed or "the case is gone", hint=f"run it again: {found.again}")
    record = Record(
        id=case.id,
        input=case.input,
        output=result.output,
        system=found.head.system.name,
        finish_reason=result.finish_reason,
        expected=case.acceptable[0] if case.acceptable else None,
        context=case.context,
        tags=case.tags,
    )
    asked = Asked(
        origin=f"run {found.head.run_id}",
        kind="results",
        dataset=found.head.dataset,
        system=found.head.system.name,
        annotator=annotator,
        wanted=True,
    )
    done = write(ctx, by_hand(ctx, record, asked))
    if done.plan.new:
        return f"{done.plan.new[0].id} is in the inbox"
    if done.plan.cases:
        return f"{next(iter(done.plan.cases))} asks that already: nothing is new"
    if done.plan.out_of_scope:
        return "somebody called that out of scope: nothing is new"
    return "a draft says that already: nothing is new"
