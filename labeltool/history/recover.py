"""Step 6: what processes that died have left behind is finished or taken back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from labeltool.errors import CommitHeld, Conflict, LabeltoolError, StorageError
from labeltool.history.changes import Entry, Held, Recovered, Saved
from labeltool.history.commit import commit, heads_of
from labeltool.history.gitcmd import WRITE
from labeltool.history.journal import Content, lock_path, read_journal
from labeltool.history.locks import BusyError, take
from labeltool.history.save import put_in_place, take_back, write_temps
from labeltool.history.session import Session, no_saves
from labeltool.history.stale_lock import git_locks, remove_proven_lock
from labeltool.store import files, steps
from labeltool.store.guard import Folders

_DYING_S = 2.0
_TRIES = 20


def recover(session: Session) -> Recovered:
    """Only journals whose process is gone are touched. CommitHeld is reported, not raised."""
    finished: list[Entry] = []
    taken_back: list[Entry] = []
    removed_lock = False
    for path in sorted(session.journal.folder.glob("*.jsonl")):
        with _take_over(session, path) as content:
            if content is None:
                continue
            removed_lock |= _clear_index(session, content)
            settled = _settle(session, content)
            finished += settled[0]
            taken_back += settled[1]
            session.journal.adopt(content)
            path.unlink(missing_ok=True)
    committed, waiting = _commit_all(session)
    return Recovered(
        committed=tuple(committed),
        held=tuple(waiting),
        finished=tuple(finished),
        taken_back=tuple(taken_back),
        drafts=session.journal.drafts,
        removed_lock=removed_lock,
    )


def left_open(journals: Iterable[Path]) -> tuple[Entry, ...]:
    """What `recover` would find in these journals of dead processes; nothing is changed."""
    entries: list[Entry] = []
    for path in journals:
        with suppress(BusyError, OSError), _held_or_read_only(lock_path(path)):
            if path.exists():
                entries += read_journal(path).entries.values()
            else:
                lock_path(path).unlink(missing_ok=True)
    return tuple(entries)


@contextmanager
def _held_or_read_only(lock: Path) -> Iterator[None]:
    try:
        owned = take(lock, timeout=0)
    except StorageError:
        yield  # where nobody can write, nobody is writing
        return
    try:
        yield
    finally:
        owned.release()


@contextmanager
def _take_over(session: Session, path: Path) -> Iterator[Content | None]:
    """The content of a dead process's journal; None where its owner lives or it is gone."""
    if path == session.journal.path:
        yield None
        return
    try:
        lock = take(lock_path(path), timeout=_patience(path))
    except BusyError:
        yield None
        return
    try:
        yield read_journal(path) if path.exists() else None
        if not path.exists():
            lock_path(path).unlink(missing_ok=True)
            path.with_suffix(".new").unlink(missing_ok=True)
            _remove_lists(session, path)
    finally:
        lock.release()


def _clear_index(session: Session, content: Content) -> bool:
    """Removes the index.lock of the dead process's git, which may be dying itself just now."""
    for _ in range(_TRIES):
        if remove_proven_lock(session.repository, content.runs):
            return True
        if not content.runs or not git_locks(session.repository):
            return False
        session.pause(_DYING_S / _TRIES)
    return False


def _patience(journal: Path) -> float:
    """How long to wait for a journal's lock: a process that was just killed may have left a
    half-started child, which holds its lock until it is gone too."""
    try:
        os.kill(int(journal.stem.partition("-")[0]), 0)
    except ProcessLookupError:
        return _DYING_S
    except (OSError, ValueError, OverflowError):
        return 0.0
    return 0.0


def _remove_lists(session: Session, path: Path) -> None:
    if (token := re.fullmatch(r"\d+-([0-9a-f]+)", path.stem)) is not None:
        (session.repository.own_dir / f"paths-{token[1]}").unlink(missing_ok=True)


def _settle(session: Session, content: Content) -> tuple[list[Entry], list[Entry]]:
    """Makes every entry of `content` whole: entirely on disk, or entirely not."""
    finished: list[Entry] = []
    taken_back: list[Entry] = []
    branch = session.repository.branch()
    with no_saves(session):
        for entry in list(content.entries.values()):
            if entry.saved:
                _remove_temps(session, entry)
            elif entry.branch == branch and _finish(session, entry):
                content.entries[entry.id] = replace(entry, saved=True)
                finished.append(entry)
            else:
                take_back(session.root, entry)
                del content.entries[entry.id]
                taken_back.append(entry)
    _mend_index(session, content)
    return finished, taken_back


def _remove_temps(session: Session, entry: Entry) -> None:
    with Folders(session.root) as folders:
        for change in entry.changes:
            with suppress(LabeltoolError, OSError):
                steps.remove_temp(folders, change.path, change.temp)


def _finish(session: Session, entry: Entry) -> bool:
    """Writes what the dead process had not; False where a file is neither old nor new."""
    _remove_temps(session, entry)
    rest = []
    with Folders(session.root) as folders:
        for change in entry.changes:
            present = files.read_at(folders, change.path)
            if present == change.old:
                rest.append(change)
            elif present != change.new:
                return False
    todo = replace(entry, changes=tuple(rest))
    try:
        write_temps(session.root, todo, None)
        put_in_place(session.root, todo)
    except Conflict:
        return False
    return True


def _mend_index(session: Session, content: Content) -> None:
    """Where HEAD has our file and the index does not yet: else the user's next commit would
    delete it again."""
    changes = [change for entry in content.entries.values() for change in entry.changes]
    heads = heads_of(session, changes)
    with Folders(session.root) as folders:
        paths = [
            change.path
            for change in changes
            if heads[change.path] == change.new
            and files.read_at(folders, change.path) == change.new
        ]
    if paths:
        listed = b"".join(path.encode() + b"\0" for path in paths)
        session.repository.git.run(
            "update-index", "--add", "--remove", "-z", "--stdin", stdin=listed, config=WRITE
        )


def _commit_all(session: Session) -> tuple[list[Saved], list[Held]]:
    committed: list[Saved] = []
    waiting: list[Held] = []
    for entry in session.journal.entries:
        if not entry.saved:
            continue
        saved = Saved(entry)
        try:
            commit(session, entry)
            committed.append(saved)
        except CommitHeld as error:
            waiting.append(Held(saved, error.reason, error.message, error.hint))
    return committed, waiting
