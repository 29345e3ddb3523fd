"""`labeltool resolve`: the app at the resolve screen; with --set or --take, settles without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError
from labeltool.safe_text import one_line, visible

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.resolve import Settlement
    from labeltool.commands.resolve_conflict import TwoSides
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

    Where a merge waits for two resolutions of CASE, --set settles it by a third one, which the
    merge's commit holds: labeltool sync --continue. --list names what a merge waits for first.
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
    merging = _merging(context)
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/disagreements@1", "dataset": store.name,
             "rubric": store.rubric.ref, "outputs": len(found),
             "disagreements": [_row(one, difference) for one in found for difference in one.open],
             "conflicts": [_conflict_row(one) for one in merging]}
        )  # fmt: skip
        return 0
    _say_merging(merging)
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


def _merging(context: Context) -> list[TwoSides]:
    """What a merge in progress waits for; nothing outside a repository."""
    from labeltool.commands.resolve_conflict import conflicts, look
    from labeltool.errors import NotARepository

    try:
        return [look(context, one) for one in conflicts(context)]
    except NotARepository:
        return []


def _conflict_row(side: TwoSides) -> dict[str, object]:
    one = side.conflict
    return {
        "path": one.path,
        "kind": one.kind,
        "case": one.case,
        "system": one.system,
        "what": one.what,
        "ours_by": one.ours_by,
        "theirs_by": one.theirs_by,
        "scores": {id: list(side.scores[id]) for id in side.differ},
        "hidden": side.hidden,
    }


def _say_merging(merging: list[TwoSides]) -> None:
    from labeltool.commands.resolve_conflict import sides_of

    if not merging:
        return
    many = f"{len(merging)} file{'' if len(merging) == 1 else 's'}"
    click.echo(f"the merge waits for a decision on {many}")
    for side in merging:
        one = side.conflict
        name = f"{one.case} of {one.system}" if one.kind == "resolution" else one.path
        said = ", ".join(f"{id} ({sides_of(side, id)})" for id in side.differ)
        said = "scores hidden: its round is open" if side.hidden else said
        click.echo(visible(one_line(f"  {name}  {one.what}{f': {said}' * bool(said)}", 400)))
    if any(side.differ for side in merging):
        click.echo("settle one: labeltool resolve CASE --set criterion=score --because REASON")
    click.echo("a whole side: labeltool sync --take theirs PATH; all back: labeltool sync --abort")


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
    context = common.context(ctx)
    if _settle_conflict(context, options):
        return 0
    done = settle(
        context,
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


def _settle_conflict(context: Context, options: dict[str, Any]) -> bool:
    """Whether a merge waits for that resolution, so that it is settled now."""
    from labeltool.commands.label import parse_scores
    from labeltool.commands.resolve import reason
    from labeltool.commands.resolve_conflict import conflicted, conflicts, settle_by_scores

    case, names = options["case"], ("dataset", "system")
    side = conflicted(context, case, **{name: options[name] for name in names})
    if side is None:
        return False
    store = context.workspace.dataset(options["dataset"])
    because = reason(options["because"])
    scores = settle_by_scores(
        context,
        side,
        parse_scores(options["scores"], store.rubric),
        because=because,
        **{name: options[name] for name in ("note", "take", "annotator")},
    )
    left = conflicts(context)
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/resolution@1", "path": side.conflict.path, "commit": None,
             "scores": dict(scores), "because": because,
             "merge": {"left": [one.path for one in left]}}
        )  # fmt: skip
        return True
    words = ", ".join(f"{id} {score}{_instead(side, id)}" for id, score in scores.items())
    why = (because or "").replace("_", " ")
    click.echo(visible(one_line(f"{case} of {side.conflict.system}: {words}, {why}", 400)))
    click.echo(_then(len(left)))
    return True


def _instead(side: TwoSides, id: str) -> str:
    from labeltool.commands.resolve_conflict import sides_of

    return f" ({sides_of(side, id)})" if id in side.differ else ""


def _then(left: int) -> str:
    if left:
        many = f"{left} file{'' if left == 1 else 's'}"
        return f"settled; the merge waits for {many} more: labeltool resolve --list"
    return "settled, the last one: labeltool sync --continue concludes the merge"


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
