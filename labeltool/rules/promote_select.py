"""Which nominated records become drafts: the most important ones, so many per source and day."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field

from labeltool.model.record import Record
from labeltool.rules.promote import Nomination

ROOM = 5
"""So many times the caps are held while reading: a duplicate then takes nobody's place."""
_MOST_REFS = 100

Key = tuple[int, int]
Entry = tuple[Key, str]


@dataclass
class Nominated:
    """A record and how many said the very same. `refs`: the ids of all of them, 100 at most."""

    record: Record
    nomination: Nomination
    day: str
    order: int
    seen: int = 1
    refs: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Larger is better: priority, then who came first."""
        return (self.nomination.priority, -self.order)


class Selection:
    """The best `limit` nominations of a stream with at most `cap` a day, in bounded memory.

    The best within each day's cap, cut to the best overall, is what greedy choice by priority
    gives (a truncated partition matroid), whatever the order of the stream. The same input again
    is counted, not held; one that was let go and comes again is counted anew.
    """

    def __init__(self, *, cap: int, limit: int):
        self._cap, self._room = cap, ROOM * limit
        self._held: dict[str, Nominated] = {}
        self._days: dict[str, list[Entry]] = {}
        self._alive: Counter[str] = Counter()  # how many of a day are held
        self._all: list[Entry] = []
        self._count = 0
        self.let_go = 0

    def add(self, same: str, record: Record, nomination: Nomination, day: str) -> bool:
        """Whether it was new; False where the very same input (`same`) is held already."""
        held = self._held.get(same)
        if held is not None:
            held.seen += 1
            if len(held.refs) < _MOST_REFS:
                held.refs.append(record.id)
            return False
        self._count += 1
        one = Nominated(record, nomination, day, self._count, refs=[record.id])
        self._held[same] = one
        self._alive[day] += 1
        self._hold(one, same)
        return True

    def best(self) -> list[Nominated]:
        """What is held, the most important first."""
        return sorted(self._held.values(), key=lambda one: one.key, reverse=True)

    def _hold(self, one: Nominated, same: str) -> None:
        # What was let go overall may stand in a day's heap still: it is worse than all that is
        # held, so it is the first to go there.
        of_day = self._days.setdefault(one.day, [])
        heapq.heappush(of_day, (one.key, same))
        while len(of_day) > ROOM * (one.nomination.cap or self._cap):
            self._let_go(heapq.heappop(of_day)[1])
        if same in self._held:
            heapq.heappush(self._all, (one.key, same))
        while len(self._held) > self._room:
            self._let_go(heapq.heappop(self._all)[1])
        if len(self._all) > 2 * self._room:
            self._all = [entry for entry in self._all if entry[1] in self._held]
            heapq.heapify(self._all)

    def _let_go(self, same: str) -> None:
        gone = self._held.pop(same, None)
        if gone is None:
            return
        self.let_go += gone.seen
        self._alive[gone.day] -= 1
        if not self._alive[gone.day]:
            del self._alive[gone.day], self._days[gone.day]
