"""`labeltool doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from labeltool.cli import common

if TYPE_CHECKING:
    from labeltool.commands.doctor import Finding

SIGNS = {"ok": "ok     ", "warning": "warning", "problem": "problem"}


@click.command("doctor", short_help="What will get in the way here, and what mends it.")
@common.json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Say what on this machine or in this repo will get in the way, and the command that mends it.

    Changes nothing. Exit 4 when labelling or committing would fail, else 0. Whether the files are
    right is for `labeltool check` to say.
    """
    from labeltool.commands.doctor import doctor

    found = doctor(common.context(ctx))
    if as_json:
        common.print_json(document(found))
    else:
        _show(found)
    return 4 if any(one.level == "problem" for one in found) else 0


def document(found: tuple[Finding, ...]) -> dict[str, object]:
    """The findings as labeltool/doctor@1."""
    return {
        "schema": "labeltool/doctor@1",
        "findings": [
            {"id": one.id, "level": one.level, "message": one.message, "mend": one.mend}
            for one in found
        ],
    }


def _show(found: tuple[Finding, ...]) -> None:
    from labeltool.safe_text import for_github_log, one_line

    for one in found:
        click.echo(f"{SIGNS[one.level]}  {for_github_log(one_line(one.message))}")
        if one.mend is not None:
            click.echo(f"         mend: {for_github_log(one_line(one.mend))}")
