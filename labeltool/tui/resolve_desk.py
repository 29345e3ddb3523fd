"""Between the resolve screen and its session: one thread, so saves keep order and no key waits.

What comes back are messages that name their output: a late answer must not land on the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from labeltool.commands.amend_draft import Amendable, AmendDraft
from labeltool.commands.branch_offer import Answer, Offer
from labeltool.commands.label_work import WorkState
from labeltool.commands.resolve_session import Choice, Place, ResolveSession, TookBack, View
from labeltool.commands.rubric_amend import Amendment
from labeltool.commands.rubric_view import RubricPast
from labeltool.errors import LabeltoolError
from labeltool.tui.dialogs.amend import Amended

Job = Callable[[ResolveSession], None]
Failed = Callable[[LabeltoolError], None]
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


@dataclass
class Offered(Message):
    offer: Offer


@dataclass
class Past(Message):
    past: RubricPast


@dataclass
class Work(Message):
    state: WorkState


@dataclass
class Broke(Message):
    """A job ended with an error that nobody foresaw."""

    fault: BaseException


class ResolveDesk:
    """Runs the session's work one job after the other and posts what became of it."""

    def __init__(
        self,
        opener: Opener,
        post: Callable[[Message], Any],
        conflicted: Callable[[], bool] = lambda: False,
    ):
        """`conflicted`: whether a merge in progress waits for decisions."""
        self._opener, self._post, self._conflicted = opener, post, conflicted
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="resolve")
        self._session: ResolveSession | None = None
        self._kept: tuple[View, Choice] | None = None
        self._closed = False
        self.patience = 3.0
        """Seconds that closing waits for commits."""

    def open(self) -> None:
        def job() -> None:
            if self._conflicted():
                self._post(Conflicted())
                return
            self._session = self._opener(lambda state: self._post(Work(state)))
            self._post(Opened(self._session))

        self._do(job, lambda error: self._post(OpenFailed(error)))

    def read(self, place: Place) -> None:
        def job(session: ResolveSession) -> None:
            if not self._followed():
                self._post(Read(session.view(place)))

        self._with(job, lambda error: self._post(ReadFailed(place, error)))

    def past(self) -> None:
        self._with(
            lambda session: self._tell(Past(session.past())),
            lambda error: self._tell(Past(RubricPast(missing=error.message))),
        )

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

    def keep_amendment(self, criterion: str, draft: AmendDraft | None) -> None:
        # One that cannot be journalled is still on screen; amending says what is wrong.
        self._with(lambda session: session.keep_amendment(criterion, draft), lambda error: None)

    def answer(self, answer: Answer) -> None:
        """Go to the branch that was offered, or stay."""

        def job(session: ResolveSession) -> None:
            if session.answer(answer):
                self._post(Opened(session, switched=True))

        self._with(job, lambda error: self._tell(Refused(error)))

    def idle(self) -> Future[None]:
        """Done when everything asked for so far is done."""
        return self._pool.submit(lambda: None)

    def close(self) -> WorkState | None:
        """Ends after the work that waits. What is not committed then is left to the journal."""
        self._closed = True
        self._pool.shutdown(wait=True)
        return self._session.close(self.patience) if self._session is not None else None

    def _tell(self, message: Message) -> None:
        self._post(message)

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

    def _with(self, job: Job, failed: Failed) -> None:
        def run() -> None:
            session = self._session
            if session is None:
                return
            before = session.offer
            try:
                job(session)
            finally:
                if session.offer is not None and session.offer is not before:
                    self._post(Offered(session.offer))

        self._do(run, failed)

    def _do(self, job: Callable[[], None], failed: Failed) -> None:
        if self._closed:
            return

        def run() -> None:
            try:
                job()
            except LabeltoolError as error:
                failed(error)
            except OSError as error:
                failed(LabeltoolError(str(error), hint="is the disk readable and writable?"))

        self._pool.submit(run).add_done_callback(self._ended)

    def _ended(self, job: Future[None]) -> None:
        """A fault of ours must not vanish in the thread: the screen raises it."""
        fault = job.exception()
        if fault is not None:
            self._post(Broke(fault))
