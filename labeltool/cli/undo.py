"""`labeltool undo`."""

from __future__ import annotations

import click

from labeltool.cli import common


@click.command("undo", short_help="Take my last decision back by a new commit.")
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, annotator: str | None, as_json: bool) -> None:
    """Take my last decision back by a new commit. Again takes back the one before.

    A file that was changed since is left alone, and that is exit 4. A decision that still waits
    for its commit, over a file that somebody put back as it was, is let go.
    """
    from labeltool.commands.undo import undo
    from labeltool.safe_text import visible

    context = common.context(ctx)
    done = undo(context, annotator=annotator)
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/undo@1",
                "undone": None if done is None else done.subject,
                "paths": [] if done is None else list(done.paths),
                "commit": None if done is None else done.commit,
            }
        )
    elif done is None:
        click.echo(
            visible(f"nothing to take back: {context.annotator(annotator)} has no decision here")
        )
    else:
        commit = f" (commit {done.commit[:7]})" if done.commit else ""
        what = "let go, as somebody put its file back" if done.let_go else "took back"
        click.echo(visible(f"{what}: {done.subject}{commit}"))
        for path in done.paths[:10]:
            click.echo(visible(f"  {path}"))
        if len(done.paths) > 10:
            click.echo(f"  and {len(done.paths) - 10} more")
