"""A results file, read case by case: a run of 100,000 cases need not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from labeltool.errors import DataError, UsageError, Where
from labeltool.model.result import SCHEMA, CaseResult, Results

_CASES = b' "cases": ['
_MADE = "`labeltool run` writes eval_results.json"


@dataclass(frozen=True)
class Saved:
    """`head` has no cases in it; `cases` reads them anew each time, and raises DataError."""

    path: Path
    head: Results
    _kept: tuple[CaseResult, ...] | None
    _start: int
    _line: int

    def cases(self) -> Iterator[CaseResult]:
        if self._kept is not None:
            yield from self._kept
            return
        with _opened(self.path) as stream:
            stream.seek(self._start)
            for number, line in enumerate(stream, self._line):
                if line.startswith(b" ]"):
                    return
                yield self._case(number, line)

    def _case(self, number: int, line: bytes) -> CaseResult:
        try:
            return CaseResult.model_validate_json(line.strip().removesuffix(b","))
        except ValidationError as error:
            raise _bad(error, self.path, line=number) from None


def open_results(path: Path) -> Saved:
    """Case by case where the file is as `run` wrote it, else (indented, in one line) whole. Raises
    UsageError where there is none, DataError for one that is no results document.
    """
    with _opened(path) as stream:
        head = bytearray()
        if not stream.seekable():
            return _whole(path, stream.read())
        for number, line in enumerate(stream, 1):
            head += line
            if line.rstrip() == _CASES:
                start = stream.tell()
                if _a_case_a_line(stream):
                    return Saved(
                        path, results_of(bytes(head) + b"]}", path), None, start, number + 1
                    )
                break
        stream.seek(0)
        return _whole(path, stream.read())


def _whole(path: Path, data: bytes) -> Saved:
    results = results_of(data, path)
    return Saved(path, results.model_copy(update={"cases": ()}), results.cases, 0, 0)


def read_results(path: Path) -> Results:
    """The whole document, cases included. Raises UsageError, DataError."""
    saved = open_results(path)
    return saved.head.model_copy(update={"cases": tuple(saved.cases())})


def _a_case_a_line(stream: Iterator[bytes]) -> bool:
    """Whether the rest is `run`'s own layout to the very end."""
    comma = True
    for line in stream:
        case = line.rstrip()
        if case == b" ]":
            return [rest.strip() for rest in stream] == [b"}"]
        if not (comma and case.startswith(b"  {") and case.endswith((b"}", b"},"))):
            return False
        comma = case.endswith(b",")
    return False


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}", hint=_MADE) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise DataError(f"cannot be read: {why}", hint=_MADE, where=Where(str(path))) from None


def results_of(data: bytes, path: Path) -> Results:
    """The document in `data`, which errors call `path`. Raises DataError."""
    try:
        return Results.model_validate_json(data)
    except ValidationError as error:
        raise _bad(error, path) from None


def _bad(error: ValidationError, path: Path, *, line: int | None = None) -> DataError:
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"])) or None
    return DataError(
        f"is no {SCHEMA} document: {first['msg']}",
        hint="give the file that `labeltool run --out` wrote",
        where=Where(str(path), line=line, field=field),
    )
