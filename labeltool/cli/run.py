"""`labeltool run`."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from labeltool.cli import common
from labeltool.cli.progress import Bar
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from rich.console import Console

    from labeltool.commands.context import Context
    from labeltool.commands.run import Finished, Recorded, Request, Stop

DEFAULT_OUT = "eval_results.json"


class Share(click.FloatRange):
    """A number from 0 to 1; `nan` is inside every range that asks only whether it is outside."""

    name = "share"

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found: float = super().convert(value, param, ctx)
        if found != found:  # noqa: PLR0124 - only nan is not itself
            self.fail(f"{value} is not in the range 0<=x<=1.", param, ctx)
        return found


class Amount(click.FloatRange):
    """USD above nothing; neither `nan` nor `inf` bounds anything."""

    name = "amount"

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=1e9)


@click.command("run")
@common.dataset_option
@common.system_option
@common.judge_option
@click.option("--tier", "tiers", multiple=True, metavar="TIER", help="Only this tier; repeatable.")
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only cases with it; repeatable.")
@click.option("--threshold", type=Share(), help="In place of every gate's.")
@click.option(
    "--rule", type=click.Choice(["observed", "confident"]), help="In place of every gate's."
)
@click.option(
    "--scores",
    type=click.Choice(["machine", "human"]),
    default="machine",
    show_default=True,
    help="Gate on checks and judge, or on what people scored.",
)
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Cases at once. Default: 8.")
@click.option("--repeat", type=click.IntRange(1, 100), metavar="N", help="Ask each case N times.")
@click.option("--baseline", metavar="FILE|REF", help="Say what changed sides since.")
@click.option("--shard", metavar="I/N", help="One part of the cases; `merge` gates them.")
@click.option(
    "--resume",
    is_flag=False,
    flag_value="latest",
    metavar="[RUN]",
    help="Go on with a run that was stopped.",
)
@click.option("--retry-errors", is_flag=True, help="Run the last run's errors again.")
@click.option("--only-failing", metavar="RESULTS", help="Only the cases that failed there.")
@click.option("--no-cache", is_flag=True, help="Take no reply from an earlier run.")
@click.option("--max-cost", type=Amount(), metavar="USD", help="Stop when live calls cost so much.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Stop after so many.")
@click.option("--require-trusted-judge", is_flag=True, help="Exit 5 unless the judge is trusted.")
@click.option("--record", metavar="NAME", help="Commit the outputs as a snapshot of this name.")
@click.option("--out", default=DEFAULT_OUT, show_default=True, metavar="FILE", help="- is stdout.")
@click.option("--junit", metavar="FILE", help="Write JUnit XML.")
@click.option("--summary", metavar="FILE", help="Write Markdown. GITHUB_STEP_SUMMARY gets it too.")
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> int:
    """Grade a system's outputs and gate them.

    Without options it runs every tier under the gates of dataset.yaml and writes eval_results.json.

    Exit codes: 0 pass, 1 a gate failed or is inconclusive, 2 a bad name or value here, 3 bad data
    or settings, 4 repository or storage, 5 incomplete or the judge not trusted, 130 and 143 on
    signals.
    """
    from labeltool.commands.run import DEFAULT_CONCURRENCY, Request, exit_code

    found = common.context(ctx)
    if said["record"] is None:
        common.warn_of_leftovers(found.workspace.root)
    base = common.folder(ctx)
    to_stdout = said["out"] == "-"
    request = Request(
        dataset=said["dataset"],
        system=said["system"],
        judge=said["judge"],
        tiers=said["tiers"],
        cases=said["cases"],
        tags=said["tags"],
        threshold=said["threshold"],
        rule=said["rule"],
        scores=said["scores"],
        concurrency=said["concurrency"] or DEFAULT_CONCURRENCY,
        require_trusted_judge=said["require_trusted_judge"],
        record=said["record"],
        repeat=said["repeat"] or 1,
        shard=said["shard"],
        baseline=said["baseline"],
        base=base,
        cache=not said["no_cache"],
        resume=said["resume"],
        retry_errors=said["retry_errors"],
        only_failing=base / said["only_failing"] if said["only_failing"] else None,
        max_cost=said["max_cost"],
        max_tokens=said["max_tokens"],
        out=None if to_stdout else base / said["out"],
    )
    shell = _Shell(
        found,
        document=to_stdout or said["as_json"],
        out=said["out"],
        junit=base / said["junit"] if said["junit"] else None,
        summary=base / said["summary"] if said["summary"] else None,
    )
    with _interruptible():
        return exit_code(asyncio.run(shell.run(request)))


def new_run_id(now: datetime) -> str:
    """Sorts by time; two runs that start in one second do not meet."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


