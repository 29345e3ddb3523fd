"""How quickly one endpoint may be asked: as fast as it bears, found out by asking."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

WINDOW_S = 5.0
SLOWER, FASTER = 0.7, 1.1
SLOWEST_PER_S = 0.2
SETTLE_S = 2.0


class Pace:
    """No limit until the server says `too quick`; then 70% of what it bore, 70% of that when it
    says so again, a tenth more every two quiet seconds, and none at four times what it bore.

    A pause (Retry-After, an empty allowance) holds all calls of the endpoint.
    """

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._recent: deque[float] = deque()
        self._limiter: AsyncLimiter | None = None
        self._rate = 0.0
        self._lift_at = 0.0
        self._changed = 0.0
        self._resume = 0.0

    @property
    def rate(self) -> float | None:
        """Calls a second; None while there is no limit."""
        return self._rate if self._limiter is not None else None

    async def turn(self) -> None:
        """Returns when the next call may go out."""
        while (wait := self._resume - self._clock()) > 0:
            await asyncio.sleep(wait)
        if self._limiter is not None:
            await self._limiter.acquire()

    def hold(self, seconds: float) -> None:
        """Nothing goes out for `seconds` from now."""
        self._resume = max(self._resume, self._clock() + seconds)

    def too_quick(self) -> None:
        now = self._clock()
        if self._limiter is not None and now - self._changed < SETTLE_S:
            return  # those were on their way when the rate fell
        if self._limiter is None:
            span = max(now - self._recent[0], 1.0) if self._recent else 1.0
            self._rate = max(len(self._recent) / span, 1.0)
            self._lift_at = 4 * self._rate
        self._set(max(SLOWEST_PER_S, self._rate * SLOWER))

    def went_well(self) -> None:
        now = self._clock()
        self._recent.append(now)
        while self._recent[0] < now - WINDOW_S:
            self._recent.popleft()
        if self._limiter is None or now - self._changed < SETTLE_S:
            return
        if self._rate * FASTER >= self._lift_at:
            self._limiter = None
            return
        self._set(self._rate * FASTER)

    def _set(self, rate: float) -> None:
        from aiolimiter import AsyncLimiter

        self._rate = rate
        self._changed = self._clock()
        # A tenth of a second's worth may go at once: bursts are what servers refuse.
        burst = max(1.0, rate / 10)
        self._limiter = AsyncLimiter(burst, burst / rate)
