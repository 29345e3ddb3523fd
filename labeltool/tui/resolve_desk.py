"""Between the resolve screen and its session.

What comes back are messages that name their output: a late answer must not land on the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from labeltool.commands.amend_draft import Amendable
from labeltool.commands.branch_offer import Answer
from labeltool.commands.label_work import WorkState
from labeltool.commands.resolve_session import Choice, Place, ResolveSession, TookBack, View
from labeltool.commands.rubric_amend import Amendment
from labeltool.errors import LabeltoolError
from labeltool.tui.dialogs.amend import Amended
from labeltool.tui.sitting import AfterPaint, SittingDesk

Opener = Callable[[Callable[[WorkState], None]], ResolveSession]


@dataclass
class Opened(Message):
    """What is open was read, or read again; `switched`: from another branch than before.
    refused: what was not saved for it.
    """

    session: ResolveSession
    switched: bool = False
    refused: Place | None = None


@dataclass
class OpenFailed(Message):
    error: LabeltoolError


@dataclass
class Conflicted(Message):
    """A merge waits for decisions: nothing else can be settled before it."""


@dataclass
class Read(Message):
    view: View


@dataclass
class ReadFailed(Message):
    place: Place
    error: LabeltoolError


@dataclass
class Saved(Message):
    """A resolution is on disk; `amendment`: what changed the rubric with it."""

    place: Place
    amendment: Amendment | None


@dataclass
class SaveFailed(Message):
    """The disk, another process or a rule said no. The choice is journalled where possible."""

    view: View
    choice: Choice
    error: LabeltoolError


@dataclass
class TakenBack(Message):
    """An undo or redo ended: `error` says why not."""

    redo: bool
    took: TookBack | None = None
    error: LabeltoolError | None = None


@dataclass
class Ready(Message):
    """A criterion, ready to be amended."""

    place: Place
    found: Amendable


@dataclass
class Refused(Message):
    """Something that was asked for cannot be."""

    error: LabeltoolError


class ResolveDesk(SittingDesk[ResolveSession]):
    """What the resolve screen may ask of its session."""

    def __init__(
        self,
        opener: Opener,
        post: Callable[[Message], Any],
        after_paint: AfterPaint = lambda painted: False,
        *,
        conflicted: Callable[[], bool] = lambda: False,
    ):
        """`conflicted`: whether a merge in progress waits for decisions."""
        super().__init__(opener, post, after_paint)
        self._conflicted = conflicted
        self._kept: tuple[View, Choice] | None = None

    def open(self) -> None:
        def job() -> None:
            if self._conflicted():
                self._post(Conflicted())
                return
            self._post(Opened(self._start()))

        self._do(job, lambda error: self._post(OpenFailed(error)))

    def read(self, place: Place) -> None:
        def job(session: ResolveSession) -> None:
            if not self._followed():
                self._post(Read(session.view(place)))

        self._with(job, lambda error: self._post(ReadFailed(place, error)))

    def save(self, view: View, choice: Choice, amended: Amended | None) -> None:
        def job(session: ResolveSession) -> None:
            edits, reason = (amended.edits, amended.reason) if amended else ((), "")
            amendment = session.save(view, choice, edits, reason)
            if amendment is not None and edits:
                session.keep_amendment(edits[0].criterion, None)
            self._post(Saved(view.place, amendment))
            if amendment is not None:
                self._post(Opened(session))

        def failed(error: LabeltoolError) -> None:
            if self._session is not None:
                with suppress(LabeltoolError, OSError):
                    self._session.keep(view, choice)
            if not self._followed(view.place):
                self._post(SaveFailed(view, choice, error))

        self._kept = None
        self._with(job, failed)

    def keep(self, view: View, choice: Choice) -> None:
        """Journal a half-made resolution. Of several that wait, only the last is written."""
        self._kept = (view, choice)

        def job(session: ResolveSession) -> None:
            kept, self._kept = self._kept, None
            if kept is not None:
                session.keep(*kept)

        # One that cannot be journalled is still on screen; the save will say what is wrong.
        self._with(job, lambda error: None)

    def take_back(self, *, redo: bool) -> None:
        def job(session: ResolveSession) -> None:
            took = session.redo() if redo else session.undo()
            self._post(TakenBack(redo, took))
            self._post(Opened(session))

        def failed(error: LabeltoolError) -> None:
            if not self._followed():
                self._post(TakenBack(redo, error=error))

        self._with(job, failed)

    def amendable(self, place: Place, criterion: str) -> None:
        self._with(
            lambda session: self._tell(Ready(place, session.amendable(criterion))),
            lambda error: self._tell(Refused(error)),
        )

    def answer(self, answer: Answer) -> None:
        """Go to the branch that was offered, or stay."""

        def job(session: ResolveSession) -> None:
            if session.answer(answer):
                self._post(Opened(session, switched=True))

        self._with(job, lambda error: self._tell(Refused(error)))

    def _followed(self, refused: Place | None = None) -> bool:
        """Whether the branch was switched underneath: the screen is told, once all is read."""
        if self._session is None:
            return False
        try:
            switched = self._session.follow()
        except LabeltoolError as error:
            self._post(OpenFailed(error))
            return True
        if switched:
            self._post(Opened(self._session, switched=True, refused=refused))
        return switched
