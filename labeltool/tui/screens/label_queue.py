"""The label screen's queue: a filter over it, and the order that settles something."""

from __future__ import annotations

from textual import on

from labeltool.rules import queue
from labeltool.safe_text import one_line
from labeltool.tui import keys, told
from labeltool.tui.dialogs.queue_filter import QueueFilterDialog
from labeltool.tui.screens.label_case import CaseScreen
from labeltool.tui.walk import Walk


class QueueScreen(CaseScreen):
    """Which outputs one goes through, and in which order. Nothing half-made is lost by either."""

    def action_filter(self) -> None:
        if self.session is None:
            self.say("still opening")
            return
        dialog = QueueFilterDialog(self.walk.filter, self.desk.count)
        self.app.push_screen(dialog, self._filter)

    def _filter(self, text: str | None) -> None:
        if text is not None and text != self.walk.filter:
            self.desk.choose(text, settling=self.walk.settling)

    def action_settle(self) -> None:
        """To the order that settles something, and back to the usual one."""
        if self.session is not None:
            self.desk.choose(self.walk.filter, settling=not self.walk.settling)

    @on(told.Counted)
    def counted(self, message: told.Counted) -> None:
        if isinstance(self.app.screen, QueueFilterDialog):
            self.app.screen.told(message.text, message.shown, message.refused)

    @on(told.Chosen)
    def chosen(self, message: told.Chosen) -> None:
        if message.error is not None:
            self.say(f"{message.error.message}; {message.error.hint or ''}".rstrip("; "), bad=True)
        elif not message.items:
            self.say("no output is shown by this")
        else:
            self._go_through(message)

    def _go_through(self, chosen: told.Chosen) -> None:
        """The chosen outputs from here on: where I am, if that is one of them."""
        self.keep()
        before, case = self.walk, self.walk.case
        new_order = chosen.settling != before.settling
        here = case if any(item.case == case for item in chosen.items) and not new_order else None
        self.walk = Walk(chosen.items, here, filter=chosen.text, settling=chosen.settling)
        if here is None or self._notice is not None:
            self._arrive()
        else:
            self.draw()
        if new_order:
            self.say(chosen.says if chosen.settling and chosen.says else "the usual order again")
        elif not chosen.text:
            self.say("all outputs of your queue again")

    def clear_filter(self) -> bool:
        """Back to the whole queue; False where there is no filter."""
        if self.walk.filter:
            self.desk.choose("", settling=self.walk.settling)
            return True
        return False

    def _onward(self) -> None:
        """Through what a filter shows one also goes where all of it is done."""
        if self.walk.to_open() or (self.walk.filter and self.walk.step(1) is None):
            self._arrive()
        else:
            self._all_done()

    def _all_done(self) -> None:
        if not self.walk.filter:
            super()._all_done()
            return
        done = queue.progress(self.walk.items)
        self._rest(
            f"all done with {one_line(self.walk.filter, 40)}",
            f"{done.done} of {done.total} outputs shown have your label",
            f"{keys.shown('back')} shows the whole queue, {keys.shown('previous')} goes back",
        )
