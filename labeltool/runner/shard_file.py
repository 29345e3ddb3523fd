"""The results of one shard, read case by case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from labeltool.errors import DataError, UsageError, Where
from labeltool.model.result import SCHEMA, CaseResult, Results

_CASES = b'"cases": ['
_MOST_FIELDS = 200


class ShardFile:
    """`head` is the document without its cases; `cases` reads those anew each time.

    What `run` wrote has a case a line, and costs no memory; what another tool laid out anew is read
    whole. Raises UsageError where there is no such file, DataError where it is no results document.
    """

    def __init__(self, path: Path):
        self.path = path
        self._start: int | None = None
        self._whole: tuple[CaseResult, ...] = ()
        try:
            self.head = self._open()
        except FileNotFoundError:
            raise UsageError(
                f"there is no file {path}", hint="`labeltool run --shard I/N` writes one"
            ) from None
        except OSError as error:
            raise self._bad(f"cannot be read: {error.strerror or error}") from None

    def cases(self) -> Iterator[tuple[bytes, CaseResult]]:
        """Each case as it stands in the file, and as a value. Raises DataError."""
        if self._start is None:
            for case in self._whole:
                yield case.model_dump_json().encode(), case
            return
        for line in self._lines(self._start):
            try:
                yield line, CaseResult.model_validate_json(line)
            except ValidationError as error:
                raise self._bad(_first(error)) from None

    def _open(self) -> Results:
        with self.path.open("rb") as stream:
            head: list[bytes] = []
            for line in stream:
                if line.strip() == _CASES:
                    self._start = stream.tell() if stream.seekable() else None
                    break
                head.append(line)
                if len(head) > _MOST_FIELDS:
                    break
        try:
            if self._start is not None:
                return Results.model_validate_json(b"".join(head) + b'"cases": []}')
            found = Results.model_validate_json(self.path.read_bytes())
        except ValidationError as error:
            raise self._bad(f"is no {SCHEMA} document: {_first(error)}") from None
        self._whole = found.cases
        return found.model_copy(update={"cases": ()})

    def _lines(self, start: int) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            stream.seek(start)
            for raw in stream:
                line = raw.strip()
                if line == b"]":
                    return
                yield line.removesuffix(b",")
        raise self._bad("is cut short")

    def _bad(self, why: str) -> DataError:
        return DataError(
            why, hint="give the file that `labeltool run --out` wrote", where=Where(str(self.path))
        )


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    return f"{field}: {first['msg']}" if field else first["msg"]
