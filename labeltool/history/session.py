"""What the parts of one open History share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labeltool.errors import StorageError
from labeltool.history.catfile import CatFile
from labeltool.history.journal import Journal
from labeltool.history.locks import BusyError, held
from labeltool.history.repository import Repository


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds.

    hook     one git process with all its hooks
    index    for somebody else's index.lock to go away
    save     for another labeltool process to finish a save (they take milliseconds)
    commit   for another labeltool process to finish a commit, hooks included
    network  one git process that talks to a remote
    """

    hook: float = 120.0
    index: float = 10.0
    save: float = 10.0
    commit: float = 150.0
    network: float = 300.0


@dataclass(frozen=True, slots=True)
class Session:
    """`jitter` gives floats in [0, 1), `pause` waits for that many seconds."""

    repository: Repository
    journal: Journal
    cat: CatFile
    limits: Limits
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    pause: Callable[[float], None] = time.sleep

    @property
    def root(self) -> Path:
        return self.repository.root

    @property
    def save_lock(self) -> Path:
        return self.repository.own_dir / "save.lock"

    @property
    def commit_lock(self) -> Path:
        return self.repository.own_dir / "commit.lock"

    def at_head(self, path: str) -> bytes | None:
        """The content of a workspace path in the current commit."""
        return self.cat.blob(f"HEAD:{self.repository.prefix}{path}")


@contextmanager
def no_saves(session: Session) -> Iterator[None]:
    """No process saves while this lasts. Raises StorageError where one goes on saving."""
    try:
        with held(session.save_lock, session.limits.save):
            yield
    except BusyError:
        raise StorageError(
            "another labeltool process has been writing here for too long",
            hint="end it, or wait for it, and try again",
        ) from None
