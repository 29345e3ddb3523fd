"""`labeltool report`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from labeltool.cli import common


@click.command("report")
@click.argument("results", metavar="RESULTS")
@click.option(
    "--as",
    "form",
    type=click.Choice(["text", "markdown", "junit", "html", "annotations"]),
    default="text",
    show_default=True,
    help="What to draw.",
)
@click.option("--out", metavar="FILE", help="Default: stdout.")
@click.pass_context
def command(ctx: click.Context, results: str, form: Any, out: str | None) -> int:
    """Draw a results file again. Computes nothing and gates nothing.

    text for a terminal, markdown for a step summary or a pull request, html as a page that works
    from disk, junit for a CI server, annotations for GitHub's log.
    """
    from labeltool.commands.report import report
    from labeltool.store.workspace import Workspace

    base = common.folder(ctx)
    root = Workspace.find_root(base)
    if form == "text" and out:
        raise click.UsageError("--out goes with every form but text, which is drawn on stdout")
    found = report(base / results, form, root=root, env=os.environ)
    if found.body is None:
        from labeltool.cli.tables import draw_run

        draw_run(common.console(), found.results, found.highlights, where=results)
    elif out in (None, "-"):
        _to_stdout(found.body)
    else:
        from labeltool.runner.results import write_results

        write_results(base / Path(str(out)), found.body)
    return 0


def _to_stdout(pieces: Iterator[bytes]) -> None:
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
