"""Draws a run while it goes on, and lets Ctrl-C drain it."""

from __future__ import annotations

import asyncio
import gc
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from labeltool.cli import common
from labeltool.cli.progress import Bar
from labeltool.cli.run_show import Shown
from labeltool.errors import IncompleteError
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.run import Estimate, Finished, Recorded, Request, Stop


def new_run_id(now: datetime) -> str:
    """Sorts by time; two runs that start in one second do not meet."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


@dataclass
class Shell:
    """Draws the events of one run and writes what was asked for beside the results."""

    ctx: Context
    shown: Shown
    yes: bool = False

    async def run(self, request: Request) -> Finished:
        """Everything of a run that a person or CI sees."""
        from labeltool.commands.run import CaseDone, Estimate, Finished, Started, Stop, run

        stop, bar = Stop(), Bar()
        finished: Finished | None = None
        settled = False
        run_id = new_run_id(self.ctx.now())
        events = run(self.ctx, request, run_id=run_id, stop=stop, clock=time.monotonic)
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Estimate):
                        agree(event, yes=self.yes)
                    elif isinstance(event, Started):
                        listen(stop)
                        bar.start(event.expected)
                    elif isinstance(event, CaseDone):
                        settled = settled or _settle()
                        bar.advance(stopping=stop.asked)
                    elif isinstance(event, Finished):
                        bar.stop()
                        finished = event
                        self.shown.show(event)
                    else:
                        self._say_recorded(event)
        finally:
            bar.stop()
            deafen()
        assert finished is not None
        return finished

    def _say_recorded(self, recorded: Recorded) -> None:
        if recorded.commit is None:
            text = f"nothing was recorded as {recorded.name}: {recorded.why}"
        else:
            count = "1 output" if recorded.outputs == 1 else f"{recorded.outputs} outputs"
            text = f"recorded {count} as {recorded.name} · committed {recorded.commit[:7]}"
        self.shown.print(f"{visible(text)}\n")


def _settle() -> bool:
    """By the first result all is imported: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    return True


def agree(costs: Estimate, *, yes: bool) -> None:
    """Says what a run will cost, and asks where somebody is there to answer. Raises
    IncompleteError for a no.
    """
    common.tell(f"{costs.line()}; {costs.basis()}")
    if yes or not costs.asks or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    try:
        agreed = click.confirm("go on?", default=True, err=True)
    except click.Abort:
        raise KeyboardInterrupt from None
    if not agreed:
        raise IncompleteError(
            "nothing was run: the answer was no", hint="--yes asks nothing, --max-cost bounds"
        )


def _interrupted(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[None]:
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


def listen(stop: Stop) -> None:
    """From here on Ctrl-C and SIGTERM drain the run."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.ask, number)


def deafen() -> None:
    """Signals are asyncio's again."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)
