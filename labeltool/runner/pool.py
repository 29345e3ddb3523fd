"""Bounded concurrency, and an end that drains."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

GRACE_S = 5.0


class Stop:
    """Asked once: start nothing more and let what runs finish, for `grace` seconds. Asked
    twice: end it now.
    """

    def __init__(self, grace: float = GRACE_S):
        self.grace = grace
        self.signum: int | None = None
        self.why: str | None = None
        self._asked = asyncio.Event()
        self._now = asyncio.Event()

    def ask(self, signum: int = signal.SIGINT) -> None:
        if self._asked.is_set():
            self._now.set()
        else:
            self.signum = signum
            self._asked.set()

    def end(self, why: str) -> None:
        """The run cannot or may not go on: what runs still finishes."""
        if not self._asked.is_set():
            self.why = why
            self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    async def drained(self) -> None:
        """Returns when what still runs should be ended."""
        await self._asked.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._now.wait(), self.grace)


async def bounded(
    items: Iterable[T], work: Callable[[T], Awaitable[R]], *, concurrency: int, stop: Stop
) -> AsyncGenerator[R, None]:
    """The results of `work` in the order in which they are ready, at most `concurrency` at
    once.

    `items` is read as workers become free, and few results wait for their reader: neither is ever
    held whole. An exception of `work` or `items` ends it and is raised here.
    """
    source = iter(items)
    slots = asyncio.Semaphore(concurrency * 2)
    ready: asyncio.Queue[R | _Over] = asyncio.Queue()

    async def worker() -> None:
        while not stop.asked:
            await slots.acquire()
            try:
                item = next(source)
            except StopIteration:
                return
            ready.put_nowait(await work(item))

    async def end(workers: list[asyncio.Task[None]]) -> None:
        await stop.drained()
        for task in workers:
            task.cancel()

    async def all_workers() -> None:
        ender: asyncio.Task[None] | None = None
        try:
            async with asyncio.TaskGroup() as group:
                workers = [group.create_task(worker()) for _ in range(concurrency)]
                ender = asyncio.create_task(end(workers))
        finally:
            if ender is not None:
                ender.cancel()
            ready.put_nowait(_OVER)

    running = asyncio.create_task(all_workers())
    try:
        while not isinstance(result := await ready.get(), _Over):
            slots.release()
            yield result
        try:
            await running
        except BaseExceptionGroup as group:
            raise _first(group) from None
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, BaseExceptionGroup):
            await running


class _Over:
    """Nothing more will come."""


_OVER = _Over()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found
