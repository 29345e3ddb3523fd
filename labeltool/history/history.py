"""The door to git: save, commit, recover, look back, take back."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from labeltool.errors import CommitHeld, UsageError
from labeltool.history import branches as branching
from labeltool.history import commit as commits
from labeltool.history import graph as graphs
from labeltool.history import log as logs
from labeltool.history import recover as recovery
from labeltool.history import remote as remotes
from labeltool.history import save as saves
from labeltool.history import state as states
from labeltool.history import undo as undoing
from labeltool.history.branches import SwitchedTo
from labeltool.history.catfile import CatFile
from labeltool.history.changes import Committed, FileChange, Held, Recovered, Saved, Verify
from labeltool.history.gitcmd import Git
from labeltool.history.journal import Journal
from labeltool.history.log import LogEntry
from labeltool.history.message import CommitMessage
from labeltool.history.remote import AheadBehind, Remote
from labeltool.history.repository import Repository, discover
from labeltool.history.session import Limits, Session
from labeltool.history.state import RepoState
from labeltool.history.undo import Decision, TakenBack

_COMMIT = re.compile(r"HEAD|[0-9a-f]{7,64}")


class History:
    """One workspace and its git repository, for as long as a command or the app runs.

    Safe to use from several threads. Opening writes nothing and recovers nothing: call
    `recover` before the first save.
    """

    def __init__(self, session: Session):
        self.session = session
        self._branch = session.repository.branch()
        self._committed = False
        # Decisions taken back in this process, newest last; a new decision empties it.
        self._undone: list[Decision] = []
        self.offers_branch = True
        """Whether a branch of one's own may still be offered in this process."""
        self.recoveries: list[Recovered] = []
        """What every `recover` of this process has found, for whoever tells the user."""

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

    def default_branch_here(self) -> str | None:
        """The branch that is checked out, where a branch of one's own is to be offered instead:
        it is the default one of a remote, and nobody has declined.
        """
        if not self.offers_branch:
            return None
        branch = branching.on_default_branch(self.repository)
        return branch if branch and branching.may_offer(self.repository) else None

    def decline_branch(self, *, for_good: bool) -> None:
        """No such offer again in this process, or in this repository (in its git config)."""
        self.offers_branch = False
        if for_good:
            branching.offer_no_more(self.repository)

    def has_branch(self, name: str) -> bool:
        """Whether there is a branch of that name here. Raises UsageError for an illegal name."""
        return branching.exists(self.repository, name)

    def switch_to_new_branch(self, name: str) -> SwitchedTo:
        """Switch to a branch, made where it is not there yet; nothing staged or changed is lost.

        Saves go there from now on where no file had to change; else `adopt_branch` after reading
        the files again. Raises UsageError, RepositoryError; then everything is as it was.
        """
        switched = branching.switch_to_new_branch(self.session, name)
        if not switched.moved:
            self.adopt_branch()
        return switched

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
        saved = self._save(changes, message, verify)
        if saved.paths:
            self._undone.clear()
        return saved

    def _save(
        self, changes: Sequence[FileChange], message: CommitMessage, verify: Verify | None = None
    ) -> Saved:
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
        self.recoveries.append(recovered)
        return recovered

    def state(self) -> RepoState:
        """Where the repository stands; asks git a few times, so not on a key's path."""
        return states.state(self.session)

    def unpushed(self) -> int | None:
        """Commits that no remote has, as far as was fetched; None where there is no remote."""
        return states.unpushed(self.session)

    def remote(self, name: str = "origin") -> Remote:
        """The remote of that name. RepositoryError where there is none, or it is one to refuse."""
        return Remote.of(self.session, name)

    def ahead_behind(self, remote: str = "origin") -> AheadBehind | None:
        """Where this branch stands beside the remote, as last fetched; None where unknown."""
        return remotes.ahead_behind(self.session, remote)

    def log(
        self,
        path: str | None = None,
        *,
        limit: int | None = None,
        trailers: Mapping[str, str] | None = None,
    ) -> Iterator[LogEntry]:
        """Commits newest first, lazily; those that changed `path` and carry all `trailers`."""
        return logs.log(self.session, path, limit=limit, trailers=trailers)

    def has_graph(self) -> bool:
        """Whether git has an index of history (a commit-graph) here."""
        return graphs.has_graph(self.repository)

    def write_graph(self) -> bool:
        """Write that index, or bring it up to date; False where git refuses. Ask the user before
        the first one.
        """
        return graphs.write_graph(self.repository)

    def show(self, commit: str, path: str) -> bytes | None:
        """A workspace file as it was in `commit` (a hash, or HEAD); None where it was not."""
        if not _COMMIT.fullmatch(commit):
            raise UsageError(f"{commit!r} is no commit hash", hint="take it from `git log`")
        return self.session.cat.blob(f"{commit}:{self.repository.prefix}{path}")

    def before(self, commit: str, path: str) -> bytes | None:
        """A workspace file as it was before `commit` (a hash); None where it was not."""
        if not _COMMIT.fullmatch(commit):
            raise UsageError(f"{commit!r} is no commit hash", hint="take it from `git log`")
        return self.session.cat.blob(f"{commit}^:{self.repository.prefix}{path}")

    def undo(
        self,
        annotator: str,
        matching: Mapping[str, str] | None = None,
        *,
        commit: str | None = None,
    ) -> Saved:
        """Takes back the last decision of `annotator` (with the trailers `matching`) by value;
        with `commit` (a whole hash) that very one.

        A new decision, saved and not yet committed, whose message names what it undoes. Again
        takes back the one before. UsageError where nothing is left to take back, or `commit` is
        not the annotator's last on its files; Conflict where a file was changed since.
        """
        if commit is None:
            back = undoing.undo(self.session, annotator, matching or {})
        else:
            back = undoing.undo_one(self.session, annotator, commit)
        saved = self._take(back)
        self._undone.append(back.decision)
        return saved

    def redo(self, annotator: str, matching: Mapping[str, str] | None = None) -> Saved:
        """Brings back what the last `undo` took back; errors as `undo`."""
        if self._undone:
            # An undo that came before the commit of what it undid has left nothing in git.
            saved = self._take(undoing.again(self.session, self._undone[-1]))
            self._undone.pop()
            return saved
        return self._take(undoing.redo(self.session, annotator, matching or {}))

    def _take(self, back: TakenBack) -> Saved:
        return self._save(back.changes, back.message)

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
