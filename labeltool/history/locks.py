"""Locks between processes. They die with the process that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from labeltool.errors import StorageError

if TYPE_CHECKING:
    from filelock import BaseFileLock


class BusyError(Exception):
    """Another process holds the lock."""


@contextmanager
def held(path: Path, timeout: float) -> Iterator[None]:
    """Holds the lock at `path`; BusyError when it cannot be had within `timeout` seconds."""
    lock = take(path, timeout)
    try:
        yield
    finally:
        lock.release()


def take(path: Path, timeout: float) -> BaseFileLock:
    """The lock at `path`, held until `.release()` or the end of the process."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=timeout, poll_interval=0.005)
    except Timeout:
        raise BusyError(str(path)) from None
    except OSError as error:
        raise StorageError(
            f"cannot lock {path}: {error.strerror or error}",
            hint="the repository must lie on a writable disk that supports file locks",
        ) from error
    return lock
