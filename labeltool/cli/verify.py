"""`labeltool verify`."""

from __future__ import annotations

import click

from labeltool.cli import common


@click.command("verify", short_help="Say that you have read a case's input and expected.")
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(
    ctx: click.Context,
    cases: tuple[str, ...],
    annotator: str | None,
    dataset: str | None,
    as_json: bool,
) -> None:
    """Say that you have read the input and the expected answer of CASE, and that they are right.

    Editing either of them later voids it. One commit.
    """
    from labeltool.commands.verify import verify
    from labeltool.safe_text import visible

    done = verify(common.context(ctx), cases, dataset=dataset, annotator=annotator)
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/verify@1",
                "dataset": done.dataset,
                "by": done.by,
                "verified": list(done.verified),
                "unchanged": done.unchanged,
                "commit": done.commit,
            }
        )
        return
    for case, by in done.unchanged.items():
        click.echo(f"{case}: verified by {by} already, and not edited since")
    if done.verified:
        commit = f" (commit {done.commit[:7]})" if done.commit else ""
        click.echo(visible(f"verified {', '.join(done.verified)}: {done.by}{commit}"))
