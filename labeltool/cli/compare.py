"""`labeltool compare`."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.cli.run import Amount

if TYPE_CHECKING:
    from labeltool.commands.compare import Question
    from labeltool.commands.context import Context
    from labeltool.commands.run import Request
    from labeltool.rules.compared import Compared


@click.command("compare", short_help="The decision matrix: which system, and how sure.")
@click.argument("systems", nargs=-1, metavar="SYSTEM...")
@click.option(
    "--results", multiple=True, metavar="FILE", help="Results instead; repeatable, or REF:PATH."
)
@common.dataset_option
@common.judge_option
@click.option("--weights", multiple=True, metavar="ROW=W,...", help="In place of the settings'.")
@click.option(
    "--constraint",
    "constraints",
    multiple=True,
    metavar="ROW<=X",
    help="Rules a system out; repeatable.",
)
@click.option(
    "--scores",
    type=click.Choice(["machine", "human"]),
    default="machine",
    show_default=True,
    help="Compare by checks and judge, or by what people scored.",
)
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Cases at once. Default: 8.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the resampling.")
@click.option("--no-cache", is_flag=True, help="Run all of it again.")
@click.option("--max-cost", type=Amount(), metavar="USD", help="Of each system's run.")
@click.option("--yes", is_flag=True, help="Do not ask before a run that costs.")
@click.option("--markdown", metavar="FILE", help="Write Markdown, for a pull request.")
@click.option("--html", metavar="FILE", help="Write a page with plots that works from disk.")
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> None:
    """Run the whole suite on each system and lay out the decision matrix.

    A row is a tier (golden, adversarial, regression), score:TIER, tag:TAG, criterion:ID,
    latency_p95_ms or cost_per_1k. Each goes to 0..1 on a scale of its own: a rate as it is, the
    others from `limit` to `target` of `compare:` in labeltool.yaml. The regression tier must hold
    its gate, whatever the total. What ran before, unchanged, is not run again.

    `labeltool compare --results a.json b.json` compares files alone.
    """
    from labeltool.commands.compare import Question, compare_results
    from labeltool.commands.run import DEFAULT_CONCURRENCY, Request

    question = Question(said["weights"], said["constraints"], said["seed"])
    found = common.context(ctx)
    base = common.folder(ctx)
    if said["results"]:
        # As `--results a.json b.json` reads: what follows are files too.
        compared = compare_results(found, (*said["results"], *said["systems"]), base, question)
    else:
        request = Request(
            dataset=said["dataset"],
            judge=said["judge"],
            scores=said["scores"],
            concurrency=said["concurrency"] or DEFAULT_CONCURRENCY,
            cache=not said["no_cache"],
            max_cost=said["max_cost"],
            base=base,
        )
        compared = _run(found, said["systems"], request, question, yes=said["yes"])
    _write(base, compared, markdown=said["markdown"], html=said["html"])
    if said["as_json"]:
        from labeltool.report.compare_json import document

        common.print_json(document(compared))
        return
    from labeltool.cli.compare_tables import draw_compared

    draw_compared(common.console(), compared)


def _write(base: Path, compared: Compared, *, markdown: str | None, html: str | None) -> None:
    from labeltool.runner.results import write_results

    if markdown is not None:
        from labeltool.report.compare_markdown import markdown as in_markdown

        write_results(base / markdown, iter([in_markdown(compared).encode()]))
    if html is not None:
        from labeltool.report.compare_html import html as in_html

        write_results(base / html, iter([in_html(compared).encode()]))


def _run(
    found: Context, systems: tuple[str, ...], request: Request, question: Question, *, yes: bool
) -> Compared:
    from labeltool.cli.run_shell import interruptible

    with interruptible():
        return asyncio.run(_compared(found, systems, request, question, yes=yes))


async def _compared(
    found: Context, systems: tuple[str, ...], request: Request, question: Question, *, yes: bool
) -> Compared:
    import time

    from labeltool.cli.progress import Bar
    from labeltool.cli.run_shell import agree, deafen, listen, new_run_id
    from labeltool.commands.compare import Reused, Running, compare
    from labeltool.commands.run import CaseDone, Estimate, Started, Stop

    stop, bar = Stop(), Bar()
    compared: Compared | None = None
    events = compare(
        found,
        systems,
        request,
        question,
        run_id=lambda: new_run_id(found.now()),
        stop=stop,
        clock=time.monotonic,
    )
    try:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Estimate):
                    agree(event, yes=yes)
                elif isinstance(event, Running):
                    bar.stop()
                    common.tell(f"{event.system} ({event.n} of {event.of})")
                elif isinstance(event, Reused):
                    common.tell(f"{event.system}: as in run {event.run_id}, nothing has changed")
                elif isinstance(event, Started):
                    listen(stop)
                    bar.start(event.expected)
                elif isinstance(event, CaseDone):
                    bar.advance(stopping=stop.asked)
                else:
                    compared = event
    finally:
        bar.stop()
        deafen()
    assert compared is not None
    return compared
