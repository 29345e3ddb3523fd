"""Commits in the background, so that a slow hook never blocks a key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from labeltool.errors import CommitHeld, LabeltoolError
from labeltool.history.changes import Committed, FileChange, Saved, Verify
from labeltool.history.held import OWN_REASONS
from labeltool.history.history import History
from labeltool.history.message import CommitMessage

# The state of the repository is cheap to look at again; other reasons run git and its hooks.
_CHEAP = ("_in_progress", "detached_head", "branch_switched")
_RETRY_S = 2.0
_RETRY_MOST_S = 120.0


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one decision. `saved` comes from the caller's thread, others from the
    queue's."""

    kind: Literal["saved", "committed", "held"]
    saved: Saved
    committed: Committed | None = None
    reason: str | None = None
    message: str | None = None
    hint: str | None = None

    @property
    def commit(self) -> str | None:
        return self.committed.commit if self.committed is not None else None


@dataclass(slots=True)
class _Waiting:
    saved: Saved
    due: float = 0.0
    pause: float = 0.0
    told: str | None = None
    here: bool = False

    def hold(self, reason: str) -> None:
        most = _RETRY_S if any(mark in reason for mark in _CHEAP) else _RETRY_MOST_S
        self.pause = min(max(_RETRY_S, 2 * self.pause), most)
        self.due = time.monotonic() + self.pause


class CommitQueue:
    """Saves at once, commits in order in a thread of its own, tries again what was held.

    Starts with what `History.recover` found held.
    """

    def __init__(self, history: History, on_event: Callable[[Event], None]):
        self._history = history
        self._on_event = on_event
        self._waiting = [_Waiting(saved) for saved in history.pending()]
        self._wake = threading.Condition()
        self._busy = False
        self._closing = False
        self._paused = False
        self._thread = threading.Thread(target=self._run, name="labeltool-commits", daemon=True)
        self._thread.start()

    @property
    def pending(self) -> int:
        """Decisions that are saved and not committed."""
        with self._wake:
            return len(self._waiting)

    def save(
        self,
        changes: Sequence[FileChange],
        message: CommitMessage,
        verify: Verify | None = None,
    ) -> Saved:
        """As `History.save`; the commit follows by itself."""
        return self._put(self._history.save(changes, message, verify))

    def undo(self, annotator: str, matching: Mapping[str, str] | None = None) -> Saved:
        """As `History.undo`; the commit follows by itself."""
        return self._put(self._history.undo(annotator, matching))

    def redo(self, annotator: str, matching: Mapping[str, str] | None = None) -> Saved:
        """As `History.redo`; the commit follows by itself."""
        return self._put(self._history.redo(annotator, matching))

    def _put(self, saved: Saved) -> Saved:
        self._on_event(Event("saved", saved))
        if saved.paths:
            with self._wake:
                # What holds everything stands first and is tried first, so order is kept.
                for waiting in self._waiting:
                    if waiting.told is not None and waiting.told not in OWN_REASONS:
                        waiting.due = 0.0
                self._waiting.append(_Waiting(saved))
                self._wake.notify_all()
        return saved

    def retry(self) -> None:
        """Tries what is held again, now: something has changed. Says again what is still held."""
        with self._wake:
            for waiting in self._waiting:
                waiting.due, waiting.told = 0.0, None
            self._wake.notify_all()

    def pause(self) -> None:
        """No commit begins until `resume`, or `close`; saves go on."""
        with self._wake:
            self._paused = True

    def resume(self, *, here: bool = False) -> None:
        """Commits again. `here`: what waits goes to the branch that is checked out now."""
        with self._wake:
            self._paused = False
            for waiting in self._waiting:
                waiting.here = waiting.here or here
            self._wake.notify_all()

    def flush(self, timeout: float) -> bool:
        """Waits until each has been tried; False where something is held or time is up."""
        with self._wake:
            self._wake.wait_for(lambda: not self._busy and self._next_due() > 0, timeout)
            return not self._waiting

    def close(self, timeout: float = 10.0) -> int:
        """Commits what can be within `timeout` seconds; how many decisions are left waiting.

        They are safe in the journal, and the next start commits them. Close the history after.
        """
        deadline = time.monotonic() + timeout
        with self._wake:
            self._paused = False
            for waiting in self._waiting:
                waiting.due = 0.0
            self._wake.notify_all()
        self.flush(timeout)
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join(max(0.1, deadline - time.monotonic()))
        return self.pending

    def _next_due(self) -> float:
        """Seconds until something may be tried; infinite when nothing waits.

        Nothing overtakes a decision that waits for a reason that holds them all.
        """
        wait = float("inf")
        if self._paused:
            return wait
        for waiting in self._waiting:
            wait = min(wait, waiting.due - time.monotonic())
            if waiting.told is not None and waiting.told not in OWN_REASONS:
                break
        return wait

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._closing and (wait := self._next_due()) > 0:
                    self._wake.wait(None if wait == float("inf") else wait)
                if self._closing:
                    return
                self._busy = True
            self._commit_round()
            with self._wake:
                self._busy = False
                self._wake.notify_all()

    def _commit_round(self) -> None:
        """Tries each that is due, in order, up to one whose reason holds all."""
        with self._wake:
            batch = list(self._waiting)
        for waiting in batch:
            if self._closing or self._paused:
                return
            if waiting.due <= time.monotonic():
                self._commit_one(waiting)
            if waiting.told is not None and waiting.told not in OWN_REASONS:
                return

    def _commit_one(self, waiting: _Waiting) -> None:
        try:
            committed = self._history.commit(waiting.saved, here=waiting.here)
        except CommitHeld as error:
            self._hold(waiting, error.reason, error.message, error.hint)
        except (LabeltoolError, OSError) as error:
            self._hold(waiting, "git_failed", str(error), getattr(error, "hint", None))
        else:
            with self._wake:
                self._waiting.remove(waiting)
                waiting.told = None
            self._on_event(Event("committed", waiting.saved, committed=committed))

    def _hold(self, waiting: _Waiting, reason: str, message: str, hint: str | None) -> None:
        """Says so once for each decision and reason, not with every attempt."""
        with self._wake:
            news = waiting.told != reason
            waiting.told = reason
            waiting.hold(reason)
        if news:
            self._on_event(Event("held", waiting.saved, None, reason, message, hint))
