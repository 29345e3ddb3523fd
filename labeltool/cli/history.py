"""`labeltool history`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from labeltool.cli import common

if TYPE_CHECKING:
    from labeltool.commands.history import Decided


@click.command("history", short_help="Show who decided what.")
@click.argument("case", required=False)
@click.option(
    "--limit", type=click.IntRange(min=1), help="At most so many. Default without CASE: 20."
)
@common.dataset_option
@common.json_option
@click.pass_context
def command(
    ctx: click.Context, case: str | None, limit: int | None, dataset: str | None, as_json: bool
) -> None:
    """Show who decided what, newest first: the last decisions, or all about CASE.

    What others said of an output whose round is open stays hidden.
    """
    from labeltool.commands.history import history

    if limit is None and case is None:
        limit = 20
    found = common.context(ctx)
    common.warn_of_leftovers(found.workspace.root)
    decided = history(found, case, dataset=dataset, limit=limit)
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/history@1",
                "case": case,
                "decisions": [asdict(one) for one in decided],
            }
        )
        return
    if not decided:
        click.echo("no decision yet")
    _show(decided, with_case=case is None)


def _show(decided: list[Decided], *, with_case: bool) -> None:
    from labeltool.safe_text import visible

    who = max((len(one.who or "-") for one in decided), default=0)
    kind = max((len(one.kind) for one in decided), default=0)
    for one in decided:
        at = (one.at or "").replace("T", " ")[:16]
        about = f"{one.case}: " if with_case and one.case and one.case not in one.sentence else ""
        sentence = " ".join(f"{about}{one.sentence}".split())
        line = f"{at:16}  {one.who or '-':{who}}  {one.kind:{kind}}  {sentence}"
        click.echo(visible(line))
