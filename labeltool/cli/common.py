"""What the verbs share: options that mean the same everywhere, the context, printing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console

    from labeltool.commands.context import Context

F = TypeVar("F", bound=Callable[..., Any])


def dataset_option(function: F) -> F:
    return click.option("--dataset", metavar="NAME", help="Default: the settings' dataset.")(
        function
    )


def system_option(function: F) -> F:
    return click.option("--system", metavar="NAME", help="Default: the dataset's system.")(function)


def judge_option(function: F) -> F:
    return click.option("--judge", metavar="NAME", help="Default: `default`, else the first.")(
        function
    )


def annotator_option(function: F) -> F:
    return click.option(
        "--annotator", metavar="NAME", help="Default: LABELTOOL_ANNOTATOR, else your git identity."
    )(function)


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")(
        function
    )


def folder(ctx: click.Context) -> Path:
    """Where the user stands: -C DIR, else the current folder."""
    chosen = (ctx.find_root().obj or {}).get("folder")
    path = Path(chosen) if chosen else Path.cwd()
    if not path.is_dir():
        raise click.UsageError(f"-C {chosen}: no such folder")
    return path


def context(ctx: click.Context) -> Context:
    """The workspace around the user, with the real clock and environment."""
    from labeltool.commands.context import Context, utc_now

    found = Context.find(folder(ctx), env=os.environ, now=utc_now)
    ctx.call_on_close(lambda: _leave(found))
    return found


def _leave(found: Context) -> None:
    """However the verb ended: what it settled of an earlier process is said, locks go."""
    try:
        tell(found.recovered())
    finally:
        found.close()


def warn_of_leftovers(root: Path) -> None:
    """For verbs that only read: they settle nothing, and say so."""
    from labeltool.commands.recovered import left_behind

    tell(left_behind(root))


def tell(line: str | None) -> None:
    """A line on stderr, where there is one."""
    if line is not None:
        from labeltool.safe_text import for_github_log

        click.echo(for_github_log(line), err=True)


def tell_uncommitted(paths: Sequence[str]) -> None:
    """Of a verb that pushes: what stayed behind, and how it goes along the next time."""
    if not paths:
        return
    from labeltool.safe_text import one_line

    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    shown = ", ".join(one_line(path) for path in paths[:5])
    tell(f"not committed, so nobody else gets it: {shown}{more}")
    tell("  git add and git commit them, then labeltool sync")


def print_json(document: Any) -> None:
    """`document` alone on stdout; NaN is a bug here, not JSON."""
    from labeltool.safe_text import for_json

    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(for_json(text) + "\n")


def console() -> Console:
    """Rich on stdout: no markup, no highlighting, no colour where none is wanted."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            """Rich would end with 1, which is a gate's word; `main` knows better."""
            raise BrokenPipeError

    return Plain(markup=False, highlight=False, emoji=False, soft_wrap=False)


def err_console() -> Console:
    """The same on stderr, for progress."""
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False, emoji=False)
