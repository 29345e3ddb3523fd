"""Where the decisions of a sitting are: on disk, in git, or held there, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from labeltool.commands.context import Context
from labeltool.commands.label_target import why
from labeltool.history import CommitQueue, Event

SHORT_HASH = 7


@dataclass(frozen=True, slots=True)
class WorkState:
    """Where my decisions are. `waiting`: saved and not yet in git. `why`: what holds the commit."""

    phase: Literal["idle", "saved", "committed", "held", "failed"] = "idle"
    commit: str | None = None
    waiting: int = 0
    why: str | None = None
    hint: str | None = None


def work_before(ctx: Context) -> WorkState:
    """What is known to hold commits, or saves, before the first one is tried. Raises
    RepositoryError where there is no repository.
    """
    state = ctx.history.state()
    waits = None
    if state.read_only:
        return WorkState("failed", why="the folder is read-only, nothing can be saved here")
    if state.operation is not None:
        waits = f"a {state.operation.replace('_', '-')} is in progress"
    elif state.detached:
        waits = "HEAD is on no branch: git switch -c NAME makes one"
    elif state.identity is None:
        waits = "git does not know your name: git config user.name and user.email"
    if waits is not None:
        return WorkState("held", waiting=state.pending, why=waits)
    return WorkState("saved", waiting=state.pending) if state.pending else WorkState()


class Work:
    """Commits in the background, and tells `on_work`, from any thread, what becomes of them."""

    def __init__(self, ctx: Context, on_work: Callable[[WorkState], None]):
        self._on_work = on_work
        self._state = WorkState()
        self._queue: CommitQueue | None = None
        self._queue = self.queue = CommitQueue(ctx.history, self._tell)
        self._say(work_before(ctx))

    def close(self, timeout: float) -> WorkState:
        """Wait so long for commits at most; where the decisions are then."""
        left = self.queue.close(timeout)
        if left and self._state.phase != "held":
            return WorkState("held", waiting=left, why="there was no time left to commit")
        return replace(self._state, waiting=left)

    def _tell(self, event: Event) -> None:
        """An event of the queue, from any thread. Held stays said until a commit goes through."""
        waiting = self._queue.pending if self._queue is not None else 1
        if event.kind == "saved" and not event.saved.paths:
            return  # it stood so already
        held = self._state.phase == "held"
        if event.kind == "held":
            words = why(event.message)
            state = WorkState("held", waiting=max(1, waiting), why=words, hint=event.hint)
        elif event.kind == "saved":
            waiting += 1
            state = replace(self._state, waiting=waiting) if held else _saved(waiting)
        elif waiting:
            if held and self._queue is not None:
                self._queue.retry()  # one went through, so what held the others may be gone
            state = _saved(waiting)
        else:
            state = WorkState("committed", commit=(event.commit or "")[:SHORT_HASH] or None)
        self._say(state)

    def _say(self, state: WorkState) -> None:
        self._state = state
        self._on_work(state)


def _saved(waiting: int) -> WorkState:
    return WorkState("saved", waiting=waiting)
