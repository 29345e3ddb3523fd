"""What goes into a save and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labeltool.history.message import CommitMessage

# Told the path and the bytes that a temporary file gave back, before it takes the old one's
# place; raises where they do not mean what was written.
Verify = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file as it shall be. `path` is relative to the workspace, in posix form.

    content   the new bytes; None deletes the file
    expected  `content_hash` of the bytes that the decision was based on; None: no such file
    """

    path: str
    content: bytes | None
    expected: str | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A change as the journal keeps it: with the old bytes, so that it can be taken back."""

    path: str
    old: bytes | None
    new: bytes | None
    temp: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision in the journal. `branch` is None where it was saved on a detached HEAD."""

    id: str
    branch: str | None
    message: CommitMessage
    changes: tuple[Planned, ...]
    saved: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(change.path for change in self.changes)


@dataclass(frozen=True, slots=True)
class Saved:
    """A decision that is on disk. `paths` is empty where every file was so already."""

    entry: Entry

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def paths(self) -> tuple[str, ...]:
        return self.entry.paths


@dataclass(frozen=True, slots=True)
class Committed:
    """A decision that is in git.

    commit      full hash; None where HEAD held it all before
    rewritten   paths that a hook changed on their way: read them again
    overtaken   paths that hold a later decision by now, which is committed in their stead
    note        words of a hook that failed after the commit was made
    """

    commit: str | None
    rewritten: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A saved decision whose commit waits. `reason` is one of HELD_REASONS."""

    saved: Saved
    reason: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Recovered:
    """What an earlier process left behind and what became of it.

    committed      decisions that were saved then and are committed now
    held           decisions that are saved, but cannot be committed yet
    finished       half-written decisions that were completed (they are in committed or held too)
    taken_back     half-written decisions whose files are as they were before
    drafts         unsaved drafts by key
    removed_lock   a leftover index.lock of our own git process was removed
    """

    committed: tuple[Saved, ...] = ()
    held: tuple[Held, ...] = ()
    finished: tuple[Entry, ...] = ()
    taken_back: tuple[Entry, ...] = ()
    drafts: Mapping[str, bytes] | None = None
    removed_lock: bool = False
