"""The steps of a write: a temporary file beside, made durable, put in its place, or removed.

Each names its file by a path below the root of `folders`; what a step does is whole or not done.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress

from labeltool.errors import Conflict, Where
from labeltool.store import guard
from labeltool.store.files import content_hash, read_at
from labeltool.store.guard import Folders

_PREFIX = ".labeltool-"
_SUFFIX = ".tmp"

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def new_token() -> str:
    """Eight hex digits that tell one writer's temporary files from another's."""
    return secrets.token_hex(4)


def temp_name(token: str, number: int = 0) -> str:
    return f"{_PREFIX}{token}-{number}{_SUFFIX}"


def write_temp(folders: Folders, rel: str, temp: str, data: bytes, *, sync: bool = True) -> None:
    """Puts `data` in a file named `temp` in the folder of `rel`, making the folder if needed.

    The mode of an existing `rel` is kept. With `sync=False` the caller owes a `sync_temp`: the
    disk begins to write at once and is waited for only then.
    """
    try:
        folder = folders.of(rel, create=True)
        fd = os.open(temp, _NEW, 0o666, dir_fd=folder)
        try:
            _keep_mode(folder, _name(rel), fd)
            write_all(fd, data)
            if sync:
                os.fsync(fd)
            elif hasattr(os, "posix_fadvise"):
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(fd)
    except OSError as error:
        raise guard.storage(error, rel) from error


def _name(rel: str) -> str:
    return rel.rpartition("/")[2]


def _keep_mode(folder: int, name: str, fd: int) -> None:
    with suppress(FileNotFoundError):
        os.fchmod(fd, stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode))


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_temp(folders: Folders, rel: str, temp: str) -> None:
    try:
        fd = os.open(temp, guard.FILE, dir_fd=folders.of(rel))
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        raise guard.storage(error, rel) from error


def changed(rel: str, expected: str | None, found: str | None) -> Conflict:
    """The error for a file whose hash is not the one that was read (None: no such file)."""
    if found is None:
        what = "was deleted by somebody else since it was read"
    elif expected is None:
        what = "was written by somebody else in the meantime"
    else:
        what = "was changed by somebody else since it was read"
    return Conflict(what, where=Where(rel), hint="look at the file as it is now, then decide again")


def check_unchanged(folders: Folders, rel: str, expected: str | None) -> None:
    """Conflict unless `rel` still has the hash `expected` (None: must not exist)."""
    present = read_at(folders, rel)
    found = None if present is None else content_hash(present)
    if found != expected:
        raise changed(rel, expected, found)


def place(folders: Folders, rel: str, temp: str, expected: str | None) -> None:
    """Renames `temp` onto `rel` if `rel` is still what was read; the caller syncs the folder."""
    check_unchanged(folders, rel, expected)
    try:
        folder = folders.of(rel)
        os.rename(temp, _name(rel), src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise guard.storage(error, rel) from error


def remove(folders: Folders, rel: str, expected: str | None) -> None:
    """Deletes `rel` if it is still what was read; the caller syncs the folder."""
    check_unchanged(folders, rel, expected)
    if expected is None:
        return
    try:
        os.unlink(_name(rel), dir_fd=folders.of(rel))
    except OSError as error:
        raise guard.storage(error, rel) from error


def remove_temp(folders: Folders, rel: str, temp: str) -> None:
    """Deletes the temporary file of `rel` where it exists."""
    with suppress(FileNotFoundError):
        os.unlink(temp, dir_fd=folders.of(rel))


def sync_folder(folders: Folders, rel: str) -> None:
    """Makes renames and deletions in the folder of `rel` durable."""
    try:
        os.fsync(folders.of(rel))
    except FileNotFoundError:
        return
    except OSError as error:
        raise guard.storage(error, rel) from error


def prune_empty(folders: Folders, rel: str) -> None:
    """Removes the folders above a deleted `rel` that are empty now, as git does."""
    folder = rel.rpartition("/")[0]
    while folder:
        try:
            os.rmdir(_name(folder), dir_fd=folders.of(folder))
        except OSError:
            return
        folder = folder.rpartition("/")[0]
