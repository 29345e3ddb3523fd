"""Steps 1 to 3 of a decision: announced, written beside, checked, put in place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from labeltool.errors import (
    Conflict,
    DataError,
    LabeltoolError,
    RepositoryError,
    StorageError,
    Where,
)
from labeltool.history import merge
from labeltool.history.changes import Entry, FileChange, Planned, Saved, Verify
from labeltool.history.locks import BusyError, held
from labeltool.history.message import CommitMessage
from labeltool.history.session import Session
from labeltool.store import files, steps
from labeltool.store.guard import Folders, split_path


def save(
    session: Session,
    branch: str | None,
    changes: Sequence[FileChange],
    message: CommitMessage,
    verify: Verify | None = None,
) -> Saved:
    """Writes all of `changes` or none. `branch` is the one the caller's files were read on.

    Conflict where a file is not the one that was read, or the branch is another one;
    StorageError where the disk refuses: then the old files are whole.
    """
    _check(changes)
    try:
        with held(session.save_lock, session.limits.save):
            entry = _plan(session, branch, changes, message)
            if entry.changes:
                _carry_out(session, entry, verify)
            return Saved(entry)
    except BusyError:
        raise StorageError(
            "another labeltool process has been writing here for too long",
            hint="end it, or wait for it, and try again",
        ) from None


def _check(changes: Sequence[FileChange]) -> None:
    paths = [change.path for change in changes]
    if len(set(paths)) != len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise DataError(
            "is written twice by one decision", where=Where(twice), hint="write it once"
        )
    for change in changes:
        split_path(change.path)
        if change.content is not None and len(change.content) > files.SIZE_CAP:
            raise DataError(
                f"would be {len(change.content):,} bytes; at most {files.SIZE_CAP:,} are kept",
                where=Where(change.path),
                hint="shorten it",
            )


def _plan(
    session: Session,
    branch: str | None,
    changes: Sequence[FileChange],
    message: CommitMessage,
) -> Entry:
    """The journal entry for what really changes."""
    current = session.repository.branch()
    if branch is not None and current is not None and branch != current:
        raise Conflict(
            f"the branch {branch} was switched to {current} underneath",
            hint="the files are read again; then decide again",
        )
    _refuse_in_conflict(session, changes)
    token = steps.new_token()
    planned = []
    with Folders(session.root) as folders:
        for number, change in enumerate(changes):
            old = files.read_at(folders, change.path)
            if old == change.content:
                continue
            _refuse_if_changed(change, old)
            temp = steps.temp_name(token, number)
            planned.append(Planned(change.path, old, change.content, temp))
    return Entry(session.journal.next_id(), current, message, tuple(planned))


def _refuse_in_conflict(session: Session, changes: Sequence[FileChange]) -> None:
    """What is written over a file in conflict settles nothing, and what settles it writes it over:
    the decision would be lost, or wait for ever."""
    if merge.merge_head(session) is None:
        return
    left = {one.path for one in merge.unmerged(session)}
    for change in changes:
        if change.path in left:
            raise RepositoryError(
                f"{change.path}: the merge waits for a decision on it",
                hint="nothing is saved; settle the conflict first\n"
                "labeltool resolve            in the app: a side, or something else\n"
                f"labeltool sync --take theirs {change.path}\n"
                "labeltool sync --abort       takes the merge back",
            )


def _refuse_if_changed(change: FileChange, old: bytes | None) -> None:
    found = None if old is None else files.content_hash(old)
    if found != change.expected:
        raise steps.changed(change.path, change.expected, found)


def _carry_out(session: Session, entry: Entry, verify: Verify | None) -> None:
    session.journal.open(entry)
    try:
        write_temps(session.root, entry, verify)
        put_in_place(session.root, entry)
    except BaseException:
        # Should even this fail, the journal still knows, and the next start takes it back.
        with suppress(LabeltoolError, OSError):
            take_back(session.root, entry)
            session.journal.forget(entry.id)
        raise
    session.journal.saved(entry.id)


def write_temps(root: Path, entry: Entry, verify: Verify | None) -> None:
    """All new contents beside their places, durable and read back."""
    written = [
        (change.path, change.temp, change.new) for change in entry.changes if change.new is not None
    ]
    single = len(written) == 1
    with Folders(root) as folders:
        for path, temp, new in written:
            steps.write_temp(folders, path, temp, new, sync=single)
        if not single:
            # All are written before the first is synced: the disk then takes them in one go.
            for path, temp, _ in written:
                steps.sync_temp(folders, path, temp)
        for path, temp, new in written:
            _read_back(folders, path, temp, new, verify)


def _read_back(folders: Folders, path: str, temp: str, new: bytes, verify: Verify | None) -> None:
    back = files.read_at(folders, _beside(path, temp))
    if back != new:
        raise StorageError(
            "the disk gave back other bytes than were written",
            where=Where(path),
            hint="check the disk; the old file is whole",
        )
    if verify is not None:
        verify(path, back)


def _beside(path: str, temp: str) -> str:
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{temp}"


def put_in_place(root: Path, entry: Entry) -> None:
    """Every file that is not yet as it shall be is replaced, then the folders are synced."""
    with Folders(root) as folders:
        for change in entry.changes:
            expected = None if change.old is None else files.content_hash(change.old)
            if change.new is None:
                steps.remove(folders, change.path, expected)
            else:
                steps.place(folders, change.path, change.temp, expected)
        for path in {path.rpartition("/")[0]: path for path in entry.paths}.values():
            steps.sync_folder(folders, path)
        for change in entry.changes:
            if change.new is None:
                steps.prune_empty(folders, change.path)


def take_back(root: Path, entry: Entry) -> None:
    """Every file of `entry` as it was; one that somebody changed since is left alone."""
    with Folders(root) as folders:
        for change in entry.changes:
            steps.remove_temp(folders, change.path, change.temp)
            if files.read_at(folders, change.path) != change.new or change.old == change.new:
                continue
            expected = None if change.new is None else files.content_hash(change.new)
            if change.old is None:
                steps.remove(folders, change.path, expected)
            else:
                steps.write_temp(folders, change.path, change.temp, change.old)
                steps.place(folders, change.path, change.temp, expected)
        for path in {path.rpartition("/")[0]: path for path in entry.paths}.values():
            steps.sync_folder(folders, path)
        for change in entry.changes:
            if change.old is None:
                steps.prune_empty(folders, change.path)
