"""Bytes on disk: guarded reads, writes that are whole or not there, fast listings.

Every path is relative to a root that the user chose, in posix form. Nothing below the root is
followed through a symbolic link: each folder is opened from the one above it, so a link that
appears between a check and the use of it cannot lead outside.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from labeltool.errors import Conflict, DataError, LabeltoolError, StorageError, Where

SIZE_CAP = 16 * 1024 * 1024
TEMP_PREFIX = ".labeltool-"
TEMP_SUFFIX = ".tmp"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Non-blocking, so that opening a fifo returns at once and can be refused.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def content_hash(data: bytes) -> str:
    """sha256 of the bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def new_token() -> str:
    """Eight hex digits that tell one writer's temporary files from another's."""
    return secrets.token_hex(4)


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


def read_bytes(root: Path, rel: str, *, cap: int = SIZE_CAP) -> bytes:
    """The content of a regular file below `root`.

    DataError where the path is unclean, missing, reached through a symbolic link, not a regular
    file or larger than `cap` bytes; StorageError where the disk refuses.
    """
    with FolderReader(root, cap=cap) as reader:
        return reader.read(rel)


def read_if_there(root: Path, rel: str, *, cap: int = SIZE_CAP) -> bytes | None:
    """As `read_bytes`, but None where no such file exists."""
    try:
        with _open_folder(root, split_path(rel)[:-1], rel) as folder:
            return _read_file(folder, rel, cap)
    except FileNotFoundError:
        return None


class FolderReader:
    """Guarded reads of many files: keeps the last folder open, which makes 10,000 reads cheap."""

    def __init__(self, root: Path, *, cap: int = SIZE_CAP):
        self.root = root
        self.cap = cap
        self._parts: tuple[str, ...] | None = None
        self._folder = -1

    def __enter__(self) -> FolderReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._folder >= 0:
            os.close(self._folder)
            self._folder, self._parts = -1, None

    def read(self, rel: str) -> bytes:
        """As `read_bytes`."""
        try:
            return _read_file(self._at(split_path(rel)[:-1], rel), rel, self.cap)
        except FileNotFoundError:
            raise DataError(
                "there is no such file", where=Where(rel), hint="check the path and the branch"
            ) from None

    def _at(self, parts: tuple[str, ...], rel: str) -> int:
        if parts != self._parts:
            self.close()
            self._folder = _walk(self.root, parts, rel)
            self._parts = parts
        return self._folder


