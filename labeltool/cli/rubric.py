"""`labeltool rubric`: status, show and diff; `amend` has a file of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.cli.rubric_amend import command as amend_command

if TYPE_CHECKING:
    from labeltool.commands.rubric import Compared, Edition


@click.group("rubric", short_help="Show what good means, and what it meant before.")
def command() -> None:
    """Show the dataset's rubric, how its versions differ, and amend it."""


command.add_command(amend_command)


@command.command("status", short_help="Where the rubric stands in its loop, and what is next.")
@common.dataset_option
@common.json_option
@click.pass_context
def status_command(ctx: click.Context, dataset: str | None, as_json: bool) -> None:
    """Show where the rubric stands between draft and stable, what ends that stage, which criteria
    hold, and what to do next. All of it is computed from the files.
    """
    from labeltool.cli.rubric_status import document, draw_status
    from labeltool.commands.rubric_status import rubric_status

    found = rubric_status(common.context(ctx), dataset=dataset)
    if as_json:
        common.print_json(document(found))
    else:
        draw_status(common.console(), found)


@command.command("show", short_help="The criteria, their levels, their share of the score.")
@click.option("--version", type=int, metavar="N", help="An earlier version, out of git.")
@common.dataset_option
@common.json_option
@click.pass_context
def show_command(
    ctx: click.Context, version: int | None, dataset: str | None, as_json: bool
) -> None:
    """Show the criteria with their levels, scale, weight and share of the score."""
    from labeltool.commands.rubric import show

    found = show(common.context(ctx), dataset=dataset, version=version)
    if as_json:
        common.print_json(_edition(found))
        return
    from labeltool.cli.rubric_tables import draw_rubric

    draw_rubric(common.console(), found)


@command.command("diff", short_help="What two versions differ in, criterion by criterion.")
@click.argument("a", type=int, required=False, metavar="[A]")
@click.argument("b", type=int, required=False, metavar="[B]")
@common.dataset_option
@common.json_option
@click.pass_context
def diff_command(
    ctx: click.Context, a: int | None, b: int | None, dataset: str | None, as_json: bool
) -> None:
    """Show what changed from version A to version B.

    Without B it is the version as it stands; without A the one before that.
    """
    from labeltool.commands.rubric import compare

    found = compare(common.context(ctx), a, b, dataset=dataset)
    if as_json:
        common.print_json(_compared(found))
        return
    from labeltool.cli.rubric_tables import draw_diff

    draw_diff(common.console(), found)


def _edition(found: Edition) -> dict[str, Any]:
    rubric, share = found.rubric, found.shares
    return {
        "schema": "labeltool/rubric-show@1",
        "rubric": rubric.name,
        "version": rubric.version,
        "commit": found.commit,
        "task": rubric.task,
        "pass_mark": rubric.pass_mark,
        "stable": rubric.stable.model_dump(mode="json"),
        "criteria": [
            {
                **one.model_dump(mode="json", exclude={"pass_at", "levels"}),
                "levels": {str(level): text for level, text in one.levels.items()},
                "pass_at": one.met_at,
                "share": round(share[one.id], 6),
            }
            for one in rubric.criteria
        ],
        "changelog": [change.model_dump(mode="json") for change in rubric.changelog],
    }


def _compared(found: Compared) -> dict[str, Any]:
    return {
        "schema": "labeltool/rubric-diff@1",
        "rubric": found.after.rubric.name,
        "from": {"version": found.before.rubric.version, "commit": found.before.commit},
        "to": {"version": found.after.rubric.version, "commit": found.after.commit},
        "fields": [asdict(one) for one in found.diff.fields],
        "criteria": [asdict(one) for one in found.diff.criteria],
        "changelog": [change.model_dump(mode="json") for change in found.changelog],
    }
