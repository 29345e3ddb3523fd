"""`labeltool report`."""

from __future__ import annotations

import sys

import click

from labeltool.cli import common


@click.command("report")
@click.argument("results", metavar="RESULTS")
@click.option(
    "--as",
    "form",
    type=click.Choice(["text", "markdown", "junit"]),
    default="text",
    show_default=True,
    help="What to draw.",
)
@click.option("--out", metavar="FILE", help="Default: stdout.")
@click.pass_context
def command(ctx: click.Context, results: str, form: str, out: str | None) -> int:
    """Draw a results file as text, Markdown or JUnit XML. Computes nothing and gates nothing."""
    from labeltool.commands.report import FORMS, report
    from labeltool.store.workspace import Workspace

    base = common.folder(ctx)
    Workspace.find_root(base)
    chosen = next(one for one in FORMS if one == form)
    if chosen == "text" and out:
        raise click.UsageError("--out goes with --as markdown or junit; text is drawn on stdout")
    found = report(base / results, chosen)
    if found.body is None:
        from labeltool.cli.tables import draw_run

        draw_run(common.console(), found.results, found.highlights, where=results)
    elif out in (None, "-"):
        sys.stdout.flush()
        sys.stdout.buffer.write(found.body)
        sys.stdout.buffer.flush()
    else:
        from labeltool.store.atomic import atomic_write

        atomic_write(base / str(out), found.body)
    return 0
