"""The label screen's way to a branch of one's own."""

from __future__ import annotations

from textual import on

from labeltool.commands.branch_offer import Answer
from labeltool.tui import told
from labeltool.tui.dialogs.branch import BranchDialog
from labeltool.tui.screens.label_case import CaseScreen


class OfferScreen(CaseScreen):
    """Asks once. What was decided is saved; only its commit waits for the answer."""

    @on(told.Offered)
    def offered(self, message: told.Offered) -> None:
        def answered(answer: Answer | None) -> None:
            self.keep()  # what is half-made comes along
            self.desk.answer(answer or "stay")

        self.app.push_screen(BranchDialog(message.offer), answered)

    @on(told.Stayed)
    def stayed(self, message: told.Stayed) -> None:
        self.say(f"stayed: {message.error.message}; {message.error.hint}", bad=True)
