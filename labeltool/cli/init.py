"""`labeltool init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labeltool.cli import common
from labeltool.errors import CommitHeld, RepositoryError

if TYPE_CHECKING:
    from labeltool.commands.init import Initialised


@click.command("init", short_help="Scaffold a repo that passes `check` and `run` at once.")
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--empty", is_flag=True, help="Without the example rubric and dataset.")
@click.pass_context
def command(ctx: click.Context, folder: str | None, empty: bool) -> int:
    """Scaffold a repo that passes `check` and `run` at once, in DIR or here.

    In a folder that is no git repository it makes one. Never overwrites a file.
    """
    from labeltool.cli.main import say
    from labeltool.commands.context import utc_now
    from labeltool.commands.init import init

    here = common.folder(ctx)
    target = here / folder if folder else here
    try:
        done = init(target, example=not empty, env=os.environ, now=utc_now)
    except CommitHeld as error:
        unknown = error.reason == "no_identity"
        say("saved, not committed: git does not know who you are" if unknown else error.message)
        for line in (error.hint or "").splitlines():
            say(f"  {line}")
        say(f"the files are in {target}; the next verb that decides something commits them too")
        return RepositoryError.exit_code
    for line in _told(done, here, empty):
        click.echo(line)
    return 0


def _told(done: Initialised, here: Path, empty: bool) -> list[str]:
    from labeltool.safe_text import visible

    made = "made a git repository and " if done.made_repository else ""
    commit = f" (commit {done.commit[:7]})" if done.commit else ""
    lines = [f"{made}wrote {len(done.written)} files in {visible(str(done.root))}{commit}"]
    lines += [f"added lines to the {path} that was there" for path in done.joined]
    if not done.workflow:
        lines.append("no workflow: this is not the top of its repository; add `labeltool check`")
        lines.append("and `labeltool run` to the one that is there")
    lines += ["", "next:"]
    if done.root != here.resolve():
        lines.append(f"  cd {visible(os.path.relpath(done.root, here))}")
    return lines + (_next_empty() if empty else _next())


def _next() -> list[str]:
    return [
        "  labeltool run                          score the example's answers under its gates",
        "  labeltool label --system first-draft   score five recorded answers by hand",
        "  edit rubrics/ and datasets/, or bring your own: labeltool import FILE --as cases",
    ]


def _next_empty() -> list[str]:
    return [
        "  write rubrics/NAME.yaml: what a good answer is, criterion by criterion",
        "  write datasets/NAME/dataset.yaml: `rubric: NAME`, and gates per tier",
        "  labeltool import FILE --as cases --tier golden",
    ]