@dataclass
class _Shell:
    """Draws the events of one run and writes what was asked for beside the results."""

    ctx: Context
    document: bool
    out: str
    junit: Path | None
    summary: Path | None

    async def run(self, request: Request) -> Finished:
        """Everything of a run that a person or CI sees."""
        from labeltool.commands.run import CaseDone, Finished, Started, Stop, run

        stop, bar = Stop(), Bar()
        finished: Finished | None = None
        run_id = new_run_id(self.ctx.now())
        events = run(self.ctx, request, run_id=run_id, stop=stop, clock=time.monotonic)
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Started):
                        _listen(stop)
                        bar.start(event.expected)
                    elif isinstance(event, CaseDone):
                        bar.advance(stopping=stop.asked)
                    elif isinstance(event, Finished):
                        bar.stop()
                        finished = event
                        self._show(event)
                    else:
                        self._say_recorded(event)
        finally:
            bar.stop()
            _deafen()
        assert finished is not None
        return finished

    def _show(self, finished: Finished) -> None:
        from labeltool.cli.tables import draw_run
        from labeltool.report.highlights import Highlights
        from labeltool.report.markdown import markdown, run_link

        highlights = Highlights.of(finished.results, finished.notable())
        dataset = self._default_dataset()
        if self.junit is not None:
            from labeltool.report.junit import junit

            _write(self.junit, junit(finished.results, finished.cases()))
        step = self.ctx.env.get("GITHUB_STEP_SUMMARY")
        if self.summary is not None or step:
            link = run_link(self.ctx.env)
            body = markdown(finished.results, highlights, dataset=dataset, link=link).encode()
            if self.summary is not None:
                _write(self.summary, body)
            if step:
                _append(Path(step), body)
        console, where = self._console(), self._where()
        with console.capture() as drawn:
            draw_run(console, finished.results, highlights, dataset=dataset, where=where)
        if self.document:
            _to_stdout(finished.document())
        self._print(drawn.get())

    def _print(self, text: str) -> None:
        """For people: on stdout, or beside the document that has it."""
        if self.document:
            sys.stderr.write(text)
        else:
            _to_stdout([text.encode(sys.stdout.encoding or "utf-8", "replace")])

    def _console(self) -> Console:
        return common.err_console() if self.document else common.console()

    def _where(self) -> str:
        return "the results" if self.out == "-" else self.out

    def _default_dataset(self) -> str | None:
        names = self.ctx.workspace.dataset_names
        return self.ctx.workspace.settings.dataset or (names[0] if len(names) == 1 else None)

    def _say_recorded(self, recorded: Recorded) -> None:
        if recorded.commit is None:
            text = f"nothing was recorded as {recorded.name}: {recorded.why}"
        else:
            count = "1 output" if recorded.outputs == 1 else f"{recorded.outputs} outputs"
            text = f"recorded {count} as {recorded.name} · committed {recorded.commit[:7]}"
        self._print(f"{visible(text)}\n")


def _to_stdout(pieces: Iterable[bytes]) -> None:
    """A reader that goes away (`| head`) changes nothing about the verdict."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(path: Path, data: bytes) -> None:
    from labeltool.store.atomic import atomic_write

    atomic_write(path, data)


def _append(path: Path, data: bytes) -> None:
    """The step summary is shared by all commands of a step."""
    from labeltool.errors import StorageError, Where

    try:
        with path.open("ab") as stream:
            stream.write(data)
    except OSError as error:
        raise StorageError(
            f"GITHUB_STEP_SUMMARY cannot be written: {error.strerror}", where=Where(str(path))
        ) from error


def _interrupted(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _interruptible() -> Iterator[None]:
    """Until cases run, Ctrl-C ends at once: asyncio's own handler would wait for an import to
    return.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, _interrupted)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(stop: Stop) -> None:
    """From here on Ctrl-C and SIGTERM drain the run."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.ask, number)


def _deafen() -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)
