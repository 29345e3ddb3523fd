"""`labeltool resolve`: the app at the resolve screen; with --set or --take, settles without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError
from labeltool.safe_text import one_line, visible

if TYPE_CHECKING:
    from labeltool.commands.resolve import Settlement
    from labeltool.rules.resolve import Difference, Disagreement

SHORT_HASH = 7


@click.command(short_help="Settle what people disagree on, in the app or with --set.")
@click.argument("case", required=False)
@click.argument("more", nargs=-1, metavar="")
@common.system_option
@click.option(
    "--set",
    "scores",
    multiple=True,
    metavar="CRITERION=SCORE",
    help="Repeat, or go on with CRITERION=SCORE after it; `na` where allowed.",
)
@click.option("--take", metavar="NAME", help="This annotator's scores are right.")
@click.option(
    "--because",
    metavar="REASON",
    help="ambiguous_case, guideline_gap, annotator_error, edge_case or subjective.",
)
@click.option("--note", metavar="TEXT", help="What was decided, in words.")
@click.option("--list", "listed", is_flag=True, help="Print what is open, the worst first.")
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int | None:
    """Settle the scores of outputs that annotators disagree on, and say why they did.

    Without --set or --take the app opens, at CASE where one is given. With --list what is open is
    printed, the worst first. Outputs of an open round stay hidden.

    With --set or --take one resolution is saved and committed: criteria that are not named stay
    open. Saved but not committed is exit 4. Settling again supersedes.
    """
    options["scores"] = (*options["scores"], *_more(options.pop("more"), options["scores"]))
    settles = bool(options["scores"] or options["take"])
    if options.pop("listed"):
        if settles or options["case"]:
            raise UsageError("--list settles nothing", hint="say it alone")
        return _list(ctx, options)
    if settles:
        return _settle(ctx, options)
    for name in ("because", "note", "as_json"):
        if options[name]:
            raise UsageError(
                f"--{name.removeprefix('as_')} belongs to a resolution made here",
                hint="add --set CRITERION=SCORE, or --take NAME",
            )
    from labeltool.cli.label import open_app

    wish = {name: options[name] for name in ("dataset", "annotator", "system", "case")}
    return open_app(ctx, at="resolve", **wish)


def _more(words: tuple[str, ...], scores: tuple[str, ...]) -> tuple[str, ...]:
    """The pairs that follow `--set a=1`. Raises UsageError for any other word."""
    for word in words:
        if not scores or "=" not in word:
            raise UsageError(
                f"unexpected {word!r}",
                hint="labeltool resolve CASE --set criterion=score ... --because REASON",
            )
    return words


def _list(ctx: click.Context, options: dict[str, Any]) -> int:
    from labeltool.commands.resolve import disagreements

    context = common.context(ctx)
    store = context.workspace.dataset(options["dataset"])
    found = disagreements(context, store.name, options["system"])
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/disagreements@1", "dataset": store.name,
             "rubric": store.rubric.ref, "outputs": len(found),
             "disagreements": [_row(one, difference) for one in found for difference in one.open]}
        )  # fmt: skip
        return 0
    if not found:
        click.echo("no disagreement is open")
        return 0
    many = f"{len(found)} output{'' if len(found) == 1 else 's'}"
    click.echo(visible(f"people disagree on {many} of {store.name}"))
    several = len({one.system for one in found}) > 1
    for one in found:
        where = f"  {one.system}" if several else ""
        click.echo(visible(f"  {one.case}{where}  {', '.join(map(_apart, one.open))}"))
    click.echo("settle them one by one: labeltool resolve")
    return 0


def _row(found: Disagreement, one: Difference) -> dict[str, object]:
    return {
        "case": found.case,
        "system": found.system,
        "criterion": one.criterion.id,
        "scores": dict(sorted(one.scores.items())),
        "came_back": one.came_back,
    }


def _apart(one: Difference) -> str:
    """`tone 0 2`: what was said, not by whom; names are for after the choice."""
    scores = sorted({str(score) for score in one.scores.values()})
    again = "  again" if one.came_back else ""
    return f"{one.criterion.id} {' '.join(scores)}{again}"


def _settle(ctx: click.Context, options: dict[str, Any]) -> int:
    from labeltool.commands.resolve import settle

    if options["case"] is None:
        raise UsageError(
            "--set and --take need the case they speak of",
            hint="labeltool resolve CASE --set criterion=score --because REASON",
        )
    done = settle(
        common.context(ctx),
        options["case"],
        options["scores"],
        because=options["because"],
        note=options["note"],
        take=options["take"],
        dataset=options["dataset"],
        annotator=options["annotator"],
        system=options["system"],
    )
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/resolution@1", "path": done.path, "commit": done.commit,
             "open": list(done.open), "resolver_annotated": done.annotated,
             "why": done.held and done.held.message,
             "resolution": done.resolution.model_dump(mode="json")}
        )  # fmt: skip
    else:
        _print(done)
    if done.held is not None:
        raise done.held
    return 0


def _print(done: Settlement) -> None:
    settled = done.resolution
    scores = ", ".join(f"{id} {score}" for id, score in settled.scores.items())
    because = (settled.because or "").replace("_", " ")
    click.echo(visible(one_line(f"{settled.case} of {settled.system}: {scores}, {because}")))
    if done.annotated:
        click.echo(visible(f"{settled.resolver} is one of its annotators: the commit says so"))
    if done.open:
        click.echo(visible(f"still open: {', '.join(done.open)}"))
    if done.held is None:
        what = f" {done.commit[:SHORT_HASH]}" if done.commit else ": it stood so already"
        click.echo(f"committed{what}")
