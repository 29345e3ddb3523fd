"""Folders opened one from the next, so that no symbolic link leads out of the workspace.

Every path is relative to a root that the user chose, in posix form. Nothing below the root is
followed through a symbolic link: each folder is opened from the one above it, so a link that
appears between a check and the use of it cannot lead outside.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labeltool.errors import DataError, LabeltoolError, StorageError, Where

# Non-blocking, so that opening a fifo returns at once and can be refused.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def split_path(rel: str) -> tuple[str, ...]:
    """The parts of a clean relative posix path; DataError for any other text."""
    parts = tuple(rel.split("/"))
    if any(part in ("", ".", "..") for part in parts) or any(
        ord(char) < 32 or ord(char) == 127 for char in rel
    ):
        raise DataError(
            f"{rel!r} is not a clean path inside the workspace",
            hint="use a relative path without '..', empty parts or control characters",
        )
    if parts[0] == ".git":
        raise DataError(f"{rel!r} lies inside git's own folder", hint="choose another path")
    return parts


def walk(root: Path, parts: tuple[str, ...], rel: str, *, create: bool = False) -> int:
    """An open descriptor of the folder `root/parts`. FileNotFoundError where it is missing."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise storage(error, str(root)) from error
    for part in parts:
        try:
            deeper = _enter(folder, part, create=create)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise refusal(error, folder, part, rel) from error
        finally:
            os.close(folder)
        folder = deeper
    return folder


def _enter(folder: int, part: str, *, create: bool) -> int:
    try:
        return os.open(part, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not create:
            raise
    with suppress(FileExistsError):
        os.mkdir(part, dir_fd=folder)
    os.fsync(folder)
    return os.open(part, _FOLDER, dir_fd=folder)


@contextmanager
def open_folder(
    root: Path, parts: tuple[str, ...], rel: str, *, create: bool = False
) -> Iterator[int]:
    folder = walk(root, parts, rel, create=create)
    try:
        yield folder
    finally:
        os.close(folder)


def kind(mode: int) -> str:
    names = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a fifo"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in names if test(mode)), "a special file")


def refusal(error: OSError, folder: int, name: str, rel: str) -> LabeltoolError:
    """Why `name` in the open `folder` could not be opened, as an error to show."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK):
        with suppress(OSError):
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            what = f"{name!r} is {'a file' if stat.S_ISREG(mode) else kind(mode)}"
            return DataError(
                f"{what}, which is not followed",
                where=Where(rel),
                hint="put a real folder and a real file there",
            )
    if error.errno == errno.ENXIO:
        return DataError("is a socket", where=Where(rel), hint="replace it with a plain file")
    return storage(error, rel)


def storage(error: OSError, rel: str) -> StorageError:
    hints = {
        errno.ENOSPC: "free some space, then try again; the old file is whole",
        errno.EDQUOT: "the disk quota is used up; free some space, then try again",
        errno.EROFS: "the file system is read-only; mount it writable or work in another clone",
        errno.EACCES: "check the owner and the permissions of the file and its folder",
        errno.EPERM: "check the owner and the permissions of the file and its folder",
    }
    reason = error.strerror or str(error)
    hint = hints.get(error.errno or 0, "check the disk, then try again")
    return StorageError(f"the disk said: {reason}", where=Where(rel), hint=hint)
