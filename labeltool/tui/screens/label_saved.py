"""What became of what I said on the label screen: refused, changed elsewhere, taken back."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from labeltool.tui import told
from labeltool.tui.dialogs.choose import ChooseDialog
from labeltool.tui.screens.label_case import CaseScreen
from labeltool.tui.screens.label_parts import both_said


class SavedScreen(CaseScreen):
    """A label that did not get to the disk comes back; two of one output are both shown."""

    @on(told.SaveFailed)
    def save_failed(self, message: told.SaveFailed) -> None:
        self.walk.settle(message.view.case.id, "todo")
        if message.theirs is not None:
            self._ask_which(message)
        else:
            self.keep()
            self.walk.go_to(message.view.case.id)
            self._show(replace(message.view, draft=message.draft, resumed=True))
            self.say(f"not saved: {message.error.message}", bad=True)

    def _ask_which(self, failed: told.SaveFailed) -> None:
        """The label on disk is not the one this screen started from: show both."""
        case = failed.view.case.id

        def decided(keep_mine: bool | None) -> None:
            if keep_mine:
                self.desk.save_over(failed.view, failed.draft)
                self.walk.settle(case, "done")
            elif keep_mine is False:
                self.desk.drop(case)
            self._return_to(case)

        lines = both_said(failed.draft, failed.theirs)
        dialog = ChooseDialog(
            f"{case} was labelled elsewhere", lines, a="keep what I said here", b="keep the other"
        )
        self.app.push_screen(dialog, decided)

    @on(told.TakenBack)
    def taken_back(self, message: told.TakenBack) -> None:
        if message.error is not None:
            self.say(message.error.message)
            return
        what = f"{message.what} {message.case}".strip()
        what = what if message.case else "the rubric, or many cases at once"
        words = f"{what}: {'brought back' if message.redo else 'taken back'}"
        if not message.case:
            self.say(words)
        elif self.walk.holds(message.case):
            self._return_to(message.case)
            self.say(words)
        else:
            self.say(f"{words}; it is not in this queue")

    @on(told.Verified)
    def verified(self, message: told.Verified) -> None:
        if message.error is not None:
            self.say(message.error.message, bad=True)
            return
        self.say(f"{message.case} is verified")
        if message.case == self.walk.case and self._notice is None:
            self.desk.read(message.case, fresh=True)

    @on(told.Stood)
    def stood(self, message: told.Stood) -> None:
        self.walk.settle(message.case, message.state)
        self.draw()
