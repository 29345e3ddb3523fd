"""The workers of a Dask cluster, asked one call at a time; the only importer of dask."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from labeltool.errors import IncompleteError, UsageError
from labeltool.runner import site
from labeltool.runner.site import Blueprint

R = TypeVar("R")

LOOK_EVERY_S = 2.0
WAIT_S = 60.0
"""Without any worker, before the run ends."""
LOST_AT_MOST = 3
"""Workers that one case may take with it."""


class WorkersLost(Exception):
    """`message` is one line. `all`: there is no worker any more, and none has come."""

    def __init__(self, message: str, *, all: bool):
        super().__init__(message)
        self.message = message
        self.all = all


@dataclass(eq=False)
class _Worker:
    address: str
    gone: asyncio.Future[None]
    busy: int = 0


@dataclass(eq=False)
class Cluster:
    """Calls go to the worker with the fewest on their way. One whose worker is lost is made again
    on another; workers that come later are used once they have proved to be alike. `client`, `own`:
    dask's, which says nothing of its types.
    """

    client: Any
    plan: Blueprint
    own: Any
    _workers: dict[str, _Worker] = field(default_factory=dict)
    _unfit: dict[str, str] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _watch: asyncio.Task[None] | None = None

    @classmethod
    async def join(cls, address: str | None, plan: Blueprint) -> Cluster:
        """The cluster at `address`, else one of this machine's processors.

        Raises UsageError without the extra, IncompleteError where it cannot be reached, has no
        worker, or a worker cannot stand in for this process.
        """
        try:
            import distributed
        except ImportError:
            raise UsageError(
                "--engine dask needs the extra `scale`", hint="pip install 'labeltool[scale]'"
            ) from None
        dask: Any = distributed
        own = None
        if address is None:
            plan = replace(plan, deaf=True)
            own = await dask.LocalCluster(
                n_workers=max(1, min(os.cpu_count() or 1, plan.concurrency)),
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
                asynchronous=True,
            )
        client = dask.Client(own or address, asynchronous=True, set_as_default=False)
        try:
            await client
        except (OSError, ValueError) as error:
            await client.close()
            raise IncompleteError(
                f"no cluster answers at {address}: {error}",
                hint="start one with `dask scheduler`, or leave --cluster out",
            ) from None
        cluster = cls(client, plan, own)
        try:
            await cluster._begin()
        except BaseException:
            await cluster.close()
            raise
        return cluster

    async def call(self, work: Callable[..., Awaitable[R]], *arguments: Any) -> R:
        """What `work(plan, *arguments)` gives on a worker. Raises WorkersLost."""
        for _ in range(LOST_AT_MOST):
            worker = await self._free()
            try:
                found: R = await self._on(worker, work, arguments)
            except OSError:
                self._lose(worker)
                with suppress(OSError):
                    await self._look()
            else:
                return found
        raise WorkersLost(f"{LOST_AT_MOST} workers were lost while they had it", all=False)

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        with suppress(Exception):
            if self._workers:
                await self.client.run(
                    site.close, self.plan.run, workers=list(self._workers), on_error="ignore"
                )
        await self.client.close()
        if self.own is not None:
            await self.own.close()

    async def _begin(self) -> None:
        try:
            await self.client.wait_for_workers(1, timeout=WAIT_S)
        except TimeoutError:
            raise IncompleteError(
                "the cluster has no worker", hint="start one with `dask worker SCHEDULER`"
            ) from None
        await self._look()
        if self._unfit:
            address, why = next(iter(self._unfit.items()))
            raise IncompleteError(
                f"worker {address} cannot stand in for this process: {why}",
                hint=f"every worker needs labeltool {self.plan.version}, the workspace at "
                f"{self.plan.root} and the variables that hold keys",
            )
        self._watch = asyncio.create_task(self._keep_looking())

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            with suppress(OSError):
                await self._look()

    async def _look(self) -> None:
        """Lets go of the workers that left and takes in those that came. Raises OSError."""
        async with self._looking:
            there = await self.client.nthreads()
            for address in self._workers.keys() - there.keys():
                self._lose(self._workers[address])
            for address in there.keys() - self._workers.keys() - self._unfit.keys():
                await self._take_in(address)
            async with self._changed:
                self._changed.notify_all()

    async def _take_in(self, address: str) -> None:
        try:
            found = await self.client.run(site.prepare, self.plan, workers=[address])
        except OSError:
            return  # It left again.
        except Exception as error:  # noqa: BLE001 - whatever a strange installation raises
            self._unfit[address] = f"{type(error).__name__}: {error}"
            return
        if found[address] is None:
            gone = asyncio.get_running_loop().create_future()
            self._workers[address] = _Worker(address, gone)
        else:
            self._unfit[address] = found[address]

    def _lose(self, worker: _Worker) -> None:
        self._workers.pop(worker.address, None)
        if not worker.gone.done():
            worker.gone.set_result(None)

    async def _free(self) -> _Worker:
        """Raises WorkersLost where none comes."""
        async with self._changed:
            try:
                async with asyncio.timeout(WAIT_S):
                    await self._changed.wait_for(lambda: self._workers)
            except TimeoutError:
                why = f"the cluster has had no worker for {WAIT_S:g} s"
                raise WorkersLost(why, all=True) from None
            return min(self._workers.values(), key=lambda one: one.busy)

    async def _on(
        self, worker: _Worker, work: Callable[..., Awaitable[R]], arguments: tuple[Any, ...]
    ) -> R:
        """Raises OSError where the worker goes before it has answered."""
        worker.busy += 1
        running = asyncio.ensure_future(
            self.client.run(work, self.plan, *arguments, workers=[worker.address])
        )
        try:
            await asyncio.wait({running, worker.gone}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                raise ConnectionResetError(worker.address)
            found: R = running.result()[worker.address]
            return found
        finally:
            worker.busy -= 1
            running.cancel()
