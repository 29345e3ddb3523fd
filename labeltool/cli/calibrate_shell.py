"""Draws a calibration while it goes on, and lets Ctrl-C drain it."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

import click

from labeltool.cli import common
from labeltool.cli.progress import Bar
from labeltool.errors import IncompleteError

if TYPE_CHECKING:
    from labeltool.commands.calibrate import Calibrated, Estimate, Request
    from labeltool.commands.context import Context

SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def shell(ctx: Context, request: Request, *, yes: bool) -> Calibrated | int:
    """What came out, or the number of the signal that stopped it."""
    from labeltool.commands.calibrate import Calibrated, Estimate, Started, Stop, calibrate

    stop, bar = Stop(), Bar()
    loop = asyncio.get_running_loop()
    done: Calibrated | None = None
    try:
        async with aclosing(calibrate(ctx, request, stop=stop)) as events:
            async for event in events:
                if isinstance(event, Estimate):
                    agree(event, yes=yes)
                elif isinstance(event, Started):
                    for number in SIGNALS:
                        loop.add_signal_handler(number, stop.ask, number)
                    bar.start(event.expected)
                elif isinstance(event, Calibrated):
                    done = event
                else:
                    bar.advance(stopping=stop.asked)
    finally:
        bar.stop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)
    if done is None:
        common.tell("stopped: nothing was written; replies are kept, type it again to go on")
        return stop.signum or signal.SIGINT
    return done


def agree(costs: Estimate, *, yes: bool) -> None:
    """Says what it will cost, and asks where somebody is there to answer. Raises IncompleteError
    for a no.
    """
    common.tell(f"{costs.line()}; {costs.basis()}")
    if yes or not costs.asks or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    try:
        agreed = click.confirm("go on?", default=True, err=True)
    except click.Abort:
        raise KeyboardInterrupt from None
    if not agreed:
        raise IncompleteError("nobody was asked: the answer was no", hint="--yes asks nothing")
