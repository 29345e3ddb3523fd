"""One call, tried again where that may help, within bounds of its own and of the whole run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from labeltool.llm.failure import CallFailure
from labeltool.llm.pace import Pace

R = TypeVar("R")
Send = Callable[[], Awaitable[R]]


@dataclass(frozen=True, slots=True)
class Policy:
    """attempts: of one call, the first included. first_wait_s: before the second; it doubles, with
    jitter. waiting_s: between them, all together.
    retry_after_s: the longest that a server may ask for. first_calls: where so many calls have
    ended and none succeeded, nothing will. spare: retries of the whole run beside half a retry for
    each call.
    """

    attempts: int = 4
    first_wait_s: float = 0.25
    waiting_s: float = 20.0
    retry_after_s: float = 60.0
    first_calls: int = 20
    spare: int = 50


@dataclass(frozen=True, slots=True)
class Tried:
    """How a call went: attempts made, and milliseconds of the one that succeeded."""

    attempts: int
    latency_ms: float


class Caller:
    """All calls to one endpoint. Keeps the pace, the run's retries, and whether it ever worked."""

    def __init__(
        self,
        name: str,
        *,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.name = name
        self.policy = policy or Policy()
        self.pace = Pace(clock)
        self._clock = clock
        self.calls = 0
        self.retries = 0
        self._succeeded = False
        self._ended = 0
        self._dead: CallFailure | None = None

    async def call(self, send: Send[R], *, deadline_s: float) -> tuple[R, Tried]:
        """What `send` returns, and how it went. `deadline_s` bounds the time at the server, over
        all attempts.

        Raises CallFailure; a fatal one for every call after the first fatal one.
        """
        self.calls += 1
        one = _Call(self, send, deadline_s)
        try:
            reply = await one.attempt()
        except CallFailure as failure:
            if not self._try_again(failure):
                self._lost(failure, one.made)
                raise
            reply = await self._retried(one, failure)
        self._succeeded = True
        self.pace.went_well()
        return reply, Tried(one.made, one.latency_ms)

    def alive(self) -> None:
        """Raises what ended this endpoint, where something has."""
        if self._dead is not None:
            raise self._dead

    def _try_again(self, failure: CallFailure) -> bool:
        return (
            failure.retriable
            and not failure.fatal
            and self.retries < self.policy.spare + self.calls // 2
        )

    async def _retried(self, one: _Call[R], first: CallFailure) -> R:
        """The retry library is entered only here: the calls that succeed at once pay nothing."""
        import stamina
        from stamina import instrumentation

        # It would log each retry as a warning on stderr, beside our progress bar.
        instrumentation.set_on_retry_hooks(())
        policy = self.policy
        failed: CallFailure | None = first
        try:
            async for attempt in stamina.retry_context(
                on=self._again,
                attempts=policy.attempts,
                timeout=policy.waiting_s + policy.retry_after_s + one.left,
                wait_initial=policy.first_wait_s,
                wait_max=policy.waiting_s / 2,
                wait_jitter=2 * policy.first_wait_s,
            ):
                with attempt:
                    if failed is not None:
                        before, failed = failed, None
                        raise before
                    self.retries += 1
                    return await one.attempt()
        except CallFailure as failure:
            self._lost(failure, one.made)
            raise
        raise AssertionError("the retry library ended without a word")  # pragma: no cover

    def _again(self, error: Exception) -> bool | float:
        if not isinstance(error, CallFailure) or not self._try_again(error):
            return False
        if error.retry_after is None:
            return True
        if error.retry_after > self.policy.retry_after_s:
            return False
        return error.retry_after

    def _lost(self, failure: CallFailure, attempts: int) -> None:
        failure.attempts = attempts
        if failure.no_format:
            return
        self._ended += 1
        if not self._succeeded and self._ended >= self.policy.first_calls and not failure.fatal:
            failure.fatal = True
            failure.message = (
                f"the first {self._ended} calls to {self.name} all failed, the last: "
                f"{failure.message}"
            )
        if failure.fatal:
            self._dead = failure


class _Call(Generic[R]):
    """One call's attempts: how many, and the time they may still take."""

    def __init__(self, caller: Caller, send: Send[R], deadline_s: float):
        self.caller = caller
        self.send = send
        self.left = deadline_s
        self.deadline_s = deadline_s
        self.made = 0
        self.latency_ms = 0.0

    async def attempt(self) -> R:
        await self.caller.pace.turn()
        self.caller.alive()
        self.made += 1
        began = time.perf_counter()
        try:
            async with asyncio.timeout(max(self.left, 0.001)):
                reply = await self.send()
        except TimeoutError:
            message = f"no whole answer within {self.deadline_s:g} s"
            raise CallFailure("timeout", message) from None
        except CallFailure as failure:
            if failure.busy:
                self.caller.pace.too_quick()
                if failure.retry_after and failure.retry_after <= self.caller.policy.retry_after_s:
                    self.caller.pace.hold(failure.retry_after)
            raise
        finally:
            spent = time.perf_counter() - began
            self.left -= spent
        self.latency_ms = spent * 1000
        return reply
