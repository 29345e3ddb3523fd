"""CSV with a header: quoted fields may hold commas and newlines, as RFC 4180 has it."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from labeltool.errors import DataError, Problem, Where
from labeltool.formats.rows import MAX_LINE, Row, not_utf8

_DELIMITERS = ",\t;"


def rows(lines: Iterator[tuple[int, bytes]], source: str) -> Iterator[Row | Problem]:
    """Rows below the header; cells are text, an empty cell is a field left out.

    A header without commas may be parted by tabs or semicolons. A row's line is the one it starts
    on. Nothing can be trusted after a broken quote, so reading ends there with a Problem.
    """
    texts = _Texts(lines)
    try:
        first = next(texts, None)
        if first is None:
            return
        reader = csv.reader(texts.again(first), delimiter=_delimiter(first), strict=True)
        yield from _rows(reader, source)
    except UnicodeDecodeError as error:
        yield not_utf8(source, texts.line, error)


def _rows(reader: Iterator[list[str]], source: str) -> Iterator[Row | Problem]:
    # The csv module has one field cap for the whole process; lines are capped before they get here.
    before = csv.field_size_limit(MAX_LINE)
    line, header = 1, None
    try:
        for cells in reader:
            start, line = line, _line_of(reader) + 1
            if not cells:
                continue
            if header is None:
                header = _header(cells, source, start)
            elif len(cells) != len(header):
                count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
                yield Problem(
                    Where(source, start),
                    f"has {count}, the header has {len(header)}",
                    "quote cells that hold a comma or a newline",
                )
            else:
                filled = zip(header, cells, strict=True)
                yield Row(start, {name: cell for name, cell in filled if name})
    except csv.Error as error:
        hint = "a quote inside a quoted cell is written twice"
        yield Problem(Where(source, line), f"is not CSV: {error}", hint)
    finally:
        csv.field_size_limit(before)


class _Texts:
    """Decoded lines, with the number of the last one."""

    def __init__(self, lines: Iterator[tuple[int, bytes]]):
        self._lines = lines
        self._held: list[str] = []
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._held:
            return self._held.pop()
        self.line, raw = next(self._lines)
        return raw.decode("utf-8")

    def again(self, text: str) -> _Texts:
        self._held.append(text)
        return self


def _line_of(reader: Iterator[list[str]]) -> int:
    """How many lines a csv.reader has read."""
    count: int = getattr(reader, "line_num")  # noqa: B009  (the stubs keep the reader's type private)
    return count


def _delimiter(header: str) -> str:
    return next((one for one in _DELIMITERS if one in header), ",")


def _header(cells: list[str], source: str, line: int) -> list[str]:
    names = [cell.strip() for cell in cells]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise DataError(
            f"two columns are called {twice!r}", hint="rename one", where=Where(source, line)
        )
    return names
