"""Between the label screen and the session: one thread, so saves keep order and no key waits.

What comes back are messages that name their case: a late answer must not land on the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from labeltool.commands.edit import EditReport, from_text
from labeltool.commands.label_session import Session
from labeltool.commands.label_view import LabelDraft, View
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_view import RubricPast
from labeltool.errors import Conflict, LabeltoolError
from labeltool.rules.queue import Item, State

Job = Callable[[Session], None]
Failed = Callable[[LabeltoolError], None]
Opener = Callable[[Callable[[WorkState], None]], Session]


@dataclass
class Opened(Message):
    session: Session


@dataclass
class OpenFailed(Message):
    error: LabeltoolError


@dataclass
class Read(Message):
    """A case was read. `fresh`: asked for because its file changed."""

    case: str
    view: View
    fresh: bool = False


@dataclass
class ReadFailed(Message):
    case: str
    error: LabeltoolError


@dataclass
class SaveFailed(Message):
    """The disk or another process said no. The draft is journalled where that is possible."""

    view: View
    draft: LabelDraft
    error: LabeltoolError
    theirs: View | None = None
    """The case as it is on disk now, where another label came between."""


@dataclass
class Work(Message):
    state: WorkState


@dataclass
class TakenBack(Message):
    """An undo or redo ended: `case` is where, empty where `error` says why not."""

    case: str
    redo: bool
    error: LabeltoolError | None = None


@dataclass
class Stood(Message):
    """Where a case stands on disk."""

    case: str
    state: State


@dataclass
class Counted(Message):
    """How many outputs a filter shows, or why it says nothing."""

    text: str
    shown: int
    refused: str | None = None


@dataclass
class Chosen(Message):
    """What a filter shows of the queue, in which order; `says`: what that order settles."""

    text: str
    settling: bool
    items: tuple[Item, ...] = ()
    says: str | None = None
    error: LabeltoolError | None = None


@dataclass
class Verified(Message):
    case: str
    error: LabeltoolError | None = None


@dataclass
class Edited(Message):
    """An expected answer was saved, or not: then its text is kept."""

    case: str
    report: EditReport | None = None
    error: LabeltoolError | None = None


@dataclass
class Past(Message):
    """What was settled and changed before; empty, with the reason in `missing`, where unknown."""

    past: RubricPast


@dataclass
class Broke(Message):
    """A job ended with an error that nobody foresaw."""

    fault: BaseException


class Desk:
    """Runs the session's work one job after the other and posts what became of it."""

    def __init__(self, opener: Opener, post: Callable[[Message], Any]):
        self._opener = opener
        self._post = post
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._session: Session | None = None
        self._kept: tuple[View, LabelDraft] | None = None
        self._answer: tuple[str, str | None] | None = None
        self._counting = ""
        self._closed = False
        self.patience = 3.0
        """Seconds that closing waits for commits."""

    def open(self) -> None:
        self._do(self._open, lambda error: self._post(OpenFailed(error)))

    def _open(self) -> None:
        self._session = self._opener(lambda state: self._post(Work(state)))
        self._post(Opened(self._session))

    def read(self, case: str, *, fresh: bool = False) -> None:
        def job(session: Session) -> None:
            self._post(Read(case, session.view(case), fresh))

        self._with(job, lambda error: self._post(ReadFailed(case, error)))

    def save(self, view: View, draft: LabelDraft) -> None:
        def job(session: Session) -> None:
            session.save(view, draft)

        def failed(error: LabeltoolError) -> None:
            self.keep(view, draft)
            self._post(SaveFailed(view, draft, error, self._theirs(view, error)))

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
            session.save(session.view(view.case.id), draft)

        self._with(job, lambda error: self._post(SaveFailed(view, draft, error)))

    def stand(self, case: str) -> None:
        def job(session: Session) -> None:
            self._post(Stood(case, session.state_of(case)))

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
            report = session.edit(case, view.case.acceptable, from_text(text))
            self._post(Edited(case, report))

        def failed(error: LabeltoolError) -> None:
            self.keep_answer(case, text)
            self._post(Edited(case, error=error))

        self._with(job, failed)

    def past(self) -> None:
        def job(session: Session) -> None:
            self._post(Past(session.past()))

        self._with(job, lambda error: self._post(Past(RubricPast(missing=error.message))))

    def count(self, text: str) -> None:
        """Of several filters that wait to be counted, only the last is."""
        self._counting = text

        def job(session: Session) -> None:
            if text == self._counting:
                self._post(Counted(text, len(session.choose(text))))

        def failed(error: LabeltoolError) -> None:
            hint = f": {error.hint}" if error.hint else ""
            self._post(Counted(text, 0, f"{error.message}{hint}"))

        self._with(job, failed)

    def choose(self, text: str, *, settling: bool) -> None:
        """The queue through a filter, in the usual order or the one that settles something."""

        def job(session: Session) -> None:
            session.settling = settling
            self._post(Chosen(text, settling, session.choose(text), session.says))

        self._with(job, lambda error: self._post(Chosen(text, settling, error=error)))

    def take_back(self, *, redo: bool) -> None:
        def job(session: Session) -> None:
            case = session.redo() if redo else session.undo()
            self._post(TakenBack(case, redo))

        self._with(job, lambda error: self._post(TakenBack("", redo, error)))

    def verify(self, case: str) -> None:
        def job(session: Session) -> None:
            session.verify(case)
            self._post(Verified(case))

        self._with(job, lambda error: self._post(Verified(case, error)))

    def idle(self) -> Future[None]:
        """Done when everything asked for so far is done."""
        return self._pool.submit(lambda: None)

    def close(self) -> WorkState | None:
        """Ends after the work that waits. What is not committed then is left to the journal."""
        self._closed = True
        self._pool.shutdown(wait=True)
        return self._session.close(self.patience) if self._session is not None else None

    def _with(self, job: Job, failed: Failed) -> None:
        def run() -> None:
            if self._session is not None:
                job(self._session)

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
