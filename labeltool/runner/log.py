"""The run log: one line of JSON for each graded case, behind a header of what went in. Append
only.
"""

from __future__ import annotations

import fcntl
import json
import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeltool.errors import StorageError, Where

LOG_NAME = "log.jsonl"
FSYNC_EVERY_S = 1.0
_CASE = b',"case":'


@dataclass(frozen=True, slots=True)
class Record:
    """One line: `meta` is what of a graded case stands beside its result, `case` its JSON."""

    meta: Mapping[str, Any]
    case: bytes


class RunLog:
    """`<runs>/<run id>/log.jsonl`. Each record reaches the kernel at once and the disk about
    once a second.

    A record is `{"n": place in the plan, ..., "case": {...}}`; only the places of the records are
    kept in memory, so `results` reads the cases back in the order of the plan. The file is locked
    while it is open: nobody resumes a run that still runs. Raises StorageError where the disk
    refuses.
    """

    def __init__(
        self, runs: Path, run_id: str, header: Mapping[str, Any], *, clock: Callable[[], float]
    ):
        self._begin(runs / run_id, clock)
        try:
            self.folder.mkdir(parents=True)
            self._fd = os.open(
                self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644
            )
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _refused(error, self.path) from error
        self._write(json.dumps({"header": header}, ensure_ascii=False).encode() + b"\n")

    @classmethod
    def reopen(cls, found: Unfinished, *, clock: Callable[[], float]) -> RunLog:
        """Goes on where another process stopped: a line that it could not finish is cut off."""
        log = cls.__new__(cls)
        log._begin(found.folder, clock)
        log._fd = found.take()
        try:
            os.ftruncate(log._fd, found.end)
        except OSError as error:
            raise _refused(error, log.path) from error
        log._end = found.end
        return log

    def _begin(self, folder: Path, clock: Callable[[], float]) -> None:
        self.folder = folder
        self.path = folder / LOG_NAME
        self._clock = clock
        self._starts = array("q")
        self._lengths = array("q")
        self._end = 0
        self._fd = -1
        self._synced = clock()

    @property
    def fd(self) -> int:
        return self._fd

    def append(self, n: int, case: bytes, meta: Mapping[str, Any] | None = None) -> None:
        """The result of the plan's case `n`, as one JSON object without a newline. A later one of
        the same place takes the place of an earlier one.
        """
        more = json.dumps(meta, separators=(",", ":"))[1:-1].encode() if meta else b""
        prefix = b'{"n":%d' % n + (b"," + more if more else b"") + _CASE
        start = self._end + len(prefix)
        self._write(prefix + case + b"}\n")
        self.stands(n, start, len(case))
        now = self._clock()
        if now - self._synced >= FSYNC_EVERY_S:
            self.sync()
            self._synced = now

    def stands(self, n: int, start: int, length: int) -> None:
        """The result of case `n` stands in the file already, there."""
        while len(self._starts) <= n:
            self._starts.append(-1)
            self._lengths.append(0)
        self._starts[n] = start
        self._lengths[n] = length

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


class Unfinished:
    """A log that some process left, opened and locked. `header` is what went in; `end` where the
    last whole line ends; `torn` whether more stood behind it.

    Only where each case's record stands is kept in memory, the last one of a case counting.
    """

    def __init__(self, folder: Path, fd: int):
        self.folder = folder
        self._fd = fd
        self.header: dict[str, Any] = {}
        self.end = 0
        self.torn = False
        self._places: dict[str, tuple[int, int]] = {}
        self._scan()

    @classmethod
    def open(cls, folder: Path) -> Unfinished | None:
        """None where there is no log, it cannot be read, or its run still goes on."""
        try:
            fd = os.open(folder / LOG_NAME, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return cls(folder, fd)
        except (OSError, ValueError, KeyError, TypeError):
            os.close(fd)
            return None

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def take(self) -> int:
        """The open file, which is the caller's from now on."""
        fd, self._fd = self._fd, -1
        return fd

    def __len__(self) -> int:
        return len(self._places)

    def record(self, case: str, fd: int) -> tuple[Record, int, int] | None:
        """The record of a case, and where its result stands: start and length in bytes."""
        place = self._places.get(case)
        if place is None:
            return None
        start, length = place
        line = os.pread(fd, length, start)
        cut = line.index(_CASE)
        result = line[cut + len(_CASE) : -1]
        meta = json.loads(line[:cut] + b"}")
        return Record(meta, result), start + cut + len(_CASE), len(result)

    def _scan(self) -> None:
        with open(self._fd, "rb", closefd=False) as lines:
            for number, line in enumerate(lines):
                if not line.endswith(b"\n"):
                    self.torn = True
                    return
                if number == 0:
                    self.header = dict(json.loads(line)["header"])
                else:
                    id = json.loads(line[line.index(_CASE) + len(_CASE) : -2])["id"]
                    self._places[id] = (self.end, len(line) - 1)
                self.end += len(line)


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
