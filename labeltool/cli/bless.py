"""`labeltool bless`."""

from __future__ import annotations

import click

from labeltool.cli import common


@click.command("bless", short_help="Record a run as the baseline, on purpose.")
@click.argument("results", metavar="[RESULTS]", default="eval_results.json")
@click.option("--anyway", is_flag=True, help="Also what is incomplete or older than its files.")
@common.annotator_option
@common.json_option
@click.pass_context
def command(
    ctx: click.Context, results: str, anyway: bool, annotator: str | None, as_json: bool
) -> None:
    """Record RESULTS (default: eval_results.json) as the baseline of their system.

    Later runs with --baseline say which cases they fixed and broke. Writes
    datasets/<dataset>/baselines/<system>.json in one commit; nothing else ever writes it.
    """
    from labeltool.commands.bless import bless

    found = common.context(ctx)
    done = bless(found, common.folder(ctx) / results, annotator=annotator, anyway=anyway)
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/bless@1",
                "path": done.path,
                "run_id": done.baseline.run_id,
                "cases": len(done.baseline.cases),
                "passed": done.passed,
                "notices": list(done.notices),
                "commit": done.commit,
            }
        )
        return
    for notice in done.notices:
        common.tell(notice)
    held = f"{done.passed} of {len(done.baseline.cases)} cases pass"
    if done.commit is None:
        common.tell(f"{done.path} holds this run already: {held}")
    else:
        click.echo(f"blessed: {held}; {done.path} (commit {done.commit[:7]})")
