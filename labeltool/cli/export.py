"""`labeltool export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from labeltool.cli import common
from labeltool.commands.export import KINDS


@click.command("export", short_help="Cases, outputs, labels and scores, for other tools.")
@click.option("--as", "kind", required=True, type=click.Choice(KINDS), help="What to write.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["jsonl", "csv", "json"]),
    help="Default: what the other tool reads; else JSON lines.",
)
@click.option("--tier", type=click.Choice(["golden", "adversarial", "regression"]))
@click.option("--system", metavar="NAME", help="Only this snapshot. Default: all.")
@common.dataset_option
@click.option("--out", metavar="FILE", help="Default: stdout.")
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> None:
    """Write what is kept here for other tools.

    cases, outputs and labels are rows that `labeltool import` reads back; scores are the human
    scores, one row of each criterion; the others are files of the tools of that name. What people
    said of the outputs of an open round stays blind and is left out.
    """
    from labeltool.commands.export import Wanted, export

    wanted = Wanted(said["kind"], said["dataset"], said["tier"], said["system"], said["shape"])
    done = export(common.context(ctx), wanted)
    if said["out"] in (None, "-"):
        sys.stdout.flush()
        sys.stdout.buffer.writelines(done.body)
        sys.stdout.buffer.flush()
    else:
        from labeltool.runner.results import write_results

        write_results(common.folder(ctx) / Path(said["out"]), done.body)
        rows = "1 row" if done.count == 1 else f"{done.count:,} rows"
        common.tell(f"{rows} written to {said['out']}")
    for line in done.left_out:
        common.tell(f"left out: {line}")
