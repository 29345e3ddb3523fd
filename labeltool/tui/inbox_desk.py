"""Between the inbox screen and its session.

What comes back are messages that name their draft: a late answer must not land on the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from labeltool.commands.branch_offer import Answer
from labeltool.commands.inbox import Decided, Waiting
from labeltool.commands.inbox_session import InboxSession, Look, TookBack, View
from labeltool.commands.label_work import WorkState
from labeltool.errors import LabeltoolError
from labeltool.rules.acceptance import Edits
from labeltool.tui.sitting import AfterPaint, SittingDesk

Opener = Callable[[Callable[[WorkState], None]], InboxSession]


@dataclass
class Opened(Message):
    """What waits was read, or read again; `switched`: from another branch than before."""

    session: InboxSession
    switched: bool = False
    unsaved: bool = False
    """Whether a decision was not saved for it."""


@dataclass
class OpenFailed(Message):
    error: LabeltoolError


@dataclass
class Read(Message):
    view: View


@dataclass
class ReadFailed(Message):
    draft: str
    error: LabeltoolError


@dataclass
class Looked(Message):
    """What the graders say of a draft with these edits."""

    draft: str
    look: Look


@dataclass
class Became(Message):
    """A decision is on disk."""

    decided: Decided


@dataclass
class Refused(Message):
    """A decision was not taken, or not saved; nothing changed."""

    error: LabeltoolError


@dataclass
class TakenBack(Message):
    """An undo or redo ended: `error` says why not."""

    took: TookBack | None = None
    error: LabeltoolError | None = None


class InboxDesk(SittingDesk[InboxSession]):
    """What the inbox screen may ask of its session."""

    def __init__(
        self,
        opener: Opener,
        post: Callable[[Message], Any],
        after_paint: AfterPaint = lambda painted: False,
    ):
        super().__init__(opener, post, after_paint)
        self._kept: tuple[Waiting, Edits] | None = None

    def open(self) -> None:
        self._do(
            lambda: self._tell(Opened(self._start())), lambda error: self._tell(OpenFailed(error))
        )

    def read_again(self) -> None:
        """Everything: it may have changed while another screen was open."""

        def job(session: InboxSession) -> None:
            if not self._followed():
                session.read_again()
                self._post(Opened(session))

        self._with(job, lambda error: self._tell(OpenFailed(error)))

    def read(self, id: str) -> None:
        def job(session: InboxSession) -> None:
            if not self._followed():
                self._post(Read(session.view(id)))

        self._with(job, lambda error: self._tell(ReadFailed(id, error)))

    def look(self, waiting: Waiting, edits: Edits) -> None:
        """What the graders say now; what was written is journalled. Of several that wait, only the
        last is.
        """
        self._kept = (waiting, edits)

        def job(session: InboxSession) -> None:
            kept, self._kept = self._kept, None
            if kept is not None:
                # What cannot be journalled is still on screen; saving says what is wrong.
                with suppress(LabeltoolError, OSError):
                    session.keep(*kept)
                self._post(Looked(kept[0].id, session.look(*kept)))

        self._with(job, lambda error: self._tell(Refused(error)))

    def accept(self, view: View, edits: Edits) -> None:
        self._decide(lambda session: session.accept(view, edits))

    def merge(self, view: View, into: str) -> None:
        self._decide(lambda session: session.merge(view, into))

    def reject(self, ids: Sequence[str], reason: str) -> None:
        self._decide(lambda session: session.reject(ids, reason))

    def later(self, ids: Sequence[str]) -> None:
        self._decide(lambda session: session.later(ids))

    def _decide(self, decide: Callable[[InboxSession], Decided]) -> None:
        def job(session: InboxSession) -> None:
            decided = decide(session)
            self._post(Became(decided))
            self._post(Opened(session))

        def failed(error: LabeltoolError) -> None:
            if not self._followed(unsaved=True):
                self._post(Refused(error))

        self._kept = None
        self._with(job, failed)

    def take_back(self, *, redo: bool) -> None:
        def job(session: InboxSession) -> None:
            took = session.redo() if redo else session.undo()
            self._post(TakenBack(took))
            self._post(Opened(session))

        def failed(error: LabeltoolError) -> None:
            if not self._followed():
                self._post(TakenBack(error=error))

        self._with(job, failed)

    def answer(self, answer: Answer) -> None:
        """Go to the branch that was offered, or stay."""

        def job(session: InboxSession) -> None:
            if session.answer(answer):
                self._post(Opened(session, switched=True))

        self._with(job, lambda error: self._tell(Refused(error)))

    def _followed(self, *, unsaved: bool = False) -> bool:
        """Whether the branch was switched underneath: the screen is told, once all is read."""
        if self._session is None:
            return False
        try:
            switched = self._session.follow()
        except LabeltoolError as error:
            self._post(OpenFailed(error))
            return True
        if switched:
            self._post(Opened(self._session, switched=True, unsaved=unsaved))
        return switched
