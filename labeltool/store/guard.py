"""Folders opened one from the next, so that no symbolic link leads out of the workspace.

Every path is relative to a root that the user chose, in posix form. Nothing below the root is
followed through a symbolic link: each folder is opened from the one above it, so a link that
appears between a check and the use of it cannot lead outside.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from labeltool.errors import DataError, LabeltoolError, StorageError, Where

# Non-blocking, so that opening a fifo returns at once and can be refused.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_UNCLEAN = re.compile(r"[\x00-\x1f\x7f]|(?:^|/)\.{0,2}(?:/|\Z)")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def split_path(rel: str) -> tuple[str, ...]:
    """The parts of a clean relative posix path; DataError for any other text."""
    if _UNCLEAN.search(rel):
        raise DataError(
            f"{rel!r} is not a clean path inside the workspace",
            hint="use a relative path without '..', empty parts or control characters",
        )
    parts = tuple(rel.split("/"))
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


class Folders:
    """Opens folders below `root` and keeps the last one open: 10,000 files of a few folders then
    cost one walk for each change of folder, and not one for each file.

    For one pass over files at a time: what is kept open stays the same folder under another name.
    """

    def __init__(self, root: Path):
        self.root = root
        self._parts: tuple[str, ...] | None = None
        self._folder = -1

    def __enter__(self) -> Folders:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._folder >= 0:
            os.close(self._folder)
        self._folder, self._parts = -1, None

    def of(self, rel: str, *, create: bool = False) -> int:
        """The descriptor of the folder that `rel` lies in; it is ours to close.

        FileNotFoundError where it is missing and not to be made; DataError for an unclean path.
        """
        parts = split_path(rel)[:-1]
        if parts != self._parts:
            self.close()
            self._folder = walk(self.root, parts, rel, create=create)
            self._parts = parts
        return self._folder


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
