"""`labeltool pairwise`: A/B judging in both orders, and people's own choices between two."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.cli.run import Amount
from labeltool.errors import UsageError
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.pairwise import Compared, Request
    from labeltool.commands.pairwise_calibrate import PairCalibrated
    from labeltool.commands.pairwise_prefer import SaidPreference

SHORT_HASH = 7


@click.command("pairwise", short_help="Two systems side by side, judged in both orders.")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@common.dataset_option
@common.judge_option
@click.option("--tier", "tiers", multiple=True, metavar="TIER", help="Only this tier; repeatable.")
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only cases with it; repeatable.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Only N cases, by the seed.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the sample.")
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Pairs at once. Default: 8.")
@click.option("--no-cache", is_flag=True, help="Take no reply from before.")
@click.option("--max-cost", type=Amount(), metavar="USD", help="Stop when live calls cost so much.")
@click.option("--yes", is_flag=True, help="Do not ask before it costs.")
@click.option("--calibrate", is_flag=True, help="Hold the judge's choices against people's.")
@click.option("--prefer", metavar="A|B|tie", help="Say which is better, with --case; no app.")
@click.option("--note", metavar="TEXT", help="Why, with --prefer.")
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> int | None:
    """A judge sees the outputs of two systems side by side, case by case, in both orders.

    A and B are live systems or snapshots. Who is taken in both orders wins the case; where the
    order decides, it is a tie and counted as a flip. The win rate of A counts a tie as half and
    comes with an interval over cases.

    People choose too: --case ID --prefer NAME. --calibrate asks the
    judge about the pairs that people settled, and commits how far it agrees with them.

    Exit codes: 0 compared, whoever wins; 3 bad data, 4 not committed, 5 stopped early or nobody
    to ask, 130 and 143 on signals.
    """
    _alone(said)
    if said["prefer"] is not None:
        return _prefer(ctx, said)
    found = common.context(ctx)
    request = _request(said)
    if said["calibrate"]:
        return _calibrate(found, request, said)
    return _compare(found, request, said)


def _alone(said: dict[str, Any]) -> None:
    """Raises UsageError for what contradicts each other."""
    modes = ["calibrate"] if said["calibrate"] else []
    modes += ["prefer"] if said["prefer"] is not None else []
    if len(modes) > 1:
        raise UsageError(f"--{modes[0]} and --{modes[1]} are two things", hint="say one of them")
    if said["note"] is not None and said["prefer"] is None:
        raise UsageError("--note belongs to --prefer", hint="add --case ID --prefer A|B|tie")
    if said["prefer"] is not None and len(said["cases"]) != 1:
        raise UsageError("--prefer speaks of one case", hint="add --case ID, once")


def _request(said: dict[str, Any]) -> Request:
    from labeltool.commands.pairwise import DEFAULT_CONCURRENCY, Request

    names = ("a", "b", "dataset", "judge", "tiers", "cases", "tags", "sample", "seed", "max_cost")
    return Request(
        **{name: said[name] for name in names},
        concurrency=said["concurrency"] or DEFAULT_CONCURRENCY,
        cache=not said["no_cache"],
    )


def _compare(ctx: Context, request: Request, said: dict[str, Any]) -> int:
    from labeltool.cli.pairwise_shell import shell
    from labeltool.cli.run_shell import interruptible
    from labeltool.commands.pairwise import Stop, pairwise

    stop = Stop()
    with interruptible():
        found = asyncio.run(shell(pairwise(ctx, request, stop=stop), stop, yes=said["yes"]))
    if said["as_json"]:
        common.print_json(_document(found))
    else:
        from labeltool.cli.pairwise_tables import draw

        draw(common.console(), found)
    return _ended(found)


def _calibrate(ctx: Context, request: Request, said: dict[str, Any]) -> int:
    from labeltool.cli.pairwise_shell import shell
    from labeltool.cli.run_shell import interruptible
    from labeltool.commands.pairwise import Compared, Stop
    from labeltool.commands.pairwise_calibrate import calibrate_pairs

    stop = Stop()
    events = calibrate_pairs(ctx, request, stop=stop, annotator=said["annotator"])
    with interruptible():
        found = asyncio.run(shell(events, stop, yes=said["yes"]))
    if isinstance(found, Compared):
        common.tell("stopped: nothing was written; replies are kept, type it again to go on")
        return _ended(found)
    if said["as_json"]:
        common.print_json({**_document(found.compared), "calibration": _measured(found)})
    else:
        from labeltool.cli.pairwise_tables import draw_calibration

        draw_calibration(common.console(), found)
    return 0


def _ended(found: Compared) -> int:
    """Of a comparison that was stopped: by a signal, or by what it may cost."""
    if found.signum is not None:
        return 128 + found.signum
    if found.not_run:
        common.tell(f"stopped: {found.why}; replies so far are kept")
        return 5
    return 0


def _document(found: Compared) -> dict[str, Any]:
    from labeltool.report.pairwise import document

    return document(
        found.a,
        found.b,
        found.duels,
        judge=found.judge,
        people=found.people,
        dataset=found.dataset,
        rubric=found.rubric.ref,
        seed=found.seed,
        not_run=found.not_run,
        not_run_why=found.why,
        missing=dict(found.missing),
        cost={
            "calls": found.calls.live,
            "cached": found.calls.cached,
            "cost_usd": None if found.usd is None else round(found.usd, 12),
            **({"why": "a price is not in labeltool.yaml"} if found.usd is None else {}),
        },
    )


def _measured(found: PairCalibrated) -> dict[str, Any]:
    return {**found.figures.document(), "path": found.path, "commit": found.commit}


def _prefer(ctx: click.Context, said: dict[str, Any]) -> int:
    from labeltool.commands.pairwise_prefer import say_preference

    done = say_preference(
        common.context(ctx),
        said["a"],
        said["b"],
        case=said["cases"][0],
        prefer=said["prefer"],
        note=said["note"],
        dataset=said["dataset"],
        annotator=said["annotator"],
    )
    if said["as_json"]:
        common.print_json(_said(done))
    elif done.held is None:
        where = f"committed {done.commit[:SHORT_HASH]}" if done.commit else "it stood so already"
        click.echo(visible(f"{done.path} · {where}"))
    if done.held is not None:
        raise done.held
    return 0


def _said(done: SaidPreference) -> dict[str, Any]:
    one = done.preference
    return {
        "schema": "labeltool/preference@1",
        "case": one.case,
        "a": one.a,
        "b": one.b,
        "choice": one.choice,
        "annotator": one.annotator,
        "path": done.path,
        "saved": True,
        "commit": done.commit,
    }