def _read_file(folder: int, rel: str, cap: int) -> bytes:
    name = rel.rpartition("/")[2]
    try:
        fd = os.open(name, _FILE, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _refusal(error, folder, name, rel) from error
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise DataError(
                f"is {_kind(info.st_mode)}, not a regular file",
                where=Where(rel),
                hint="replace it with a plain file",
            )
        if info.st_size > cap:
            raise _too_large(rel, info.st_size, cap)
        return _read_all(fd, rel, cap)
    except OSError as error:
        raise _storage(error, rel) from error
    finally:
        os.close(fd)


def _read_all(fd: int, rel: str, cap: int) -> bytes:
    """Reads to the end; a file that grows meanwhile still stops at the cap."""
    chunks: list[bytes] = []
    size = 0
    while chunk := os.read(fd, min(cap + 1 - size, 1 << 20)):
        chunks.append(chunk)
        size += len(chunk)
        if size > cap:
            raise _too_large(rel, size, cap)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(rel: str, size: int, cap: int) -> DataError:
    return DataError(
        f"is {size:,} bytes; at most {cap:,} are read",
        where=Where(rel),
        hint="split it, or keep the long text elsewhere and quote what matters",
    )


def _kind(mode: int) -> str:
    names = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a fifo"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in names if test(mode)), "a special file")


def _refusal(error: OSError, folder: int, name: str, rel: str) -> LabeltoolError:
    """Why `name` in the open `folder` could not be opened, as an error to show."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK):
        with suppress(OSError):
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            what = f"{name!r} is {'a file' if stat.S_ISREG(mode) else _kind(mode)}"
            return DataError(
                f"{what}, which is not followed",
                where=Where(rel),
                hint="put a real folder and a real file there",
            )
    if error.errno == errno.ENXIO:
        return DataError("is a socket", where=Where(rel), hint="replace it with a plain file")
    return _storage(error, rel)


def _storage(error: OSError, rel: str) -> StorageError:
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


def _walk(root: Path, parts: tuple[str, ...], rel: str, *, create: bool = False) -> int:
    """An open descriptor of the folder `root/parts`. FileNotFoundError where it is missing."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _storage(error, str(root)) from error
    for part in parts:
        try:
            deeper = _enter(folder, part, create=create)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _refusal(error, folder, part, rel) from error
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
def _open_folder(
    root: Path, parts: tuple[str, ...], rel: str, *, create: bool = False
) -> Iterator[int]:
    folder = _walk(root, parts, rel, create=create)
    try:
        yield folder
    finally:
        os.close(folder)


def temp_name(token: str, number: int = 0) -> str:
    return f"{TEMP_PREFIX}{token}-{number}{TEMP_SUFFIX}"


def is_temp_name(name: str) -> bool:
    return name.startswith(TEMP_PREFIX) and name.endswith(TEMP_SUFFIX)


def write_temp(root: Path, rel: str, temp: str, data: bytes, *, sync: bool = True) -> None:
    """Puts `data` in a file named `temp` in the folder of `rel`, making the folder if needed.

    The mode of an existing `rel` is kept. With `sync=False` the caller owes a `sync_temp`.
    """
    parts = split_path(rel)
    try:
        with _open_folder(root, parts[:-1], rel, create=True) as folder:
            fd = os.open(temp, _NEW, 0o666, dir_fd=folder)
            try:
                _keep_mode(folder, parts[-1], fd)
                _write_all(fd, data)
                if sync:
                    os.fsync(fd)
            finally:
                os.close(fd)
    except OSError as error:
        raise _storage(error, rel) from error


def _keep_mode(folder: int, name: str, fd: int) -> None:
    with suppress(FileNotFoundError):
        os.fchmod(fd, stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode))


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_temp(root: Path, rel: str, temp: str) -> None:
    try:
        with _open_folder(root, split_path(rel)[:-1], rel) as folder:
            fd = os.open(temp, _FILE, dir_fd=folder)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
    except OSError as error:
        raise _storage(error, rel) from error


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
        with _open_folder(root, split_path(rel)[:-1], rel) as folder:
            os.rename(temp, rel.rpartition("/")[2], src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise _storage(error, rel) from error


def remove(root: Path, rel: str, expected: str | None) -> None:
    """Deletes `rel` if it is still what was read; the caller syncs the folder."""
    check_unchanged(root, rel, expected)
    if expected is None:
        return
    try:
        with _open_folder(root, split_path(rel)[:-1], rel) as folder:
            os.unlink(rel.rpartition("/")[2], dir_fd=folder)
    except OSError as error:
        raise _storage(error, rel) from error


def remove_temp(root: Path, rel: str, temp: str) -> None:
    """Deletes the temporary file of `rel` where it exists."""
    with suppress(FileNotFoundError), _open_folder(root, split_path(rel)[:-1], rel) as folder:
        os.unlink(temp, dir_fd=folder)


def sync_folder(root: Path, rel: str) -> None:
    """Makes renames and deletions in the folder of `rel` durable."""
    try:
        with _open_folder(root, split_path(rel)[:-1], rel) as folder:
            os.fsync(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _storage(error, rel) from error


def prune_empty(root: Path, rel: str) -> None:
    """Removes the folders above a deleted `rel` that are empty now, as git does."""
    parts = split_path(rel)[:-1]
    while parts:
        try:
            with _open_folder(root, parts[:-1], rel) as folder:
                os.rmdir(parts[-1], dir_fd=folder)
        except OSError:
            return
        parts = parts[:-1]


def atomic_write(path: Path, data: bytes) -> None:
    """Writes a file of results: whole or not at all; a device or a fifo is written in place.

    StorageError where the disk refuses. A symbolic link is the user's own wish here: what it
    points to is replaced, not the link.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            _write_in_place(path, data)
            return
        temp = temp_name(new_token())
        try:
            write_temp(target.parent, target.name, temp, data)
            (target.parent / temp).replace(target)
        except BaseException:
            with suppress(OSError):
                (target.parent / temp).unlink()
            raise
        sync_folder(target.parent, target.name)
    except OSError as error:
        raise _storage(error, str(path)) from error


def _write_in_place(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        _write_all(fd, data)
    finally:
        os.close(fd)


@dataclass(frozen=True, slots=True)
class Listed:
    """A regular file: `path` relative to the root; size, time and inode tell a changed one."""

    path: str
    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder tree, each part sorted by path.

    files     regular files with the suffix asked for
    others    regular files with another suffix
    refused   (path, kind): symbolic links, fifos, sockets, devices; none was followed or opened
    """

    files: tuple[Listed, ...]
    others: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def listing(root: Path, rel: str, suffix: str) -> Listing:
    """Everything below `root/rel` (`""`: the root itself); empty where it does not exist.

    Names that begin with a dot are left out: git's own folder, caches, temporary files.
    """
    parts = split_path(rel) if rel else ()
    try:
        os.close(_walk(root, parts, rel))
    except FileNotFoundError:
        return Listing((), (), ())
    files: list[Listed] = []
    others: list[str] = []
    refused: list[tuple[str, str]] = []
    folders = [rel]
    while folders:
        folder = folders.pop()
        prefix = f"{folder}/" if folder else ""
        for entry in _scan(root, folder):
            path = prefix + entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_file(follow_symlinks=False):
                if not entry.name.endswith(suffix):
                    others.append(path)
                    continue
                with suppress(FileNotFoundError):
                    info = entry.stat(follow_symlinks=False)
                    files.append(Listed(path, info.st_size, info.st_mtime_ns, info.st_ino))
            else:
                with suppress(FileNotFoundError):
                    refused.append((path, _kind(entry.stat(follow_symlinks=False).st_mode)))
    files.sort(key=lambda listed: listed.path)
    return Listing(tuple(files), tuple(sorted(others)), tuple(sorted(refused)))


def _scan(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder if folder else root) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _storage(error, folder) from error
