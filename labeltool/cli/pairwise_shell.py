"""Draws a comparison of two systems while it goes on, and lets Ctrl-C drain it."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from labeltool.cli.calibrate_shell import agree
from labeltool.cli.progress import Bar
from labeltool.cli.run_shell import deafen, listen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from labeltool.runner.pool import Stop


async def shell(events: AsyncGenerator[Any, None], stop: Stop, *, yes: bool) -> Any:
    """Its last event: what came out, of a comparison that was stopped too."""
    from labeltool.commands.pairwise import Done, Estimate, Started

    bar = Bar()
    found: Any = None
    try:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Estimate):
                    agree(event, yes=yes)
                elif isinstance(event, Started):
                    listen(stop)
                    bar.start(event.expected)
                elif isinstance(event, Done):
                    bar.advance(stopping=stop.asked)
                else:
                    found = event
    finally:
        bar.stop()
        deafen()
    return found
