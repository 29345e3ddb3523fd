"""The run log: one line of JSON for each graded case, behind a header of what went in. Append
only.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from labeltool.errors import StorageError, Where

LOG_NAME = "log.jsonl"
FSYNC_EVERY_S = 1.0


class RunLog:
    """`<runs>/<run id>/log.jsonl`. Each record reaches the kernel at once and the disk about
    once a second.

    A record is `{"n": place in the plan, "case": {...}}`; only the places of the records are kept
    in memory, so `results` reads the cases back in the order of the plan. Raises StorageError
    where the disk refuses.
    """

    def __init__(
        self, runs: Path, run_id: str, header: Mapping[str, Any], *, clock: Callable[[], float]
    ):
        self.folder = runs / run_id
        self.path = self.folder / LOG_NAME
        self._clock = clock
        self._starts = array("q")
        self._lengths = array("q")
        self._end = 0
        try:
            self.folder.mkdir(parents=True)
            self._fd = os.open(
                self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644
            )
        except OSError as error:
            raise _refused(error, self.path) from error
        self._write(json.dumps({"header": header}, ensure_ascii=False).encode() + b"\n")
        self._synced = clock()

    def append(self, n: int, case: bytes) -> None:
        """The result of the plan's case `n`, as one JSON object without a newline."""
        prefix = b'{"n":%d,"case":' % n
        while len(self._starts) <= n:
            self._starts.append(-1)
            self._lengths.append(0)
        start = self._end + len(prefix)
        self._write(prefix + case + b"}\n")
        self._starts[n] = start
        self._lengths[n] = len(case)
        now = self._clock()
        if now - self._synced >= FSYNC_EVERY_S:
            self.sync()
            self._synced = now

    def sync(self) -> None:
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise _refused(error, self.path) from error

    def results(self) -> Iterator[bytes]:
        """The cases' JSON as it was appended, in the order of the plan."""
        for start, length in zip(self._starts, self._lengths, strict=True):
            if start >= 0:
                yield self._read(start, length)

    def result(self, n: int) -> bytes:
        """The JSON of the plan's case `n`, which must have been appended."""
        return self._read(self._starts[n], self._lengths[n])

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _read(self, start: int, length: int) -> bytes:
        try:
            data = os.pread(self._fd, length, start)
        except OSError as error:
            raise _unreadable(error.strerror or str(error), self.path) from error
        if len(data) != length:
            raise _unreadable("it was cut short meanwhile", self.path)
        return data

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            raise _refused(error, self.path) from error
        self._end += len(data)


def _refused(error: OSError, path: Path) -> StorageError:
    return StorageError(
        f"the run log cannot be written: {error.strerror or error}",
        hint="make room or check the permissions; what was graded before can be read in it",
        where=Where(str(path)),
    )


def _unreadable(why: str, path: Path) -> StorageError:
    return StorageError(
        f"the run log cannot be read back: {why}",
        hint="run it again; what was graded is in it up to where it breaks",
        where=Where(str(path)),
    )
