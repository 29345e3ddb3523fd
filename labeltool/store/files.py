"""Guarded reads: the bytes of a regular file below a root, whole, and their hash."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from labeltool.errors import DataError, Where
from labeltool.store import guard

SIZE_CAP = 16 * 1024 * 1024


def content_hash(data: bytes) -> str:
    """sha256 of the bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(root: Path, rel: str, *, cap: int = SIZE_CAP) -> bytes:
    """The content of a regular file below `root`.

    DataError where the path is unclean, missing, reached through a symbolic link, not a regular
    file or larger than `cap` bytes; StorageError where the disk refuses.
    """
    with FolderReader(root, cap=cap) as reader:
        return reader.read(rel)


def read_if_there(root: Path, rel: str, *, cap: int = SIZE_CAP) -> bytes | None:
    """As `read_bytes`, but None where no such file exists."""
    with guard.Folders(root) as folders:
        return read_at(folders, rel, cap=cap)


def read_at(folders: guard.Folders, rel: str, *, cap: int = SIZE_CAP) -> bytes | None:
    """As `read_if_there`, for many files in turn."""
    try:
        return _read_file(folders.of(rel), rel, cap)
    except FileNotFoundError:
        return None


class FolderReader:
    """Guarded reads of many files that should be there."""

    def __init__(self, root: Path, *, cap: int = SIZE_CAP):
        self.root = root
        self.cap = cap
        self._folders = guard.Folders(root)

    def __enter__(self) -> FolderReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._folders.close()

    def read(self, rel: str) -> bytes:
        """As `read_bytes`."""
        data = read_at(self._folders, rel, cap=self.cap)
        if data is None:
            raise DataError(
                "there is no such file", where=Where(rel), hint="check the path and the branch"
            )
        return data


def _read_file(folder: int, rel: str, cap: int) -> bytes:
    name = rel.rpartition("/")[2]
    try:
        fd = os.open(name, guard.FILE, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise guard.refusal(error, folder, name, rel) from error
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise DataError(
                f"is {guard.kind(info.st_mode)}, not a regular file",
                where=Where(rel),
                hint="replace it with a plain file",
            )
        if info.st_size > cap:
            raise _too_large(rel, info.st_size, cap)
        return _read_all(fd, rel, cap)
    except OSError as error:
        raise guard.storage(error, rel) from error
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
