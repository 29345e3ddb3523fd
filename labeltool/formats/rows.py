"""Rows of a file that somebody else wrote: streamed, capped, each with the line it starts on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from labeltool.errors import DataError, Problem, UsageError, Where

Format = Literal["jsonl", "csv"]
FORMATS: tuple[Format, ...] = ("jsonl", "csv")
MAX_LINE = 16 * 2**20
MAX_BYTES = 2 * 2**30

_ENDINGS: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on (from 1) and its columns."""

    line: int
    values: dict[str, Any]


def format_of(name: str) -> Format:
    """The format that a file's name says. Raises UsageError where it says none."""
    for ending, found in _ENDINGS.items():
        if name.lower().endswith(ending):
            return found
    raise UsageError(
        f"cannot tell the format of {name!r} from its name",
        hint="say it: --format jsonl or --format csv",
    )


def read(stream: BinaryIO, source: str, format: Format) -> Iterator[Row | Problem]:
    """Every row of `stream`, and a Problem for each that cannot be read.

    `source` names the file in problems. Raises DataError where the file as a whole cannot be read
    (not UTF-8 text, over the caps, a header that cannot be used).
    """
    from labeltool.formats import csv_rows, jsonl

    lines = _lines(stream, source)
    return jsonl.rows(lines, source) if format == "jsonl" else csv_rows.rows(lines, source)


def _lines(stream: BinaryIO, source: str) -> Iterator[tuple[int, bytes]]:
    """Numbered lines with their ends, the byte order mark of the first taken off."""
    number = total = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        total += len(line)
        if number == 1:
            if line.startswith(_UTF16):
                raise DataError(
                    "the file is UTF-16", hint="save it as UTF-8", where=Where(source, number)
                )
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > MAX_LINE:
            raise DataError(
                f"a line is longer than {MAX_LINE >> 20} MiB",
                hint="is this one JSON document? JSONL has one row on each line",
                where=Where(source, number),
            )
        if total > MAX_BYTES:
            raise DataError(
                f"the file is larger than {MAX_BYTES >> 30} GiB",
                hint="import it in parts",
                where=Where(source, number),
            )
        yield number, line


def not_utf8(source: str, line: int, error: UnicodeDecodeError) -> Problem:
    """What to say about a line that is no UTF-8."""
    return Problem(
        Where(source, line),
        f"byte 0x{error.object[error.start]:02x} at column {error.start + 1} is not UTF-8",
        "save the file as UTF-8",
    )
