"""`labeltool merge`."""

from __future__ import annotations

import os
from typing import Any

import click

from labeltool.cli import common


@click.command("merge")
@click.argument("results", metavar="RESULTS...", nargs=-1, required=True)
@click.option(
    "--out", default="eval_results.json", show_default=True, metavar="FILE", help="- is stdout."
)
@click.option("--junit", metavar="FILE", help="Write JUnit XML.")
@click.option("--html", metavar="FILE", help="Write a page that works from disk.")
@click.option("--summary", metavar="FILE", help="Write Markdown. GITHUB_STEP_SUMMARY gets it too.")
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, results: tuple[str, ...], **said: Any) -> int:
    """Join the results of all shards of a run, and gate them as one run.

    Every shard has to be there once, made from one commit with the same settings. Exit codes are
    those of `run`: 5 where a shard is missing, 3 where the files are not of one run.
    """
    from labeltool.cli.run_shell import new_run_id
    from labeltool.cli.run_show import Shown
    from labeltool.commands.context import utc_now
    from labeltool.commands.merge import exit_code, merge
    from labeltool.store.workspace import Workspace

    base = common.folder(ctx)
    root = Workspace.find_root(base)
    to_stdout = said["out"] == "-"
    now = utc_now()
    merged = merge(
        [base / one for one in results],
        out=None if to_stdout else base / said["out"],
        run_id=new_run_id(now),
        now=now,
        root=root,
    )
    Shown(
        os.environ,
        root,
        None,
        document=to_stdout or said["as_json"],
        out=said["out"],
        junit=base / said["junit"] if said["junit"] else None,
        summary=base / said["summary"] if said["summary"] else None,
        html=base / said["html"] if said["html"] else None,
    ).show(merged)
    return exit_code(merged)
