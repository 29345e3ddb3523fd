"""`labeltool label`: the app at the label screen; with --set, a label without it."""

from __future__ import annotations

import sys
from typing import Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError
from labeltool.safe_text import visible


@click.command(short_help="Label in the app, or say a label with --set.")
@click.argument("case", required=False)
@common.system_option
@click.option(
    "--set",
    "scores",
    multiple=True,
    metavar="CRITERION=SCORE",
    help="Repeat for each criterion; `na` where allowed.",
)
@click.option("--note", metavar="TEXT", help="Why these scores.")
@click.option("--flag", metavar="TEXT", help="Flag the output for discussion.")
@click.option("--skip", is_flag=True, help="Skip this output: no scores.")
@click.option("--unsure/--sure", default=None, help="How sure these scores are.")
@common.dataset_option
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int | None:
    """Label recorded outputs.

    Without --set or --skip the app opens, at CASE where one is given. With them one label is saved
    and committed: criteria that are not named keep your earlier scores for this output where these
    still stand. Saved but not committed is exit 4.
    """
    says = options["scores"] or options["skip"]
    if says:
        return _say(ctx, **options)
    for name in ("note", "flag", "unsure", "as_json"):
        if options[name]:
            raise UsageError(
                f"--{name.removeprefix('as_')} belongs to a label said here",
                hint="add --set or --skip",
            )
    return open_app(
        ctx,
        at="label",
        **{name: options[name] for name in ("dataset", "annotator", "system", "case")},
    )


def _say(ctx: click.Context, /, **options: Any) -> int:
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
             "kept": list(said.kept), "label": said.label.model_dump(mode="json")}
        )  # fmt: skip
        return 0
    scores = ", ".join(f"{id} {score}" for id, score in said.label.scores.items()) or "skipped"
    kept = f" (kept: {', '.join(said.kept)})" if said.kept else ""
    click.echo(f"{said.label.case}: {scores}{kept}")
    click.echo(f"committed {said.commit}" if said.commit else "committed: it stood so already")
    return 0


def open_home(ctx: click.Context) -> int | None:
    """`labeltool` without a verb."""
    return open_app(ctx, at="home")


def open_app(ctx: click.Context, *, at: str, **options: str | None) -> int | None:
    """Run the app; its exit code. Raises UsageError without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        hint = "without one: labeltool label CASE --set criterion=score ..., or labeltool --help"
        raise UsageError("the app needs a terminal", hint=hint)
    from labeltool.tui.app import LabeltoolApp

    app = LabeltoolApp(common.context(ctx), at=at, wish=options)
    app.run()
    if app.left is not None and app.left.waiting:
        click.echo(visible(f"{app.left.waiting} saved, not committed: {app.left.why}"), err=True)
        click.echo("  they are safe; the next `labeltool label` tries to commit again", err=True)
    if app.fault is not None:
        raise app.fault
    return app.return_code
