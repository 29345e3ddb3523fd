"""`labeltool label`: the app at the label screen; with --set, a label without it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from labeltool.commands.label import Said
    from labeltool.commands.label_from import Spots
    from labeltool.commands.label_list import Upcoming
    from labeltool.rules.queue import Item

LISTED = 5
SHORT_HASH = 7
SAMPLE = 10
NEXT = "next"
"""The word that stands where a case would: what settles something first."""


@click.command(short_help="Label in the app, or say a label with --set.")
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
@click.option("--note", metavar="TEXT", help="Why these scores.")
@click.option("--flag", metavar="TEXT", help="Flag the output for discussion.")
@click.option("--skip", is_flag=True, help="Skip this output: no scores.")
@click.option("--unsure/--sure", default=None, help="How sure these scores are.")
@click.option(
    "--filter",
    metavar="TERMS",
    default="",
    help="Only some of the queue: tier:golden tag:refund state:flagged word.",
)
@click.option(
    "--from",
    "results",
    metavar="RESULTS",
    help="Record judged outputs of a run, and label those: a spot check of the judge.",
)
@click.option(
    "--sample",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="How many of them. Default: `spot_check` of the settings, else 10.",
)
@click.option("--seed", type=int, help="Of that sample. Default: 0.")
@click.option("--list", "listed", is_flag=True, help="Print what there is to label.")
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int | None:
    """Label recorded outputs.

    Without --set or --skip the app opens, at CASE where one is given. `labeltool label next` puts
    first what settles something, and says what; without a terminal, and with --list, what waits is
    printed. --filter shows only some of it: tier:, tag:, state: (todo, stale, done, skipped,
    unsure, flagged), and words of the id, the input or the output.

    --from RESULTS --sample N spot-checks the judge: N judged outputs of a run, from CI too, become
    a snapshot in one commit, and the app opens on them; nobody sees the judge's scores while they
    label. `rubric status` then says whether judge and people still agree.

    With --set or --skip one label is saved and committed: criteria that are not named keep your
    earlier scores for this output where these still stand, and stay to do where not. Saved but
    not committed is exit 4.
    """
    drawn = {name: options.pop(name) for name in ("results", "sample", "seed")}
    if drawn["results"] is not None:
        return _spot_check(ctx, drawn, **options)
    for name in ("sample", "seed"):
        if drawn[name] is not None:
            raise UsageError(
                f"--{name} draws from a run's outputs", hint="add --from eval_results.json"
            )
    settling = options["case"] == NEXT and not (options["scores"] or options["skip"])
    if options.pop("listed") or (settling and not _terminal()):
        return _list(ctx, settling=settling, **options)
    terms = options.pop("filter")
    options["scores"] = (*options["scores"], *_more(options.pop("more"), options["scores"]))
    if options["scores"] or options["skip"]:
        if terms:
            raise UsageError("--filter chooses what to label in the app", hint="leave it out")
        return _say(ctx, **options)
    for name in ("note", "flag", "unsure", "as_json"):
        if options[name]:
            raise UsageError(
                f"--{name.removeprefix('as_')} belongs to a label said here",
                hint="add --set or --skip",
            )
    from labeltool.rules.filter import parse_filter

    parse_filter(terms)
    wish = {name: options[name] for name in ("dataset", "annotator", "system", "case")}
    if settling:
        wish |= {"case": None, "order": NEXT}
    return open_app(ctx, at="label", **wish, filter=terms)


def _spot_check(ctx: click.Context, drawn: Mapping[str, Any], /, **options: Any) -> int | None:
    """Records the sample first; then the app opens on it, where there is a terminal."""
    from labeltool.commands.label_from import record_from

    for name in ("case", "scores", "skip", "note", "flag", "unsure", "system", "filter", "listed"):
        if options[name]:
            raise UsageError(
                "--from labels a sample of a run, and nothing else",
                hint="labeltool label --from eval_results.json --sample 20",
            )
    found = common.context(ctx)
    spots = record_from(
        found,
        common.folder(ctx) / drawn["results"],
        sample=drawn["sample"] or found.workspace.settings.spot_check or SAMPLE,
        seed=drawn["seed"] or 0,
        dataset=options["dataset"],
    )
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/spot@1", "dataset": spots.dataset, "system": spots.system,
             "cases": list(spots.cases), "new": list(spots.new),
             "left_out": dict(spots.left_out), "commit": spots.commit}
        )  # fmt: skip
        return 0
    _print_spots(spots)
    if not _terminal():
        click.echo(visible(f"label them: labeltool label --system {spots.system}"))
        return 0
    wish = {name: options[name] for name in ("dataset", "annotator")}
    return open_app(ctx, at="label", system=spots.system, case=None, filter=None, **wish)


def _print_spots(spots: Spots) -> None:
    many = len(spots.cases)
    held = f"{many} output{'' if many == 1 else 's'} to check in {spots.system}"
    if spots.commit is None:
        new = "recorded already"
    else:
        new = f"{len(spots.new)} new, committed {spots.commit[:SHORT_HASH]}"
    click.echo(visible(f"{held}: {new}"))
    if spots.left_out:
        click.echo(visible(f"left out: {spots.told()}"))


def _more(words: tuple[str, ...], scores: tuple[str, ...]) -> tuple[str, ...]:
    """The pairs that follow `--set a=1`. Raises UsageError for any other word."""
    for word in words:
        if not scores or "=" not in word:
            raise UsageError(
                f"unexpected {word!r}", hint="labeltool label CASE --set criterion=score ..."
            )
    return words


def _list(ctx: click.Context, /, *, settling: bool, **options: Any) -> int:
    from labeltool.commands.label_list import upcoming

    found = upcoming(
        common.context(ctx),
        settling=settling,
        **{name: options[name] for name in ("dataset", "annotator", "system", "filter")},
    )
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/queue@1", "dataset": found.dataset, "annotator": found.annotator,
             "system": found.system, "round": found.round, "total": found.total,
             "seconds": found.seconds, "next": found.step, "filter": found.filter or None,
             "outputs": [{"case": item.case, "tier": item.tier, "state": item.state,
                          "again": list(found.again.get(item.case, ()))}
                         for item in found.items]}
        )  # fmt: skip
        return 0
    if found.filter:
        return _filtered(found)
    minutes = (found.seconds or 0) * len(found.items) / 60
    time = f", about {max(1, round(minutes))} min"
    click.echo(visible(f"{found.annotator}: {found.step}{time if found.seconds else ''}"))
    for item in found.items[:LISTED]:
        click.echo(visible(f"  {item.case}  {item.tier}{_again(found, item)}"))
    if len(found.items) > LISTED:
        click.echo(f"  ... {len(found.items) - LISTED} more")
    if found.items:
        click.echo(f"score them one by one: labeltool label{f' {NEXT}' * settling}")
    return 0


def _filtered(found: Upcoming) -> int:
    """All that the filter shows, with where each stands: somebody asked for just these."""
    many = len(found.items)
    shown = f"{many} output{'' if many == 1 else 's'} of {found.total}"
    click.echo(visible(f"{found.annotator}: {shown} with {found.filter}"))
    for item in found.items:
        again = found.again.get(item.case)
        state = f"{item.state}: {', '.join(again)}" if again else item.state
        click.echo(visible(f"  {item.case}  {item.tier}  {state}"))
    return 0


def _again(found: Upcoming, item: Item) -> str:
    """`again: tone`: the criteria to score again, where only some are."""
    if item.state != "stale":
        return ""
    criteria = found.again.get(item.case, ())
    return f"  again: {', '.join(criteria)}" if criteria else "  again"


def _say(ctx: click.Context, /, **options: Any) -> int:
    from labeltool.commands.branch_offer import branch_offer
    from labeltool.commands.label import say_label

    if options["case"] is None:
        raise UsageError(
            "--set needs the case it speaks of",
            hint="labeltool label CASE --set criterion=score ...",
        )
    unsure = options["unsure"]
    said = say_label(
        common.context(ctx),
        options["case"],
        options["scores"],
        skip=options["skip"],
        confidence=None if unsure is None else "unsure" if unsure else "sure",
        flag=options["flag"],
        note=options["note"],
        dataset=options["dataset"],
        annotator=options["annotator"],
        system=options["system"],
    )
    if options["as_json"]:
        common.print_json(
            {"schema": "labeltool/label@1", "path": said.path, "commit": said.commit,
             "already": said.already,
             "kept": list(said.kept), "missing": list(said.missing),
             "why": said.held and said.held.message,
             "label": said.label.model_dump(mode="json")}
        )  # fmt: skip
    else:
        _print_said(said)
    offer = branch_offer(common.context(ctx), said.label.annotator)
    if offer is not None:
        click.echo(
            visible(f"on {offer.default}; a branch for your labels: {offer.command}"), err=True
        )
    if said.held is not None:
        raise said.held
    return 0


def _print_said(said: Said) -> None:
    scores = ", ".join(f"{id} {score}" for id, score in said.label.scores.items()) or "skipped"
    kept = f" (kept: {', '.join(said.kept)})" if said.kept else ""
    click.echo(f"{said.label.case}: {scores}{kept}")
    if said.missing:
        click.echo(f"still to score: {', '.join(said.missing)}")
    if said.held is None:
        words = f"committed {said.commit[:SHORT_HASH]}" if said.commit else "already said"
        click.echo(words)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_home(ctx: click.Context) -> int | None:
    """`labeltool` without a verb."""
    return open_app(ctx, at="home")


def open_app(ctx: click.Context, *, at: str, **options: str | None) -> int | None:
    """Run the app; its exit code. Raises NoWorkspace, and UsageError without a terminal."""
    found = common.context(ctx)
    if not _terminal():
        hint = "without one: labeltool label CASE --set criterion=score ..., or labeltool --help"
        raise UsageError("the app needs a terminal", hint=hint)
    from labeltool.tui.app import LabeltoolApp

    app = LabeltoolApp(found, at=at, wish=options)
    app.run()
    if app.left is not None and app.left.waiting:
        click.echo(visible(f"{app.left.waiting} saved, not committed: {app.left.why}"), err=True)
        click.echo("  they are safe; the next `labeltool label` tries to commit again", err=True)
    if app.fault is not None:
        raise app.fault
    return app.return_code
