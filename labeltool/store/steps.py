"""The steps of a write: a temporary file beside, made durable, put in its place, or removed.

Each names its file by a root and a path below it; what a step does is whole or not done.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from labeltool.errors import Conflict, Where
from labeltool.store import guard
from labeltool.store.files import content_hash, read_if_there

_PREFIX = ".labeltool-"
_SUFFIX = ".tmp"

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def new_token() -> str:
    """Eight hex digits that tell one writer's temporary files from another's."""
    return secrets.token_hex(4)


def temp_name(token: str, number: int = 0) -> str:
    return f"{_PREFIX}{token}-{number}{_SUFFIX}"


def write_temp(root: Path, rel: str, temp: str, data: bytes, *, sync: bool = True) -> None:
    """Puts `data` in a file named `temp` in the folder of `rel`, making the folder if needed.

    The mode of an existing `rel` is kept. With `sync=False` the caller owes a `sync_temp`.
    """
    parts = guard.split_path(rel)
    try:
        with guard.open_folder(root, parts[:-1], rel, create=True) as folder:
            fd = os.open(temp, _NEW, 0o666, dir_fd=folder)
            try:
                _keep_mode(folder, parts[-1], fd)
                write_all(fd, data)
                if sync:
                    os.fsync(fd)
            finally:
                os.close(fd)
    except OSError as error:
        raise guard.storage(error, rel) from error


def _keep_mode(folder: int, name: str, fd: int) -> None:
    with suppress(FileNotFoundError):
        os.fchmod(fd, stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode))


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_temp(root: Path, rel: str, temp: str) -> None:
    try:
        with guard.open_folder(root, guard.split_path(rel)[:-1], rel) as folder:
            fd = os.open(temp, guard.FILE, dir_fd=folder)
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


def check_unchanged(root: Path, rel: str, expected: str | None) -> None:
    """Conflict unless `rel` still has the hash `expected` (None: must not exist)."""
    present = read_if_there(root, rel)
    found = None if present is None else content_hash(present)
    if found != expected:
        raise changed(rel, expected, found)


def place(root: Path, rel: str, temp: str, expected: str | None) -> None:
    """Renames `temp` onto `rel` if `rel` is still what was read; the caller syncs the folder."""
    check_unchanged(root, rel, expected)
    try:
        with guard.open_folder(root, guard.split_path(rel)[:-1], rel) as folder:
            os.rename(temp, rel.rpartition("/")[2], src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise guard.storage(error, rel) from error


def remove(root: Path, rel: str, expected: str | None) -> None:
    """Deletes `rel` if it is still what was read; the caller syncs the folder."""
    check_unchanged(root, rel, expected)
    if expected is None:
        return
    try:
        with guard.open_folder(root, guard.split_path(rel)[:-1], rel) as folder:
            os.unlink(rel.rpartition("/")[2], dir_fd=folder)
    except OSError as error:
        raise guard.storage(error, rel) from error


def remove_temp(root: Path, rel: str, temp: str) -> None:
    """Deletes the temporary file of `rel` where it exists."""
    with (
        suppress(FileNotFoundError),
        guard.open_folder(root, guard.split_path(rel)[:-1], rel) as folder,
    ):
        os.unlink(temp, dir_fd=folder)


def sync_folder(root: Path, rel: str) -> None:
    """Makes renames and deletions in the folder of `rel` durable."""
    try:
        with guard.open_folder(root, guard.split_path(rel)[:-1], rel) as folder:
            os.fsync(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise guard.storage(error, rel) from error


def prune_empty(root: Path, rel: str) -> None:
    """Removes the folders above a deleted `rel` that are empty now, as git does."""
    parts = guard.split_path(rel)[:-1]
    while parts:
        try:
            with guard.open_folder(root, parts[:-1], rel) as folder:
                os.rmdir(parts[-1], dir_fd=folder)
        except OSError:
            return
        parts = parts[:-1]
