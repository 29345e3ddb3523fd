"""`labeltool calibrate`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common

if TYPE_CHECKING:
    from labeltool.commands.calibrate import Calibrated, Found


class Count(click.ParamType[int | None]):
    """A number of outputs, or `all` (None)."""

    name = "count"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        if value in (None, "all"):
            return None
        try:
            count = int(value)
        except ValueError:
            count = 0
        if count < 1:
            self.fail(f"{value!r} is neither `all` nor a number from 1 on", param, ctx)
        return count


@click.command("calibrate", short_help="Measure a judge against human scores.")
@click.option(
    "--judge",
    "judges",
    multiple=True,
    metavar="NAME",
    help="Default: `default`, else the first. Repeatable: side by side.",
)
@click.option(
    "--sample",
    type=Count(),
    metavar="N|all",
    help="Only N of the outputs with a human score, failing ones first. Default: all.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the sample and the folds.")
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Calls at once. Default: 8.")
@click.option("--yes", is_flag=True, help="Do not ask before it costs.")
@click.option("--summary", metavar="FILE", help="Write Markdown, for a pull request.")
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> int:
    """Measure a judge against human scores, criterion by criterion, and commit what came out.

    Agreement is met or not met at the criterion's pass_at. A criterion is trusted from 30 outputs,
    5 on each side, agreement of 0.80, and better than always saying the same. An output counts once
    people agree on it, or one of them has labelled it; not in an open round, not labelled after the
    judge's score was seen, not quoted in the judge's template. The reference judge is fitted to the
    same scores and measured out of fold.

    An untrusted judge is exit 0. Exit codes: 3 nothing to measure on, 4 not committed, 5 the judge
    could not be asked, 130 and 143 on signals.
    """
    from labeltool.cli.calibrate_shell import shell
    from labeltool.cli.run_shell import interruptible
    from labeltool.commands.calibrate import DEFAULT_CONCURRENCY, Request

    found = common.context(ctx)
    request = Request(
        dataset=said["dataset"],
        judges=said["judges"],
        sample=said["sample"],
        seed=said["seed"],
        annotator=said["annotator"],
        concurrency=said["concurrency"] or DEFAULT_CONCURRENCY,
    )
    with interruptible():
        done = asyncio.run(shell(found, request, yes=said["yes"]))
    if isinstance(done, int):
        return 128 + done
    if said["summary"]:
        from labeltool.report.calibration import markdown
        from labeltool.store.atomic import atomic_write

        text = "\n".join(markdown(one.calibration, one.worst) for one in done.found)
        atomic_write(common.folder(ctx) / said["summary"], text.encode())
    if said["as_json"]:
        common.print_json(_document(done))
        return 0
    from labeltool.cli.calibrate_tables import draw

    draw(common.console(), done)
    return 0


def _document(done: Calibrated) -> Any:
    from labeltool.report.calibration import document, documents

    return documents(
        [
            document(
                one.calibration,
                dataset=done.dataset,
                worst=one.worst,
                left_out=done.eligible.left_out,
                spent=spent(one),
                path=one.path,
                commit=done.commit,
            )
            for one in done.found
        ]
    )


def spent(one: Found) -> Any:
    from labeltool.report.calibration import Spent

    return Spent(one.calls.live, one.calls.cached, one.usd)
