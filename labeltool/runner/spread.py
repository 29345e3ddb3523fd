"""One function over many chunks of a stream, on the workers of a Dask cluster."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from labeltool.errors import IncompleteError, UsageError

C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")

AHEAD = 2
"""Chunks that wait at each worker's door: they bound the memory of this process."""
WAIT_S = 60.0


def spread(
    work: Callable[[T, C], R], task: T, chunks: Iterable[C], address: str | None
) -> Iterator[R]:
    """`work(task, chunk)` of each chunk, in the order of the chunks, in bounded memory. `task` goes
    to each worker once. A worker that is lost has its chunks done again by another.

    address: of the scheduler, None for one of this machine's processors. Raises UsageError without
    the extra, IncompleteError where no cluster answers, it has no worker, or its workers are lost;
    what `work` raises comes as it is.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError(
            "--engine dask needs the extra `scale`", hint="pip install 'labeltool[scale]'"
        ) from None
    dask: Any = distributed
    own = _local(dask) if address is None else None
    try:
        yield from _over(dask, work, task, chunks, own or address)
    finally:
        if own is not None:
            own.close()


def _local(dask: Any) -> Any:
    return dask.LocalCluster(
        n_workers=max(1, os.cpu_count() or 1),
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )


def _over(
    dask: Any, work: Callable[[T, C], R], task: T, chunks: Iterable[C], where: Any
) -> Iterator[R]:
    try:
        client = dask.Client(where, set_as_default=False, timeout=WAIT_S)
    except (OSError, ValueError) as error:
        raise IncompleteError(
            f"no cluster answers at {where}: {error}",
            hint="start one with `dask scheduler`, or leave --cluster out",
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT_S)
        except TimeoutError:
            raise IncompleteError(
                "the cluster has no worker", hint="start one with `dask worker SCHEDULER`"
            ) from None
        at_hand = client.scatter(task, broadcast=True)
        room = AHEAD * max(1, sum(client.nthreads().values()))
        running: deque[Any] = deque()
        for chunk in chunks:
            running.append(client.submit(work, at_hand, chunk, pure=False))
            if len(running) >= room:
                yield _result(dask, running.popleft())
        while running:
            yield _result(dask, running.popleft())


def _result(dask: Any, future: Any) -> Any:
    try:
        return future.result()
    except (dask.KilledWorker, dask.CancelledError) as error:
        raise IncompleteError(
            f"the cluster lost its workers: {type(error).__name__}",
            hint="start more with `dask worker SCHEDULER`, then run it again",
        ) from None
