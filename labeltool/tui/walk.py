"""Where one stands among the outputs to label, and what was read ahead."""

from __future__ import annotations

from labeltool.commands.label_view import View
from labeltool.rules import queue


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
        self.index = queue.start(items, wanted, last)
        self._ahead: dict[str, View] = {}

    @property
    def item(self) -> queue.Item | None:
        return self.items[self.index] if self.items else None

    @property
    def case(self) -> str | None:
        return self.items[self.index].case if self.items else None

    @property
    def left(self) -> int:
        return queue.progress(self.items).left

    def holds(self, case: str) -> bool:
        return any(item.case == case for item in self.items)

    def go_to(self, case: str) -> None:
        self.index = next(i for i, item in enumerate(self.items) if item.case == case)

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
        self.items = queue.settle(self.items, case, state)
        self._ahead.pop(case, None)

    def unread(self) -> list[str]:
        """Cases one key away that were not read yet."""
        places = {self.index - 1, self.index + 1, queue.next_open(self.items, self.index)}
        near = [self.items[p].case for p in places if p is not None and 0 <= p < len(self.items)]
        self._ahead = {case: view for case, view in self._ahead.items() if case in near}
        return [case for case in near if case not in self._ahead and case != self.case]

    def put(self, view: View) -> None:
        self._ahead[view.case.id] = view

    def take(self) -> View | None:
        return self._ahead.pop(self.case or "", None)
