"""Writes docs/command-line.md from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from labeltool.cli.main import VERBS, cli

PAGE = Path(__file__).resolve().parent / "command-line.md"

HEAD = """\
# Command line

`labeltool VERB --help` says the same in the terminal. Progress and errors go to stderr; with
`--json` stdout is one JSON document and nothing else. Without a terminal nothing asks.

| exit code | means |
|---:|---|
| 0 | done; the gates pass |
| 1 | a gate failed or is inconclusive |
| 2 | the command line is not right: a bad value, a name that is not known |
| 3 | the data or the settings are not right; each problem with file, line and field |
| 4 | the repository or the disk said no; a decision that is saved and not committed |
| 5 | a run is incomplete, or its judge is not trusted where trust was asked for |
| 130, 143 | ended by a signal |

Who you are: `--annotator`, else `LABELTOOL_ANNOTATOR`, else the name in `annotators:` that lists
your git e-mail, else (where `annotators:` is left out) what stands before the `@` of it."""


def page() -> str:
    top = click.Context(cli, info_name="labeltool")
    parts = [HEAD, "\n## labeltool", *_options(cli, top)]
    for verb in VERBS:
        command = cli.get_command(top, verb)
        if command is None:
            raise LookupError(verb)
        parts += _command(command, click.Context(command, info_name=verb, parent=top), "##")
    return "\n".join(parts) + "\n"


def _command(command: click.Command, ctx: click.Context, mark: str) -> Iterator[str]:
    usage = " ".join([ctx.command_path, *filter(None, command.collect_usage_pieces(ctx))])
    yield f"\n{mark} {ctx.command_path.removeprefix('labeltool ')}\n"
    yield f"```\n{usage}\n```\n"
    yield _text(command.help or command.short_help or "")
    yield from _options(command, ctx)
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            if below is not None:
                yield from _command(below, click.Context(below, info_name=name, parent=ctx), "###")


def _options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    options = [param for param in command.params if isinstance(param, click.Option)]
    records = [param.get_help_record(ctx) for param in options]
    rows = [
        f"- `{names}`" + (f": {_text(words)}" if words else "")
        for names, words in filter(None, records)
    ]
    if rows:
        yield "\n" + "\n".join(rows)


def _text(words: str) -> str:
    """Help as Markdown: `<` and `*` outside of code mean themselves."""
    spans = inspect.cleandoc(words).replace("\b", "").split("`")
    plain = [part.replace("<", "&lt;").replace("*", "\\*") for part in spans[::2]]
    spans[::2] = plain
    return "`".join(spans)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
