"""`labeltool import`."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from labeltool.cli import common
from labeltool.errors import UsageError

if TYPE_CHECKING:
    from labeltool.commands.import_ import Imported, Kind
    from labeltool.formats.rows import Format


@click.command("import", short_help="Bring in cases, outputs or labels; one commit.")
@click.argument("file")
@click.option(
    "--as",
    "kind",
    required=True,
    type=click.Choice(["cases", "outputs", "labels"]),
    help="What the rows are.",
)
@click.option("--format", "format", type=click.Choice(["jsonl", "csv"]), help="Default: by name.")
@click.option("--tier", metavar="TIER", help="Tier of cases whose rows name none.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Where a field stands.")
@click.option("--skip-invalid", is_flag=True, help="Import the good rows, count the others.")
@click.option(
    "--secrets",
    type=click.Choice(["block", "redact", "keep"]),
    help="What becomes of keys and personal data. [default: keys block, the rest is said]",
)
@common.system_option
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, **said: Any) -> int:
    """Bring in the rows of FILE (`-` is stdin) as cases, outputs or labels, in one commit.

    All or nothing: every bad row is named and nothing is written. --system and --annotator stand in
    for rows that name none. Importing the same rows again changes nothing.
    """
    from labeltool.commands.import_ import Source, Wanted, import_rows

    kind: Kind = said["kind"]
    constant = _constant(kind, said)
    path = None if said["file"] == "-" else common.folder(ctx) / said["file"]
    found = _format(said["file"], said["format"])
    context = common.context(ctx)
    with _opened(path, said["file"]) as stream:
        source = Source(stream, "stdin" if path is None else said["file"], found)
        wanted = Wanted(
            kind, said["dataset"], said["maps"], constant, said["skip_invalid"], said["secrets"]
        )
        done = import_rows(context, source, wanted)
    if as_json:
        common.print_json(document(done))
    else:
        _show(done)
    return 0


def document(done: Imported) -> dict[str, object]:
    """The import as labeltool/import@1."""
    return {
        "schema": "labeltool/import@1",
        "as": done.kind,
        "dataset": done.dataset,
        "read": done.read,
        "written": len(done.written),
        "unchanged": done.unchanged,
        "skipped": done.skipped,
        "ignored_columns": list(done.ignored),
        "kept": dict(done.kept),
        "redacted": dict(done.redacted),
        "commit": done.commit,
        "uncommitted": list(done.uncommitted),
        "problems": [
            {
                "path": problem.where.path,
                "line": problem.where.line,
                "field": problem.where.field,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in done.problems
        ],
    }


def _constant(kind: Kind, said: dict[str, Any]) -> dict[str, str | None]:
    """What stands in for fields that rows lack. Raises UsageError where rows have no such field."""
    allowed = {"cases": ["tier"], "outputs": ["system"], "labels": ["system", "annotator"]}[kind]
    for option in ("tier", "system", "annotator"):
        if said[option] is not None and option not in allowed:
            raise UsageError(f"--{option} says nothing about {kind}", hint="leave it out")
    if said["tier"] is not None:
        _known_tier(said["tier"])
    return {option: said[option] for option in allowed}


def _known_tier(tier: str) -> None:
    from labeltool.errors import UnknownName
    from labeltool.model.base import TIERS

    if tier not in TIERS:
        raise UnknownName("tier", tier, TIERS)


def _format(file: str, said: str | None) -> Format:
    from labeltool.formats.rows import format_of

    return cast("Format", said) if said else format_of(file)


def _opened(path: Path | None, name: str) -> AbstractContextManager[BinaryIO]:
    if path is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise UsageError(f"there is no file {name}", hint="or `-` for stdin") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _show(done: Imported) -> None:
    from labeltool.cli.main import say
    from labeltool.redact import placeholders
    from labeltool.safe_text import visible

    if done.redacted:
        say(f"redacted: {placeholders.said(done.redacted)}")
    if done.kept:
        say(f"kept as it stands: {placeholders.said(done.kept)}; `--secrets redact` replaces it")
    for problem in done.problems:
        say(f"skipped: {problem}")
    if done.ignored:
        say(f"columns that nothing was read from: {', '.join(done.ignored)}")
    written = len(done.written)
    parts = [f"{done.unchanged} unchanged" if done.unchanged else ""]
    parts.append(f"{done.skipped} skipped" if done.skipped else "")
    rest = "".join(f", {part}" for part in parts if part)
    if written:
        commit = f" (commit {done.commit[:7]})" if done.commit else ""
        what = done.kind if written != 1 else done.kind.removesuffix("s")
        click.echo(visible(f"imported {written} {what} into {done.dataset}{rest}{commit}"))
    else:
        click.echo(visible(f"nothing new: no {done.kind} to write into {done.dataset}{rest}"))
    if done.uncommitted:
        files = " ".join(done.uncommitted)
        say("a clone needs more than what came in, and it is in no commit:")
        say(f"  git add {files} && git commit -m 'Add the dataset' -- {files}")
