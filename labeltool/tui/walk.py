"""Where one stands among the outputs to label, and what was read ahead."""

from __future__ import annotations

from labeltool.commands.label_view import View
from labeltool.rules import queue

AHEAD = 3
"""Open cases that are read ahead: a disk that syncs a label slowly keeps nobody waiting."""


class Walk:
    """The queue with a place in it. `take` hands out a view that was read ahead, once.

    filter: what the items were chosen by. settling: whether what settles something comes first.
    """

    def __init__(
        self,
        items: tuple[queue.Item, ...] = (),
        wanted: str | None = None,
        last: str | None = None,
        *,
        filter: str = "",
        settling: bool = False,
    ):
        self.items, self.filter, self.settling = items, filter, settling
        begins = settling and wanted is None
        self.index = _first(items, last) if begins else queue.start(items, wanted, last)
        self._ahead: dict[str, View] = {}
        # Kept, not counted: every key draws them, and there may be thousands.
        self._places = {item.case: place for place, item in enumerate(items)}
        self._left = queue.progress(items).left

    @property
    def item(self) -> queue.Item | None:
        return self.items[self.index] if self.items else None

    @property
    def case(self) -> str | None:
        return self.items[self.index].case if self.items else None

    @property
    def left(self) -> int:
        return self._left

    @property
    def progress(self) -> queue.Progress:
        return queue.Progress(len(self.items) - self._left, len(self.items))

    def holds(self, case: str) -> bool:
        return case in self._places

    def go_to(self, case: str) -> None:
        self.index = self._places[case]

    def step(self, step: int) -> str | None:
        """One case on or back; words where there is none."""
        if not 0 <= self.index + step < len(self.items):
            return "this is the last case" if step > 0 else "this is the first case"
        self.index += step
        return None

    def to_open(self) -> bool:
        """To the next case that waits for a label; False where none does."""
        following = queue.next_open(self.items, self.index)
        if following is not None:
            self.index = following
        return following is not None

    def settle(self, case: str, state: queue.State) -> None:
        """What is known of a case changed: its view is read again when it is wanted."""
        self._ahead.pop(case, None)
        if (place := self._places.get(case)) is not None:
            before = self.items[place].open
            self.items = queue.settle(self.items, place, state)
            self._left += self.items[place].open - before

    def unread(self) -> list[str]:
        """Cases one key away, and some further ones, that were not read yet."""
        places: set[int | None] = {self.index - 1, self.index + 1}
        place: int | None = self.index
        for _ in range(AHEAD):
            place = None if place is None else queue.next_open(self.items, place)
            places.add(place)
        near = [self.items[p].case for p in places if p is not None and 0 <= p < len(self.items)]
        self._ahead = {case: view for case, view in self._ahead.items() if case in near}
        return [case for case in near if case not in self._ahead and case != self.case]

    def put(self, view: View) -> None:
        self._ahead[view.case.id] = view

    def take(self) -> View | None:
        return self._ahead.pop(self.case or "", None)


def _first(items: tuple[queue.Item, ...], last: str | None) -> int:
    """The half-made label, else what settles most: to go on behind the last one would pass it."""
    for place, item in enumerate(items):
        if item.case == last and item.state == "todo":
            return place
    return next((place for place, item in enumerate(items) if item.open), 0)
