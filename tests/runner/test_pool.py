from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable, Iterator

import pytest

from labeltool.runner.pool import Stop, bounded


async def collect(
    items: Iterable[int],
    work: Callable[[int], Awaitable[int]],
    *,
    concurrency: int = 4,
    stop: Stop | None = None,
) -> list[int]:
    results = bounded(items, work, concurrency=concurrency, stop=stop or Stop())
    return [result async for result in results]


async def test_everything_is_done_once_and_never_more_at_once_than_allowed() -> None:
    running = most = 0

    async def work(n: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return n

    assert sorted(await collect(range(100), work, concurrency=7)) == list(range(100))
    assert most == 7


async def test_a_slow_reader_holds_the_source_back() -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for n in range(10_000):
            taken.append(n)
            yield n

    async def work(n: int) -> int:
        return n

    results = bounded(source(), work, concurrency=3, stop=Stop())
    assert await anext(results) == 0
    assert len(taken) <= 10
    await results.aclose()
    assert len(taken) <= 10


async def test_asked_to_stop_it_starts_nothing_more_and_lets_what_runs_finish() -> None:
    stop, gate = Stop(), asyncio.Event()

    async def work(n: int) -> int:
        if n == 2:
            stop.ask(signal.SIGTERM)
            gate.set()
        await gate.wait()
        return n

    assert sorted(await collect(range(100), work, concurrency=3, stop=stop)) == [0, 1, 2]
    assert stop.signum == signal.SIGTERM


async def test_asked_twice_it_ends_what_still_runs() -> None:
    stop = Stop(grace=600)

    async def work(n: int) -> int:
        if n == 1:
            stop.ask()
            stop.ask()
            return n
        await asyncio.Event().wait()
        return n

    assert await collect(range(100), work, concurrency=2, stop=stop) == [1]


async def test_after_the_grace_it_ends_what_still_runs() -> None:
    stop = Stop(grace=0.01)

    async def work(n: int) -> int:
        stop.ask()
        await asyncio.Event().wait()
        return n

    assert await collect(range(100), work, stop=stop) == []


async def test_a_failure_of_the_work_ends_all_of_it_and_is_raised() -> None:
    ended: list[int] = []

    async def work(n: int) -> int:
        if n == 3:
            raise RuntimeError("a bug")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(n)
        return n

    with pytest.raises(RuntimeError, match="a bug"):
        await collect(range(100), work)
    assert sorted(ended) == [0, 1, 2]


async def test_a_failure_of_the_source_is_raised_after_what_was_ready() -> None:
    def source() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError("a broken file")

    async def work(n: int) -> int:
        return n

    results = bounded(source(), work, concurrency=1, stop=Stop())
    assert [await anext(results), await anext(results)] == [1, 2]
    with pytest.raises(LookupError):
        await anext(results)


async def test_a_reader_that_leaves_early_leaves_nothing_running() -> None:
    ended = asyncio.Event()

    async def work(n: int) -> int:
        if n == 0:
            return n
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return n

    results = bounded(range(5), work, concurrency=2, stop=Stop())
    assert await anext(results) == 0
    await results.aclose()
    assert ended.is_set()
