"""`labeltool check`."""

from __future__ import annotations

from pathlib import Path

import click

from labeltool.cli import common
from labeltool.commands.check import CheckReport
from labeltool.errors import NoWorkspace, Problem, UsageError


@click.command("check", short_help="Validate every file and every reference between them.")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@common.json_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> int:
    """Validate every file and every reference between them.

    With PATHs only what concerns these files is reported. Exit 3 when there is an error; warnings
    alone are exit 0. Works outside git too.
    """
    from labeltool.commands.check import check
    from labeltool.commands.context import utc_now

    start = common.folder(ctx)
    root = _root(start, paths)
    common.warn_of_leftovers(root)
    only = tuple(_below(root, start, path) for path in paths)
    report = check(root, now=utc_now(), only=only)
    if as_json:
        common.print_json(document(report))
    else:
        _show(report)
    return 3 if report.errors else 0


def document(report: CheckReport) -> dict[str, object]:
    """The report as labeltool/check@1."""
    return {
        "schema": "labeltool/check@1",
        "files": report.files,
        "problems": [
            {
                "path": problem.where.path,
                "line": problem.where.line,
                "field": problem.where.field,
                "message": problem.message,
                "hint": problem.hint,
                "level": problem.level,
            }
            for problem in report.problems
        ],
    }


def _root(start: Path, paths: tuple[str, ...]) -> Path:
    """The workspace the user stands in, else the first path's: hooks run at the very top."""
    from labeltool.store.workspace import Workspace

    try:
        return Workspace.find_root(start)
    except NoWorkspace:
        if not paths:
            raise
        return Workspace.find_root((start / paths[0]).parent)


def _below(root: Path, start: Path, path: str) -> str:
    """`path`, given from where the user stands, below the workspace. Links are not followed."""
    absolute = Path(start.resolve(), path)
    parts: list[str] = []
    for part in absolute.parts:
        if part == "..":
            parts = parts[:-1] or parts
        else:
            parts.append(part)
    try:
        return Path(*parts).relative_to(root).as_posix()
    except ValueError:
        raise UsageError(f"{path} is not below {root}", hint="check reads one workspace") from None


def _show(report: CheckReport) -> None:
    from labeltool.cli.main import say

    for problem in report.problems:
        say(_line(problem))
        if problem.hint:
            say(f"  {problem.hint}")
    console = common.console()
    for ref, shares in report.shares.items():
        parts = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
        console.print(f"{ref}: share of the score: {parts}", soft_wrap=True)
    console.print(_summary(report), soft_wrap=True)


def _line(problem: Problem) -> str:
    from labeltool.safe_text import one_line

    warning = "warning: " if problem.level == "warning" else ""
    return f"{one_line(str(problem.where))}: {warning}{problem.message}"


def _summary(report: CheckReport) -> str:
    found = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((report.errors, "error"), (report.warnings, "warning"))
        if count
    ]
    files = f"{report.files} file{'' if report.files == 1 else 's'}"
    return f"{files} checked: {', '.join(found) or 'all is well'}"
