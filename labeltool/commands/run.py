"""`run`: produce or read outputs, grade, gate, write the results."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    aclosing,
    nullcontext,
)

from labeltool.commands.context import Context
from labeltool.commands.run_cost import Estimate, estimate
from labeltool.commands.run_record import Recorded, Recording
from labeltool.commands.run_setup import DEFAULT_CONCURRENCY, Request, prepare
from labeltool.model.result import Verdict
from labeltool.runner.build import system_name
from labeltool.runner.engine import CaseDone, Event, Finished, Run, Started
from labeltool.runner.heads import keep_head
from labeltool.runner.pool import Stop
from labeltool.runner.prune import prune
from labeltool.systems.quiet import stdout_to_stderr

__all__ = [
    "DEFAULT_CONCURRENCY",
    "CaseDone",
    "Estimate",
    "Event",
    "Finished",
    "Recorded",
    "Request",
    "Started",
    "Stop",
    "exit_code",
    "run",
]

EXIT: dict[Verdict, int] = {"pass": 0, "fail": 1, "inconclusive": 1, "incomplete": 5}


def exit_code(finished: Finished) -> int:
    """Of a run: its verdict's, or 128 and the signal that stopped it."""
    if finished.signum is not None:
        return 128 + finished.signum
    return EXIT[finished.results.verdict]


async def run(
    ctx: Context, request: Request, *, run_id: str, stop: Stop, clock: Callable[[], float]
) -> AsyncGenerator[Estimate | Event | Recorded, None]:
    """An Estimate where it costs something (who goes no further has called nobody), Started, a
    CaseDone for each case, Finished once the results stand in `out`, Recorded.

    The log behind Finished is closed when the generator is. Raises every LabeltoolError of a bad
    name, file, setting or disk; a fault of one case is its result's error.
    """
    store = ctx.workspace.dataset(request.dataset)
    name = system_name(ctx.workspace, store, request.system)
    recording = None if request.record is None else Recording.begin(ctx, store, request.record)
    finished: Finished | None = None
    with _quiet(ctx, name):
        planned = prepare(ctx, store, request, name, run_id=run_id, clock=clock)
        try:
            costs = estimate(planned, ctx.workspace.settings)
            if costs is not None:
                yield costs
            async with (
                _spread(planned, request) as running,
                aclosing(running.events(stop)) as events,
            ):
                async for event in events:
                    if isinstance(event, Finished):
                        finished = event
                        break
                    if isinstance(event, CaseDone) and recording is not None:
                        recording.add(event)
                    yield event
        finally:
            await planned.close()
    if finished is None:
        return
    try:
        keep_head(finished)
        if request.out is not None:
            finished.save(request.out)
        yield finished
        if recording is not None:
            yield recording.commit(finished)
    finally:
        finished.log.close()
        prune(ctx.workspace.root)


def _spread(planned: Run, request: Request) -> AbstractAsyncContextManager[Run]:
    """The run where it is to be computed."""
    if request.engine == "local":
        return nullcontext(planned)
    from labeltool.runner.fan import fanned

    return fanned(planned, request.cluster)


def _quiet(ctx: Context, system: str) -> AbstractContextManager[None]:
    """User code in this process may print: not to the stdout that carries our document."""
    settings = ctx.workspace.settings.systems.get(system)
    return stdout_to_stderr() if settings and settings.kind == "python" else nullcontext()
