"""Between the label screen and its session. What comes back are the messages in `told`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from textual.message import Message

from labeltool.commands.branch_offer import Answer
from labeltool.commands.edit import from_text
from labeltool.commands.label_session import Session
from labeltool.commands.label_view import LabelDraft, View
from labeltool.commands.label_work import WorkState
from labeltool.errors import Conflict, LabeltoolError
from labeltool.rules.amend import Edit
from labeltool.tui import told
from labeltool.tui.heap import uncollected
from labeltool.tui.sitting import AfterPaint, SittingDesk

Opener = Callable[[Callable[[WorkState], None]], Session]


class Desk(SittingDesk[Session]):
    """What the label screen may ask of its session."""

    def __init__(
        self,
        opener: Opener,
        post: Callable[[Message], Any],
        after_paint: AfterPaint = lambda painted: False,
    ):
        super().__init__(opener, post, after_paint)
        self._kept: tuple[View, LabelDraft] | None = None
        self._answer: tuple[str, str | None] | None = None
        self._counting = ""

    def open(self) -> None:
        self._do(self._open, lambda error: self._post(told.OpenFailed(error)))

    def _open(self) -> None:
        with uncollected():
            session = self._start()
        self._post(told.Opened(session))

    def read(self, case: str, *, fresh: bool = False) -> None:
        def job(session: Session) -> None:
            if not self._followed():
                self._post(told.Read(case, session.view(case), fresh))

        self._with(job, lambda error: self._post(told.ReadFailed(case, error)))

    def read_again(self) -> None:
        """Everything: it may have changed while another screen was open."""

        def job(session: Session) -> None:
            if not self._followed():
                session.read_again()
                self._post(told.ReadAgain(session))

        self._with(job, lambda error: self._post(told.OpenFailed(error)))

    def save(self, view: View, draft: LabelDraft) -> None:
        def job(session: Session) -> None:
            session.save(view, draft)

        def failed(error: LabeltoolError) -> None:
            self._keep_now(view, draft)
            if not self._followed(view, label=True):
                self._post(told.SaveFailed(view, draft, error, self._theirs(view, error)))

        self._kept = None
        self._with(job, failed)

    def _theirs(self, view: View, error: LabeltoolError) -> View | None:
        if not isinstance(error, Conflict) or self._session is None:
            return None
        now = self._session.view(view.case.id)
        return None if now.read_hash == view.read_hash else now

    def save_over(self, view: View, draft: LabelDraft) -> None:
        """Save although another label lies there now: a person has seen both."""

        def job(session: Session) -> None:
            session.save(replace(session.view(view.case.id), branch=view.branch), draft)

        def failed(error: LabeltoolError) -> None:
            self._keep_now(view, draft)
            if not self._followed(view, label=True):
                self._post(told.SaveFailed(view, draft, error))

        self._with(job, failed)

    def stand(self, case: str) -> None:
        def job(session: Session) -> None:
            self._post(told.Stood(case, session.state_of(case)))

        self._with(job, lambda error: None)

    def drop(self, case: str) -> None:
        """Forget a half-made label."""
        self._with(lambda session: session.forget(case), lambda error: None)

    def keep(self, view: View, draft: LabelDraft) -> None:
        """Journal a half-made label. Of several that wait, only the last is written."""
        self._kept = (view, draft)

        def job(session: Session) -> None:
            kept, self._kept = self._kept, None
            if kept is not None:
                session.keep(*kept)

        # A draft that cannot be journalled is still on screen; the save will say what is wrong.
        self._with(job, lambda error: None)

    def keep_answer(self, case: str, text: str | None) -> None:
        """Journal an edited expected answer. Of several that wait, only the last is written."""
        self._answer = (case, text)

        def job(session: Session) -> None:
            kept, self._answer = self._answer, None
            if kept is not None:
                session.keep_answer(*kept)

        self._with(job, lambda error: None)

    def edit(self, view: View, text: str) -> None:
        """Save what is expected of a case; `text` as `commands.edit.as_text` lays it out."""
        case = view.case.id

        def job(session: Session) -> None:
            report = session.edit(view, from_text(text))
            self._post(told.Edited(case, report))

        def failed(error: LabeltoolError) -> None:
            self.keep_answer(case, text)
            if not self._followed(view):
                self._post(told.Edited(case, error=error))

        self._with(job, failed)

    def amendable(self, criterion: str) -> None:
        def job(session: Session) -> None:
            self._post(told.Amendable(session.amendable(criterion)))

        self._with(job, lambda error: self._post(told.Amended(criterion, error=error)))

    def amend(self, criterion: str, edits: Sequence[Edit], *, reason: str, case: str) -> None:
        """Amend the rubric; everything is read again under it."""

        def job(session: Session) -> None:
            amendment = session.amend(edits, reason=reason, case=case)
            session.keep_amendment(criterion, None)
            self._post(told.ReadAgain(session))
            self._post(told.Amended(criterion, amendment))

        def failed(error: LabeltoolError) -> None:
            if not self._followed():
                self._post(told.Amended(criterion, error=error))

        self._with(job, failed)

    def count(self, text: str) -> None:
        """Of several filters that wait to be counted, only the last is."""
        self._counting = text

        def job(session: Session) -> None:
            if text == self._counting:
                self._post(told.Counted(text, len(session.choose(text))))

        def failed(error: LabeltoolError) -> None:
            hint = f": {error.hint}" if error.hint else ""
            self._post(told.Counted(text, 0, f"{error.message}{hint}"))

        self._with(job, failed)

    def choose(self, text: str, *, settling: bool) -> None:
        """The queue through a filter, in the usual order or the one that settles something."""

        def job(session: Session) -> None:
            session.settling = settling
            items = session.choose(text)
            session.filter = text if items else session.filter
            self._post(told.Chosen(text, settling, items, session.says))

        self._with(job, lambda error: self._post(told.Chosen(text, settling, error=error)))

    def take_back(self, *, redo: bool) -> None:
        def job(session: Session) -> None:
            took = session.redo() if redo else session.undo()
            if not took.case:  # it was of the rubric, or of many cases
                session.read_again()
                self._post(told.ReadAgain(session))
            self._post(told.TakenBack(took.case, redo, took.what))

        def failed(error: LabeltoolError) -> None:
            if not self._followed():
                self._post(told.TakenBack("", redo, error=error))

        self._with(job, failed)

    def verify(self, view: View) -> None:
        case = view.case.id

        def job(session: Session) -> None:
            session.verify(view)
            self._post(told.Verified(case))

        def failed(error: LabeltoolError) -> None:
            if not self._followed(view):
                self._post(told.Verified(case, error))

        self._with(job, failed)

    def answer(self, answer: Answer) -> None:
        """Go to the branch that was offered, or stay."""

        def job(session: Session) -> None:
            if session.answer(answer):
                self._post(told.Switched(session))

        self._with(job, lambda error: self._post(told.Stayed(error)))

    def _keep_now(self, view: View, draft: LabelDraft) -> None:
        """In the desk's own thread: what waits to be kept may speak of another case by now."""
        if self._session is not None:
            with suppress(LabeltoolError, OSError):
                self._session.keep(view, draft)

    def _followed(self, refused: View | None = None, *, label: bool = False) -> bool:
        """Whether the branch was switched underneath: the screen is told, once all is read again.

        refused: over what something was to be saved; `label`: that was a label.
        """
        session, case = self._session, refused.case.id if refused is not None else None
        if session is None:
            return False
        try:
            switched = session.follow()
        except LabeltoolError as error:
            self._post(told.OpenFailed(error, case))
            return True
        if not switched and (refused is None or refused.branch == session.branch):
            return False
        self._post(told.Switched(session, case, label))
        return True
