"""The pane that says how graders scored an output: criteria with a cursor, reasons below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from labeltool.tui.widgets.pane import inside
from labeltool.tui.widgets.text import Line, TextPane, Wrapped

REASON_ROWS = 4
"""Rows of reasons that it wants below the criteria where room is short."""


class VerdictPane(TextPane):
    """`rows` and `detail` are what the sharing of the room asks for."""

    @dataclass
    class Picked(Message):
        """A click on a criterion."""

        index: int

    def __init__(self, *, id: str | None = None):
        super().__init__("graded", id=id)
        self._criteria: Sequence[Line] = ()
        self._reasons: Sequence[Line] = ()

    def show_verdict(self, criteria: Sequence[Line], reasons: Sequence[Line]) -> None:
        self._criteria, self._reasons = criteria, reasons
        self.show([*criteria, *reasons])

    @property
    def rows(self) -> int:
        return len(self._criteria) + min(REASON_ROWS, self.detail(self.size.width or 80))

    def detail(self, width: int) -> int:
        """Rows of all the reasons at that width."""
        return Wrapped(self._reasons, inside(width)).upto(REASON_ROWS * 4)

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + round(self.scroll_offset.y)
        if event.y >= 1 and 0 <= row < len(self._criteria):
            self.post_message(self.Picked(row))
