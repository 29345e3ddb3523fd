"""`labeltool run`."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from labeltool.cli import common

DEFAULT_OUT = "eval_results.json"


class Share(click.FloatRange):
    """A number from 0 to 1; `nan` is inside every range that asks only whether it is outside."""

    name = "share"

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found: float = super().convert(value, param, ctx)
        if found != found:  # noqa: PLR0124 - only nan is not itself
            self.fail(f"{value} is not in the range 0<=x<=1.", param, ctx)
        return found


class Amount(click.FloatRange):
    """USD above nothing; neither `nan` nor `inf` bounds anything."""

    name = "amount"

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=1e9)


@click.command("run")
@common.dataset_option
@common.system_option
@common.judge_option
@click.option("--tier", "tiers", multiple=True, metavar="TIER", help="Only this tier; repeatable.")
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only cases with it; repeatable.")
@click.option("--threshold", type=Share(), help="In place of every gate's.")
@click.option(
    "--rule", type=click.Choice(["observed", "confident"]), help="In place of every gate's."
)
@click.option(
    "--scores",
    type=click.Choice(["machine", "human"]),
    default="machine",
    show_default=True,
    help="Gate on checks and judge, or on what people scored.",
)
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Cases at once. Default: 8.")
@click.option(
    "--engine", type=click.Choice(["local", "dask"]), help="Where calls are made. Default: local."
)
@click.option(
    "--cluster", metavar="ADDRESS", help="Of the Dask scheduler; else this machine's own."
)
@click.option("--repeat", type=click.IntRange(1, 100), metavar="N", help="Ask each case N times.")
@click.option("--baseline", metavar="FILE|REF", help="Say what changed sides since.")
@click.option("--shard", metavar="I/N", help="One part of the cases; `merge` gates them.")
@click.option(
    "--resume",
    is_flag=False,
    flag_value="latest",
    metavar="[RUN]",
    help="Go on with a run that was stopped.",
)
@click.option("--retry-errors", is_flag=True, help="Run the last run's errors again.")
@click.option("--only-failing", metavar="RESULTS", help="Only the cases that failed there.")
@click.option("--no-cache", is_flag=True, help="Take no reply from an earlier run.")
@click.option("--max-cost", type=Amount(), metavar="USD", help="Stop when live calls cost so much.")
@click.option("--watch", is_flag=True, help="Run again when a file that shapes it changes.")
@click.option("--yes", is_flag=True, help="Do not ask before a run that costs.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Stop after so many.")
@click.option("--require-trusted-judge", is_flag=True, help="Exit 5 unless the judge is trusted.")
@click.option("--record", metavar="NAME", help="Commit the outputs as a snapshot of this name.")
@click.option("--out", default=DEFAULT_OUT, show_default=True, metavar="FILE", help="- is stdout.")
@click.option("--junit", metavar="FILE", help="Write JUnit XML.")
@click.option("--html", metavar="FILE", help="Write a page that works from disk.")
@click.option("--summary", metavar="FILE", help="Write Markdown. GITHUB_STEP_SUMMARY gets it too.")
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> int:
    """Grade a system's outputs and gate them.

    Without options it runs every tier under the gates of dataset.yaml and writes eval_results.json.

    Exit codes: 0 pass, 1 a gate failed or is inconclusive, 2 a bad name or value here, 3 bad data
    or settings, 4 repository or storage, 5 incomplete or the judge not trusted, 130 and 143 on
    signals.
    """
    from labeltool.cli.run_shell import Shell, interruptible
    from labeltool.cli.run_show import Shown, default_dataset
    from labeltool.commands.run import DEFAULT_CONCURRENCY, Request, exit_code

    found = common.context(ctx)
    if said["record"] is None:
        common.warn_of_leftovers(found.workspace.root)
    if said["watch"]:
        from labeltool.cli.run_watch import watch

        return watch(ctx, found, said)
    if said["cluster"] and said["engine"] != "dask":
        raise click.UsageError("--cluster needs --engine dask")
    base = common.folder(ctx)
    to_stdout = said["out"] == "-"
    request = Request(
        dataset=said["dataset"],
        system=said["system"],
        judge=said["judge"],
        tiers=said["tiers"],
        cases=said["cases"],
        tags=said["tags"],
        threshold=said["threshold"],
        rule=said["rule"],
        scores=said["scores"],
        concurrency=said["concurrency"] or DEFAULT_CONCURRENCY,
        require_trusted_judge=said["require_trusted_judge"],
        record=said["record"],
        repeat=said["repeat"] or 1,
        shard=said["shard"],
        baseline=said["baseline"],
        base=base,
        cache=not said["no_cache"],
        resume=said["resume"],
        retry_errors=said["retry_errors"],
        only_failing=base / said["only_failing"] if said["only_failing"] else None,
        max_cost=said["max_cost"],
        max_tokens=said["max_tokens"],
        engine=said["engine"] or "local",
        cluster=said["cluster"],
        out=None if to_stdout else base / said["out"],
    )
    shown = Shown(
        found.env,
        found.workspace.root,
        default_dataset(found),
        document=to_stdout or said["as_json"],
        out=said["out"],
        junit=base / said["junit"] if said["junit"] else None,
        summary=base / said["summary"] if said["summary"] else None,
        html=base / said["html"] if said["html"] else None,
    )
    with interruptible():
        return exit_code(asyncio.run(Shell(found, shown, yes=said["yes"]).run(request)))
