"""`labeltool round open`, `close` and `show`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.round import ClosedRound, Opened, Shown
    from labeltool.model.round import Round
    from labeltool.rules.round_plan import Estimate
    from labeltool.rules.stage import Standing

LISTED = 10
SHORT_HASH = 7
SCHEMA = "labeltool/round@1"

number_option = click.option(
    "--number", type=click.IntRange(min=1), metavar="N", help="Which round; the latest by default."
)


@click.group("round", short_help="Label the same outputs blindly, and see how far people agree.")
def command() -> None:
    """One pass of blind hand-labelling of the same outputs by two or more people.

    Until the round is closed everybody sees only how many labels the others have given.
    """


@command.command("open", short_help="Choose outputs, the same for everybody, and start.")
@common.system_option
@click.option("--outputs", type=int, default=20, show_default=True, metavar="N")
@click.option(
    "--annotators",
    metavar="A,B",
    multiple=True,
    help="Who takes part. Default: those of the latest round, else of labeltool.yaml.",
)
@click.option("--seed", type=int, metavar="N", help="Another choice. Default: the round's number.")
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def open_command(ctx: click.Context, /, **options: Any) -> None:
    """Open a round over outputs of one snapshot (--system), in one commit.

    Fresh outputs come first: those that were in no round before and that none of these people has
    labelled. Only they count when it is asked whether a criterion holds.
    """
    from labeltool.commands.round import open_round

    found = common.context(ctx)
    people = _names(options["annotators"]) or _asked(found, options["dataset"])
    done = open_round(
        found,
        annotators=people,
        **{name: options[name] for name in ("dataset", "system", "outputs", "seed", "annotator")},
    )
    if options["as_json"]:
        common.print_json(
            {
                **_round(done.dataset, done.round),
                "path": done.path,
                "commit": done.commit,
                "estimate": _estimate(done.estimate),
                "doubts": list(done.doubts),
                "next": done.next,
                "reach": done.reach,
            }
        )
        return
    _say_opened(done)


@command.command("close", short_help="Freeze the blind scores, and say where people agree.")
@number_option
@click.option("--anyway", is_flag=True, help="Also where somebody still lacks labels.")
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def close_command(ctx: click.Context, /, **options: Any) -> None:
    """Close the round that is open: its first blind scores and how far they agree are kept in its
    file for good, in one commit, and everybody may see each other's labels.
    """
    from labeltool.commands.round import close_round

    done = close_round(
        common.context(ctx),
        **{name: options[name] for name in ("dataset", "number", "anyway", "annotator")},
    )
    if options["as_json"]:
        common.print_json(
            {
                **_round(done.dataset, done.round),
                "path": done.path,
                "commit": done.commit,
                "lacks": {name: list(cases) for name, cases in done.lacks.items()},
                "elsewhere": [
                    {"annotator": one.annotator, "branch": one.branch, "cases": list(one.cases)}
                    for one in done.elsewhere
                ],
                "disagreements": _listed(done.disagreed),
                "waiting": done.waiting,
                "next": done.next,
                "reach": done.reach,
            }
        )
        return
    _say_closed(done)


@command.command("show", short_help="Where a round stands; of others only counts while it is open.")
@number_option
@click.option(
    "--unblind",
    is_flag=True,
    help="Show what the others said in an open round. It is recorded, and what you score in it "
    "after that does not count.",
)
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def show_command(ctx: click.Context, /, **options: Any) -> None:
    """Show the latest round, or that of --number."""
    from labeltool.commands.round import show_round

    shown = show_round(
        common.context(ctx),
        **{name: options[name] for name in ("dataset", "number", "unblind", "annotator")},
    )
    if options["as_json"]:
        others = [one.model_dump(mode="json", exclude_defaults=True) for one in shown.others]
        common.print_json(
            {
                **_round(shown.dataset, shown.round),
                "done": shown.work.counts,
                "lacks": {name: list(cases) for name, cases in shown.work.lacks.items()},
                "estimate": _estimate(shown.estimate) if shown.estimate else None,
                "disagreements": _listed(shown.disagreed),
                **({"labels": others} if options["unblind"] else {}),
                "next": shown.next,
            }
        )
        return
    _say_shown(shown)


def _names(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for part in said for name in part.split(",") if name.strip())


def _asked(ctx: Context, dataset: str | None) -> tuple[str, ...]:
    """Who takes part, where nothing says it (no option, round or setting) and somebody can."""
    from labeltool.commands.round_prospect import last_people

    if (
        last_people(ctx, dataset)
        or ctx.workspace.settings.annotators
        or not (sys.stdin.isatty() and sys.stderr.isatty())
    ):
        return ()
    known = ",".join(ctx.workspace.dataset(dataset).annotators)
    return _names((click.prompt("who takes part", default=known or None, err=True),))


def _round(dataset: str, round: Round) -> dict[str, Any]:
    closed = round.closed
    return {
        "schema": SCHEMA,
        "dataset": dataset,
        "number": round.number,
        "state": "open" if closed is None else "closed",
        "rubric": round.rubric,
        "system": round.system,
        "annotators": list(round.annotators),
        "outputs": [one.model_dump(mode="json") for one in round.outputs],
        "fresh": sum(one.fresh for one in round.outputs),
        "seed": round.seed,
        "opened_by": round.opened_by,
        "opened_at": round.opened_at,
        "unblinded": dict(round.unblinded),
        "closed": {"at": closed.at, "agreement": closed.agreement} if closed else None,
    }


def _estimate(one: Estimate) -> dict[str, Any]:
    return {"labels": one.labels, "minutes": one.minutes, "guessed": one.guessed}


def _listed(disagreed: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    return [{"case": case, "criteria": list(ids)} for case, ids in disagreed.items()]


def _say(text: str) -> None:
    click.echo(visible(text))


def _commit(commit: str | None) -> str:
    return f" (commit {commit[:SHORT_HASH]})" if commit else ""


def _time(one: Estimate) -> str:
    basis = "a guess: nobody has timed labels yet" if one.guessed else "from past labels"
    return f"{one.labels} labels in all, about {one.minutes} min each ({basis})"


def _say_opened(done: Opened) -> None:
    one = done.round
    fresh = sum(output.fresh for output in one.outputs)
    many = f"{len(one.outputs)} output{'' if len(one.outputs) == 1 else 's'}"
    _say(
        f"round {one.number} is open: {many} of {one.system} ({fresh} fresh) under {one.rubric}, "
        f"for {', '.join(one.annotators)}{_commit(done.commit)}"
    )
    if done.estimate.labels:
        _say(_time(done.estimate))
    for doubt in done.doubts:
        _say(f"! {doubt}")
    _say("until it is closed nobody sees the others' labels")
    _say(f"next: {done.next}")
    if done.reach is not None:
        _say(f"      {done.reach}")


def _say_closed(done: ClosedRound) -> None:
    one = done.round
    _say(
        f"round {one.number} is closed: {len(one.outputs)} outputs of {one.system} under "
        f"{one.rubric}, {', '.join(done.round.annotators)}{_commit(done.commit)}"
    )
    for name, cases in done.lacks.items():
        _say(f"! {name} lacked {len(cases)}")
    for there in done.elsewhere:
        _say(f"! {there.words}: they do not count in this round")
    _draw_criteria(done.criteria)
    _say_disagreed(done.disagreed)
    if done.waiting > len(done.disagreed):
        besides = done.waiting - len(done.disagreed)
        _say(f"{besides} more outside this round or between others: labeltool resolve --list")
    _say(f"next: {done.next}")
    if done.reach is not None:
        _say(f"      {done.reach}")


def _say_shown(shown: Shown) -> None:
    one = shown.round
    state = "open" if one.closed is None else f"closed {one.closed.at or ''}".strip()
    fresh = sum(output.fresh for output in one.outputs)
    _say(
        f"round {one.number} is {state}: {len(one.outputs)} outputs of {one.system} "
        f"({fresh} fresh) under {one.rubric}"
    )
    if one.closed is None:
        for name, cases in shown.work.done.items():
            _say(f"  {name:<16} {len(cases)}/{len(cases) + len(shown.work.lacks[name])}")
        if shown.estimate is not None and shown.estimate.labels:
            _say(f"left: {_time(shown.estimate)}")
    else:
        _draw_criteria(shown.criteria)
        _say_disagreed(shown.disagreed)
    for name, at in one.unblinded.items():
        _say(f"! {name} had the others' labels shown at {at}: later scores do not count")
    for label in shown.others:
        scores = ", ".join(f"{id} {score}" for id, score in label.scores.items()) or label.status
        note = f' "{label.notes}"' if label.notes else ""
        _say(f"  {label.case}  {label.annotator}: {scores}{note}")
    _say(f"next: {shown.next}")


def _say_disagreed(disagreed: Mapping[str, tuple[str, ...]]) -> None:
    if not disagreed:
        return
    _say(f"{len(disagreed)} output{'' if len(disagreed) == 1 else 's'} to resolve:")
    for case, ids in list(disagreed.items())[:LISTED]:
        _say(f"  {case}  {', '.join(ids)}")
    if len(disagreed) > LISTED:
        _say(f"  ... {len(disagreed) - LISTED} more")


def _draw_criteria(criteria: Mapping[str, Standing]) -> None:
    from labeltool.cli.round_tables import draw_holds

    draw_holds(common.console(), criteria)
