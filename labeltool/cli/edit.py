"""`labeltool edit`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from labeltool.cli import common
from labeltool.errors import UsageError


@click.command("edit", short_help="Say anew what is expected of a case.")
@click.argument("case")
@click.option(
    "--expected",
    "answers",
    multiple=True,
    metavar="TEXT|@FILE",
    help="An acceptable answer; repeat for several. `@-` reads standard input.",
)
@click.option("--no-expected", "nothing", is_flag=True, help="No answer is expected any more.")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    case: str,
    answers: tuple[str, ...],
    nothing: bool,
    annotator: str | None,
    dataset: str | None,
    as_json: bool,
) -> None:
    """Write what is expected of CASE, in one commit; comments in the file stay.

    The answers given replace all that stood there. A case that somebody had verified is no longer
    verified then: read it again and say `labeltool verify CASE`.
    """
    from labeltool.commands.edit import edit_expected
    from labeltool.safe_text import visible

    if bool(answers) == nothing:
        raise UsageError(
            "say either --expected or --no-expected", hint="labeltool edit CASE --expected @FILE"
        )
    texts = [_text(answer) for answer in answers]
    if any(not text.strip() for text in texts):
        raise UsageError("an expected answer is empty", hint="--no-expected takes all of them away")
    found = common.context(ctx)
    done = edit_expected(found, case, texts, dataset=dataset, annotator=annotator)
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/edit@1",
                "dataset": done.dataset,
                "case": done.case,
                "by": done.by,
                "path": done.path,
                "changed": done.changed,
                "voided": done.voided,
                "commit": done.commit,
            }
        )
        return
    if not done.changed:
        click.echo(f"{done.case}: that was expected already")
        return
    commit = f" (commit {done.commit[:7]})" if done.commit else ""
    click.echo(visible(f"edited {done.path}{commit}"))
    if done.voided:
        click.echo(visible(f"it is no longer verified: {done.voided} had read it as it was"))


def _text(said: str) -> str:
    """The text itself, or that of a file. Raises UsageError where the file cannot be read."""
    if not said.startswith("@"):
        return said
    name = said[1:]
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--expected {said}: {error}", hint="name a text file in UTF-8 after the @"
        ) from None
