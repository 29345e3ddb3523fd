"""The cases of a run that has ended, one at a time: from its log, or from a results file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from pydantic import ValidationError

from labeltool.errors import DataError, Where
from labeltool.model.result import SCHEMA, CaseResult, Results
from labeltool.runner.log import LOG_NAME

_CASE = b',"case":'
_CASES = b' "cases": ['
MOST_HEAD = 16 * 1024 * 1024
"""Bytes of a results file before its cases; broken cases' old outputs are among them."""
MOST_WHOLE = 32 * 1024 * 1024
"""Bytes up to which a results file that is laid out otherwise is read at once."""
LONGEST = 64 * 1024 * 1024
"""Bytes of one line."""


class Found(NamedTuple):
    """A case's result, and where it stands: start and length in bytes."""

    case: CaseResult
    start: int
    length: int


class Lookup(Protocol):
    """The cases of one run. `broken` counts the lines that `cases` could not read so far."""

    broken: int

    def cases(self) -> Iterator[Found]:
        """All of them, in the order they stand in. Where a case stands twice, the last counts."""

    def at(self, start: int, length: int) -> CaseResult:
        """One of them again. Raises DataError where it stands there no more."""


class LogLookup:
    """`<runs>/<run id>/log.jsonl`."""

    def __init__(self, folder: Path):
        self.path = folder / LOG_NAME
        self.broken = 0

    def cases(self) -> Iterator[Found]:
        """Raises DataError where the log cannot be opened or read."""
        self.broken, start = 0, 0
        with _opened(self.path) as lines:
            for line in _lines(lines, self.path):
                cut = line.find(_CASE)
                if cut < 0:
                    self.broken += start > 0
                else:
                    cut += len(_CASE)
                    try:
                        case = CaseResult.model_validate_json(line[cut:].rstrip()[:-1])
                    except ValidationError:
                        self.broken += 1
                    else:
                        yield Found(case, start + cut, len(line.rstrip()) - cut - 1)
                start += len(line)

    def at(self, start: int, length: int) -> CaseResult:
        return _at(self.path, start, length)


class FileLookup:
    """A results file: a case a line as labeltool writes it, else read whole. Raises DataError for
    one that is none.
    """

    def __init__(self, path: Path):
        self.path = path
        self.broken = 0
        self._whole: tuple[CaseResult, ...] | None = None
        self._first = 0
        self.head = self._read_head()

    def _read_head(self) -> Results:
        head, size = b"", 0
        with _opened(self.path) as lines:
            for line in _lines(lines, self.path):
                size += len(line)
                if line.rstrip() == _CASES:
                    self._first = size
                    return _results(head + b' "cases": []}', self.path)
                head += line
                if size > MOST_HEAD:
                    break
        return self._read_whole()

    def _read_whole(self) -> Results:
        try:
            if self.path.stat().st_size > MOST_WHOLE:
                raise _none(self.path, "it is too large to be read at once")
            found = _results(self.path.read_bytes(), self.path)
        except OSError as error:
            raise _none(self.path, error.strerror or str(error)) from None
        self._whole = found.cases
        return found.model_copy(update={"cases": ()})

    def cases(self) -> Iterator[Found]:
        """Raises DataError where the file cannot be read any more."""
        if self._whole is not None:
            yield from (Found(case, at, 0) for at, case in enumerate(self._whole))
            return
        self.broken, start = 0, self._first
        with _opened(self.path) as lines:
            lines.seek(start)
            for line in _lines(lines, self.path):
                text = line.strip().removesuffix(b",")
                if text == b"]":
                    return
                try:
                    yield Found(CaseResult.model_validate_json(text), start, len(line))
                except ValidationError:
                    self.broken += 1
                start += len(line)

    def at(self, start: int, length: int) -> CaseResult:
        if self._whole is not None:
            return self._whole[start]
        return _at(self.path, start, length)


def _opened(path: Path) -> BinaryIO:
    try:
        if not path.is_file():
            raise _none(path, "there is no such file")
        return path.open("rb")
    except OSError as error:
        raise _none(path, error.strerror or str(error)) from None


def _lines(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while line := stream.readline(LONGEST):
            yield line
    except OSError as error:
        raise _none(path, error.strerror or str(error)) from None


def _at(path: Path, start: int, length: int) -> CaseResult:
    try:
        with _opened(path) as stream:
            stream.seek(start)
            return CaseResult.model_validate_json(stream.read(length).strip().removesuffix(b","))
    except (OSError, ValidationError):
        raise DataError(
            "has changed since it was read",
            hint="go back and open the run again",
            where=Where(str(path)),
        ) from None


def _results(data: bytes, path: Path) -> Results:
    try:
        return Results.model_validate_json(data)
    except ValidationError as error:
        raise _none(path, str(error).splitlines()[0]) from None


def _none(path: Path, why: str) -> DataError:
    return DataError(
        f"is no {SCHEMA} document that can be shown: {why}",
        hint="`labeltool run` writes one anew",
        where=Where(str(path)),
    )
