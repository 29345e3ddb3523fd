"""What every sitting in the app needs: one thread beside the screen, so that decisions keep their
order and no key waits for them.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, Generic, Protocol, TypeVar

from textual.message import Message

from labeltool.commands.amend_draft import AmendDraft
from labeltool.commands.branch_offer import Answer, Offer
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_view import RubricPast
from labeltool.errors import LabeltoolError
from labeltool.tui import told

Failed = Callable[[LabeltoolError], None]
AfterPaint = Callable[[Callable[[], None]], bool]
LONGEST_PAINT_S = 0.05


class Sitting(Protocol):
    """A session that such a desk runs."""

    offer: Offer | None

    def past(self) -> RubricPast: ...
    def keep_amendment(self, criterion: str, draft: AmendDraft | None) -> None: ...
    def answer(self, answer: Answer) -> bool: ...
    def close(self, timeout: float = ...) -> WorkState: ...


S = TypeVar("S", bound=Sitting)


class SittingDesk(Generic[S]):
    """Runs a session's work one job after the other and posts what became of it.

    post may be called from any thread. after_paint runs a callback when what changed on screen is
    painted, and says whether it will: a job begins then, for two threads that both need the
    interpreter would make the key wait for the disk.
    """

    def __init__(
        self,
        opener: Callable[[Callable[[WorkState], None]], S],
        post: Callable[[Message], Any],
        after_paint: AfterPaint = lambda painted: False,
    ):
        self._opener = opener
        self._post = post
        self._after_paint = after_paint
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._session: S | None = None
        self._closed = False
        self.patience = 3.0
        """Seconds that closing waits for commits."""

    def past(self) -> None:
        def job(session: S) -> None:
            self._post(told.Past(session.past()))

        self._with(job, lambda error: self._tell(told.Past(RubricPast(missing=error.message))))

    def keep_amendment(self, criterion: str, draft: AmendDraft | None) -> None:
        # One that cannot be journalled is still on screen; amending says what is wrong.
        self._with(lambda session: session.keep_amendment(criterion, draft), lambda error: None)

    def idle(self) -> Future[None]:
        """Done when everything asked for so far is done."""
        return self._pool.submit(lambda: None)

    def close(self) -> WorkState | None:
        """Ends after the work that waits. What is not committed then is left to the journal."""
        self._closed = True
        self._pool.shutdown(wait=True)
        return self._session.close(self.patience) if self._session is not None else None

    # What a desk is made of.

    def _tell(self, message: Message) -> None:
        self._post(message)

    def _start(self) -> S:
        """Open the session, in the desk's thread."""
        self._session = session = self._opener(lambda state: self._tell(told.Work(state)))
        return session

    def _with(self, job: Callable[[S], None], failed: Failed) -> None:
        """Run a job over the open session; a branch that it came to offer is told too."""

        def run() -> None:
            session = self._session
            if session is None:
                return
            before = session.offer
            try:
                job(session)
            finally:
                if (offer := session.offer) is not None and offer is not before:
                    self._post(told.Offered(offer))

        self._do(run, failed)

    def _do(self, job: Callable[[], None], failed: Failed) -> None:
        if self._closed:
            return
        painted = Event()
        if not self._after_paint(painted.set):
            painted.set()

        def run() -> None:
            painted.wait(LONGEST_PAINT_S)
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
            self._post(told.Broke(fault))
