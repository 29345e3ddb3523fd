"""`labeltool drift --triage`: a decision on a cluster of the last run, and drafts from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.drift_triage import Decision


def triage(context: Context, said: dict[str, Any], *, as_json: bool) -> int:
    """Exit code. One commit for the decision, one for the drafts."""
    from labeltool.commands.drift_triage import decided, drafted, record, report

    if said["scope"] is None and said["drafts"] is None:
        raise UsageError("--triage needs a decision", hint="say --scope in, or --scope out")
    if said["scope"] == "out" and said["drafts"] is not None:
        raise UsageError("what is out of scope gives no drafts", hint="leave --draft out")
    kept = report(context, said["dataset"])
    by = context.annotator(said["annotator"])
    cluster = said["cluster"]
    done: list[Decision] = []
    if said["scope"] is not None:
        plan = decided(context, kept, cluster, said["scope"], said["reason"], by=by)
        done.append(record(context, plan))
    if said["drafts"] is not None:
        picks = kept.picks.get(cluster, ())[: said["drafts"]]
        done.append(record(context, drafted(context, kept, cluster, picks, by=by)))
    if as_json:
        common.print_json(_document(cluster, done))
    else:
        _show(cluster, done)
    return 0


def _document(cluster: str, done: list[Decision]) -> dict[str, object]:
    return {
        "schema": "labeltool/drift-triage@1",
        "dataset": done[0].dataset,
        "cluster": cluster,
        "scope": done[0].scope,
        "by": done[0].by,
        "drafts": [draft.id for one in done for draft in one.drafts],
        "there_already": sum(one.there_already for one in done),
        "commits": [one.commit for one in done if one.commit],
    }


def _show(cluster: str, done: list[Decision]) -> None:
    from labeltool.safe_text import visible

    for one in done:
        commit = f" (commit {one.commit[:7]})" if one.commit else ""
        if one.scope is not None:
            click.echo(visible(f"{cluster} is {one.scope} of scope{commit}".replace("in of", "in")))
            continue
        count = len(one.drafts)
        click.echo(visible(f"{count} draft{'' if count == 1 else 's'} in the inbox{commit}"))
        for draft in one.drafts:
            click.echo(visible(f"  {draft.id}"))
        if one.there_already:
            click.echo(f"  {one.there_already} there already, as a case or a draft")
        if count:
            click.echo("next: labeltool inbox")
