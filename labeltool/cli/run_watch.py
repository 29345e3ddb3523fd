"""`labeltool run --watch`: each rerun is a process of its own: nothing stale is imported."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.commands.report import read_results
from labeltool.commands.run import EXIT
from labeltool.commands.run_before import failing_in
from labeltool.commands.run_watch import Watched, news, next_change, watched
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.store.atomic import atomic_write
from labeltool.store.paths import SCRATCH

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.model.result import Results

ALONE = ("resume", "retry_errors", "record", "shard", "as_json")
OURS = ("watch", "only_failing", "out", "yes")
DRAIN_S = 8.0
SHOWN = 5


def watch(ctx: click.Context, found: Context, said: dict[str, Any]) -> int:
    """Runs until Ctrl-C; the exit code is the last verdict's. Raises UsageError for options that
    mean one run.
    """
    for name in ALONE:
        if said[name]:
            option = next(p.opts[0] for p in ctx.command.params if p.name == name)
            raise click.UsageError(f"--watch and {option} do not go together")
    if said["out"] == "-":
        raise click.UsageError("--watch and --out - do not go together")
    base = common.folder(ctx)
    arguments = list(_spelled(ctx, said))
    if said["only_failing"]:
        # Once for all: what is fixed stays in sight, so that it does not break again unseen.
        for id in failing_in(base / said["only_failing"]):
            arguments += ["--case", id]
    keep = base / said["out"] if _on_the_line(ctx, "out") else None
    scratch = found.workspace.root / SCRATCH / "watch.json"
    scratch.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "labeltool", "-C", str(base), "run", *arguments]
    watching = _Watching(
        [*command, "--out", str(scratch)],
        found.workspace.root,
        scratch,
        keep,
        lambda: _files_of(found, said),
    )
    with suppress(KeyboardInterrupt):
        watching.go_on(yes=said["yes"], pause=time.sleep)
    click.echo("")
    return 130 if watching.last is None else EXIT[watching.last.verdict]


@dataclass
class _Watching:
    """`keep`: where the results also go. `files`: what is looked at, read anew each time."""

    command: list[str]
    root: Path
    scratch: Path
    keep: Path | None
    files: Callable[[], Watched]
    last: Results | None = None

    def go_on(self, *, yes: bool, pause: Callable[[float], None]) -> None:
        """Until KeyboardInterrupt."""
        files = self.files()
        while True:
            before = files.stamps()
            self._run(yes=yes)
            yes = True
            click.echo(f"watching {len(before)} files; Ctrl-C ends")
            others = next_change(files.stamps, before, pause)
            click.echo(f"\n{self._named(others)} changed")
            files = self._files_now(files)

    def _files_now(self, before: Watched) -> Watched:
        """As the settings have them now; while those are broken, as they had them."""
        try:
            return self.files()
        except LabeltoolError:
            return before

    def _run(self, *, yes: bool) -> None:
        self.scratch.unlink(missing_ok=True)
        line = [*self.command, "--yes"] if yes else self.command
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
        try:
            process.wait()
        except KeyboardInterrupt:
            # The terminal told both of us: it drains.
            with suppress(subprocess.TimeoutExpired):
                process.wait(DRAIN_S)
            raise
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if process.returncode in EXIT.values() and self.scratch.is_file():
            self._show(read_results(self.scratch))

    def _show(self, now: Results) -> None:
        told = news(self.last, now)
        click.echo(f"{now.verdict.upper()}  {one_line(now.why)}")
        click.echo(f"  {told.passing} of {told.cases} pass")
        for word, ids in (
            ("fixed", told.fixed),
            ("broke", told.broke),
            ("fails", told.failing),
        ):
            if ids:
                click.echo(f"  {word}: {_listed(ids)}")
        self.last = now
        if self.keep is not None:
            atomic_write(self.keep, self.scratch.read_bytes())

    def _named(self, files: tuple[Path, ...]) -> str:
        return _listed(tuple(os.path.relpath(file, self.root) for file in files))


def _files_of(ctx: Context, said: dict[str, Any]) -> Watched:
    """Of the settings as they are now."""
    again = type(ctx).find(ctx.workspace.root, env=ctx.env, now=ctx.now)
    return watched(again, said["dataset"], said["system"], said["judge"])


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return one_line(", ".join(names[:SHOWN])) + more


def _on_the_line(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _spelled(ctx: click.Context, said: dict[str, Any]) -> Iterator[str]:
    """The options that were given, as they can be given again."""
    for param in ctx.command.params:
        name = param.name or ""
        if name in OURS or not isinstance(param, click.Option) or not _on_the_line(ctx, name):
            continue
        if param.is_flag:
            yield param.opts[0]
            continue
        for value in said[name] if param.multiple else (said[name],):
            yield from (param.opts[0], str(value))
