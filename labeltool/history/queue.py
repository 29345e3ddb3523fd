"""Commits in the background, so that a slow hook never blocks a key."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from labeltool.errors import CommitHeld, LabeltoolError
from labeltool.history.changes import Committed, FileChange, Saved, Verify
from labeltool.history.held import OWN_REASONS
from labeltool.history.history import History
from labeltool.history.message import CommitMessage

# Cheap to look at again: the state of the repository. Others run hooks, so they wait longer.
_RETRY_S = 2.0
_RETRY_MOST_S = 120.0
_CHEAP = ("_in_progress", "detached_head", "branch_switched")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one decision. Sent from the queue's thread, `saved` from the caller's."""

    kind: Literal["saved", "committed", "held"]
    saved: Saved
    committed: Committed | None = None
    reason: str | None = None
    message: str | None = None
    hint: str | None = None

    @property
    def commit(self) -> str | None:
        return self.committed.commit if self.committed is not None else None


class CommitQueue:
    """Saves at once, commits in order in a thread of its own, tries again what was held."""

    def __init__(self, history: History, on_event: Callable[[Event], None]):
        self._history = history
        self._on_event = on_event
        self._waiting: deque[Saved] = deque(history.pending())
        self._wake = threading.Condition()
        self._busy = False
        self._closing = False
        self._pause = 0.0
        self._told: dict[str, str] = {}
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
        saved = self._history.save(changes, message, verify)
        if saved.paths:
            self.put(saved)
        return saved

    def put(self, saved: Saved) -> None:
        """Queues what is saved already."""
        self._on_event(Event("saved", saved))
        with self._wake:
            self._waiting.append(saved)
            self._pause = 0.0
            self._wake.notify_all()

    def retry(self) -> None:
        """Tries what is held again, now: something has changed."""
        with self._wake:
            self._pause = 0.0
            self._told.clear()
            self._wake.notify_all()

    def flush(self, timeout: float) -> bool:
        """Waits until nothing is left to commit; False where something is held or time is up."""
        with self._wake:
            self._wake.wait_for(lambda: not self._busy and self._settled(), timeout)
            return not self._waiting

    def close(self, timeout: float = 10.0) -> int:
        """Commits what can be within `timeout` seconds; how many decisions are left waiting.

        They are safe in the journal, and the next start commits them.
        """
        self.flush(timeout)
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join(timeout)
        return self.pending

    def _settled(self) -> bool:
        return not self._waiting or self._pause > 0 or not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or bool(self._waiting))
                if not self._closing and self._pause > 0:
                    self._wake.wait(self._pause)
                if self._closing:
                    return
                before, self._pause = self._pause, 0.0
                self._busy = True
            cheap = self._commit_round()
            with self._wake:
                self._busy = False
                if cheap is not None and not self._new_arrivals:
                    most = _RETRY_S if cheap else _RETRY_MOST_S
                    self._pause = min(max(_RETRY_S, 2 * before), most)
                self._wake.notify_all()

    def _commit_round(self) -> bool | None:
        """Tries all that waits once. None: all done; else whether looking again is cheap."""
        with self._wake:
            batch = list(self._waiting)
        cheap: bool | None = None
        for saved in batch:
            if self._closing:
                break
            reason = self._commit_one(saved)
            if reason is None:
                continue
            cheap = (cheap is not False) and any(mark in reason for mark in _CHEAP)
            if reason not in OWN_REASONS:
                break
        with self._wake:
            self._new_arrivals = len(self._waiting) > 0 and self._waiting[-1] not in batch
        return cheap

    _new_arrivals = False

    def _commit_one(self, saved: Saved) -> str | None:
        try:
            committed = self._history.commit(saved)
        except CommitHeld as error:
            return self._hold(saved, error.reason, error.message, error.hint)
        except (LabeltoolError, OSError) as error:
            return self._hold(saved, "git_failed", str(error), getattr(error, "hint", None))
        with self._wake:
            self._waiting.remove(saved)
            self._told.pop(saved.id, None)
        self._on_event(Event("committed", saved, committed=committed))
        return None

    def _hold(self, saved: Saved, reason: str, message: str, hint: str | None) -> str:
        """Says so once for each decision and reason, not with every attempt."""
        with self._wake:
            news = self._told.get(saved.id) != reason
            self._told[saved.id] = reason
        if news:
            self._on_event(Event("held", saved, None, reason, message, hint))
        return reason
