"""The door to git: save, commit, recover, look back, take back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from labeltool.errors import CommitHeld
from labeltool.history import commit as commits
from labeltool.history import recover as recovery
from labeltool.history import save as saves
from labeltool.history.catfile import CatFile
from labeltool.history.changes import Committed, FileChange, Held, Recovered, Saved, Verify
from labeltool.history.gitcmd import Git
from labeltool.history.journal import Journal
from labeltool.history.message import CommitMessage
from labeltool.history.repository import Repository, discover
from labeltool.history.session import Limits, Session


class History:
    """One workspace and its git repository, for as long as a command or the app runs.

    Safe to use from several threads. Opening writes nothing and recovers nothing: call
    `recover` before the first save.
    """

    def __init__(self, session: Session):
        self.session = session
        self._branch = session.repository.branch()
        self._committed = False

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        env: Mapping[str, str],
        now: Callable[[], datetime],
        limits: Limits | None = None,
        jitter: Callable[[], float] = random.random,
        pause: Callable[[float], None] = time.sleep,
    ) -> History:
        """NotARepository where `root` lies in no repository or in a bare one."""
        repository = discover(root, env)
        return cls(
            Session(
                repository=repository,
                journal=Journal(repository.own_dir / "journal"),
                cat=CatFile(repository.git),
                limits=limits or Limits(),
                now=now,
                jitter=jitter,
                pause=pause,
            )
        )

    def __enter__(self) -> History:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def repository(self) -> Repository:
        return self.session.repository

    @property
    def git(self) -> Git:
        return self.session.repository.git

    @property
    def branch(self) -> str | None:
        """The branch that the files in memory were read on."""
        return self._branch

    def adopt_branch(self) -> str | None:
        """Call after reading the files again: saves go to the branch that is checked out now."""
        self._branch = self.repository.branch()
        return self._branch

    def save(
        self,
        changes: Sequence[FileChange],
        message: CommitMessage,
        verify: Verify | None = None,
    ) -> Saved:
        """All of `changes` on disk, or none of them. A file that is so already is not written.

        `verify` is told the path and the bytes that the disk gave back before each old file is
        replaced; what it raises stops the save. Conflict where a file is no longer the one that
        was read, or the branch was switched (see `adopt_branch`); StorageError where the disk
        refuses.
        """
        saved = saves.save(self.session, self._branch, changes, message, verify)
        self._branch = saved.entry.branch or self._branch
        return saved

    def commit(self, saved: Saved, *, here: bool = False) -> Committed:
        """Commits what was saved, runs hooks and signs as the repository asks.

        CommitHeld where that cannot be now; it stays saved, and `commit_pending` tries again.
        `here` consents to the current branch where another one was checked out meanwhile.
        """
        committed = commits.commit(self.session, saved.entry, here=here)
        self._committed = self._committed or committed.commit is not None
        return committed

    def record(
        self,
        changes: Sequence[FileChange],
        message: CommitMessage,
        verify: Verify | None = None,
    ) -> Committed:
        """Saves and commits."""
        return self.commit(self.save(changes, message, verify))

    def pending(self) -> tuple[Saved, ...]:
        """What this process has saved (or found saved) and not committed, oldest first."""
        return tuple(Saved(entry) for entry in self.session.journal.entries if entry.saved)

    def commit_pending(self, *, here: bool = False) -> tuple[Held, ...]:
        """Tries all that waits, in order; what still waits, and why."""
        held = []
        for saved in self.pending():
            try:
                self.commit(saved, here=here)
            except CommitHeld as error:
                held.append(Held(saved, error.reason, error.message, error.hint))
        return tuple(held)

    def let_go(self, saved: Saved) -> None:
        """Gives up committing: the file stays as it is on disk, for its owner to deal with."""
        self.session.journal.done(saved.id, None)

    def recover(self) -> Recovered:
        """Takes over what dead processes left: finishes or takes back, then commits."""
        recovered = recovery.recover(self.session)
        self._committed = self._committed or bool(recovered.committed)
        return recovered

    def save_draft(self, key: str, data: bytes) -> None:
        """Keeps half-made work over a crash; durable when it returns."""
        self.session.journal.draft(key, data)

    def drafts(self) -> dict[str, bytes]:
        """Drafts of this process and, after `recover`, of dead ones."""
        return self.session.journal.drafts

    def clear_draft(self, key: str) -> None:
        self.session.journal.clear_draft(key)

    def close(self) -> None:
        """Lets go of everything. What is not committed yet is found by the next `recover`."""
        self.session.cat.close()
        self.session.journal.close()
        if self._committed:
            self._committed = False
            self.git.run("maintenance", "run", "--auto", "--quiet")
