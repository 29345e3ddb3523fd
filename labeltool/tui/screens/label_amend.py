"""The label screen's way to amend the rubric where it is unclear."""

from __future__ import annotations

from textual import on

from labeltool.commands.amend_draft import AmendDraft
from labeltool.tui import told
from labeltool.tui.dialogs.amend import AmendDialog, Amended, amended_words
from labeltool.tui.screens.label_case import CaseScreen


class AmendScreen(CaseScreen):
    """Amends the focused criterion; the case in hand is the one that showed it."""

    def action_amend(self) -> None:
        if pen := self._ready():
            self.keep()
            self.say("reading what it touches…")
            self.desk.amendable(pen.criterion.id)

    @on(told.Amendable)
    def amendable(self, message: told.Amendable) -> None:
        found, pen = message.found, self.pen
        self.say("")
        if pen is None or self.app.screen is not self:
            return
        criterion, case = found.criterion.id, pen.view.case.id

        def keep(draft: AmendDraft | None) -> None:
            self.desk.keep_amendment(criterion, draft)

        def answered(answer: Amended | None) -> None:
            if answer is not None:
                self.keep()
                self.desk.amend(criterion, answer.edits, reason=answer.reason, case=case)

        self.app.push_screen(AmendDialog(found, keep=keep), answered)

    @on(told.Amended)
    def amended(self, message: told.Amended) -> None:
        if message.amendment is not None:
            self.say(amended_words(message.amendment))
        elif message.error is not None:
            self.say(f"not amended, and kept: {message.error.message}", bad=True)
