"""The label screen's way to edit what is expected of a case."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import SuspendNotSupported

from labeltool.commands.edit import OR, as_text
from labeltool.commands.label_view import View
from labeltool.errors import UsageError
from labeltool.safe_text import visible
from labeltool.tui import keys, outside, told
from labeltool.tui.dialogs.answer import AnswerDialog
from labeltool.tui.screens.label_case import CaseScreen
from labeltool.tui.widgets.text import CAP


class AnswerScreen(CaseScreen):
    """Here or in the user's editor. What is not saved is kept, and waits at its case."""

    def action_edit(self) -> None:
        pen = self._ready()
        if pen is None:
            return
        view, filed = pen.view, as_text(pen.view.case.acceptable)
        text = filed if view.written is None else view.written
        why = _not_here(view, text) or _not_here(view, filed)
        if why is not None:
            self.say(why)
            return
        several = f" · {OR} stands between answers" if len(view.case.acceptable) > 1 else ""

        def changed(now: str | None) -> None:
            self._keep_answer(view, now)

        def answered(now: str | None) -> None:
            if now is not None:
                self._save_answer(view, now)

        dialog = AnswerDialog(f"expected{several}", text, filed=filed, changed=changed)
        self.app.push_screen(dialog, answered)

    def action_edit_outside(self) -> None:
        pen = self._ready()
        if pen is None or self.session is None:
            return
        view, env = pen.view, self.session.env
        filed = as_text(view.case.acceptable)
        if _parted_inside(view):
            self.say(_PARTED)
            return
        self.keep()
        try:
            words = outside.command(env)
            with self.app.suspend():
                done = outside.edit(
                    words, filed if view.written is None else view.written, view.case.id, env
                )
        except UsageError as error:
            self.say("; ".join(part for part in (error.message, error.hint) if part), bad=True)
        except SuspendNotSupported:
            self.say(
                f"no editor can have this terminal; {keys.shown('edit')} edits it here", bad=True
            )
        else:
            self._take(view, done, filed)

    def _take(self, view: View, done: outside.Edited, filed: str) -> None:
        """What came back from the editor."""
        if done.wrong is not None:
            kept = done.text not in ("", filed)
            if kept:
                self._keep_answer(view, done.text)
            words = "your text is kept and not saved" if kept else "nothing was changed"
            self.say(f"{done.wrong}: {words}", bad=True)
        else:
            self._save_answer(view, done.text)

    def _keep_answer(self, view: View, text: str | None) -> None:
        self.desk.keep_answer(view.case.id, text)
        if self.pen is not None and self.pen.view.case.id == view.case.id:
            self.pen.view = replace(self.pen.view, written=text)
            self._draw_label()

    def _save_answer(self, view: View, text: str) -> None:
        if text == as_text(view.case.acceptable):
            self._keep_answer(view, None)
            self.say("expected is as it was")
        else:
            self.desk.edit(view, text)

    @on(told.Edited)
    def edited(self, message: told.Edited) -> None:
        if message.error is not None:
            self.say(f"not saved, and kept: {message.error.message}", bad=True)
        elif message.report is not None and message.report.voided:
            key = keys.shown("verify")
            self.say(
                f"expected is saved; the case is no longer verified: {key} once you stand by it"
            )
        else:
            self.say("expected is saved")
        if message.case == self.walk.case and self._notice is None:
            self.desk.read(message.case, fresh=True)


_PARTED = f"an answer holds the line {OR}: edit the case's file"


def _parted_inside(view: View) -> bool:
    """Whether an answer itself holds the line that stands between answers."""
    return any(line.strip() == OR for one in view.case.acceptable for line in one.split("\n"))


def _not_here(view: View, text: str) -> str | None:
    """Why a text cannot be edited in a dialog, so that it comes back as it was; None if it can."""
    if _parted_inside(view):
        return _PARTED
    opens = f"{keys.shown('edit-outside')} opens your editor"
    if len(text) > CAP:
        return f"{len(text):,} characters are too many to edit here; {opens}"
    if visible(text) != text:
        return f"expected holds characters that cannot be shown as they are; {opens}"
    return None
