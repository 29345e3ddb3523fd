"""JSON values out of a stream, one at a time: a line each, or the parts of one large document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from labeltool.sources.kinds import BadRow

MAX_ROW = 32 * 2**20
_CHUNK = 1 << 18
_DEEPEST = 200
_QUOTE, _COLON, _LIST = b'":['
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]:]', re.DOTALL)

Path = tuple[str, ...]


class Value(NamedTuple):
    """A parsed value: the line it starts on, and which path of those asked for it stands at."""

    line: int
    path: Path
    value: Any


def parse(data: bytes | str) -> Any:
    """JSON read fast and strictly: no NaN, no half surrogates, bounded depth. Raises ValueError
    whose text quotes nothing.
    """
    from pydantic_core import from_json

    return from_json(data, allow_inf_nan=False, cache_strings="keys")


def lines(stream: BinaryIO) -> Iterator[Value | BadRow]:
    """A value of each line; blank lines are skipped."""
    for number, line in raw_lines(stream):
        if line is None:
            yield BadRow(number, f"is longer than {MAX_ROW >> 20} MiB")
        elif not line.isspace():
            yield _parsed(number, (), line)


def raw_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines; None for one over the cap, of which no more than the cap is ever held."""
    number = 0
    while line := stream.readline(MAX_ROW + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) <= MAX_ROW:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_ROW)
        yield number, None


def parts(stream: BinaryIO, wanted: set[Path]) -> Iterator[Value | BadRow]:
    """The objects and lists at the `wanted` paths of the documents in `stream`, in their order.

    A path is the keys that lead there, `*` for any item of a list: ("data", "*"). What lies
    elsewhere is passed over without being held.
    """
    return _Scanner(stream, wanted).run()


class _Unreadable(Exception):
    """Nothing after this can be made sense of."""


class _Scanner:
    """Follows brackets and keys through the bytes; parses only the parts that are wanted."""

    def __init__(self, stream: BinaryIO, wanted: set[Path]):
        self._stream, self._wanted = stream, wanted
        self._path: list[str] = []
        self._kinds = bytearray()  # the brackets that are open
        self._key = self._string = ""
        self._buffer = b""
        self._at = 0  # up to where it was looked at
        self._counted, self._line = 0, 1  # a place in the buffer and its line
        self._start: int | None = None  # where the part begins that is being taken
        self._depth = 0  # and how deep

    def run(self) -> Iterator[Value | BadRow]:
        try:
            while self._more():
                yield from self._look()
                self._forget()
            if self._kinds or self._buffer.strip():
                raise _Unreadable("ends in the middle of the document")
        except _Unreadable as error:
            yield BadRow(self._line, str(error))

    def _more(self) -> bool:
        if len(self._buffer) > MAX_ROW:
            raise _Unreadable(f"holds one value of more than {MAX_ROW >> 20} MiB")
        # A long string is looked at again from its quote: each time twice as much is read.
        more = self._stream.read(max(_CHUNK, len(self._buffer)))
        self._buffer += more
        return bool(more)

    def _look(self) -> Iterator[Value | BadRow]:
        """The parts that end in the buffer."""
        taking = self._start is not None
        for token in _TOKEN.finditer(self._buffer, self._at):
            what = self._buffer[token.start()]
            if what == _QUOTE:
                if token.end() - token.start() == 1:  # the rest of this string is not read yet
                    self._at = token.start()
                    return
                if not taking:
                    self._string = token[0][1:-1].decode("utf-8", "replace")
            elif what == _COLON:
                self._key = self._string
            elif what in b"{[":
                self._open(what, token.start())
                taking = self._start is not None
            else:
                yield from self._close(token.end())
                taking = self._start is not None
        self._at = len(self._buffer)

    def _open(self, what: int, at: int) -> None:
        if len(self._kinds) >= _DEEPEST:
            raise _Unreadable("is nested too deeply to be read")
        if self._kinds:
            self._path.append("*" if self._kinds[-1] == _LIST else self._key)
        self._kinds.append(what)
        if self._start is None and tuple(self._path) in self._wanted:
            self._start, self._depth = at, len(self._kinds)
            self._count_to(at)

    def _close(self, end: int) -> Iterator[Value | BadRow]:
        if not self._kinds:
            raise _Unreadable("is not JSON: a bracket is closed that none opened")
        if self._start is not None and self._depth == len(self._kinds):
            yield _parsed(self._line, tuple(self._path), self._buffer[self._start : end])
            self._start = None
        self._kinds.pop()
        if self._kinds:
            self._path.pop()

    def _count_to(self, at: int) -> None:
        self._line += self._buffer.count(b"\n", self._counted, at)
        self._counted = at

    def _forget(self) -> None:
        """Drop what was looked at and is not part of what is being taken."""
        keep = self._at if self._start is None else self._start
        self._count_to(keep)
        self._buffer = self._buffer[keep:]
        self._at -= keep
        self._counted = 0
        self._start = None if self._start is None else 0


def _parsed(line: int, path: Path, data: bytes) -> Value | BadRow:
    try:
        return Value(line, path, parse(data))
    except ValueError as error:
        return BadRow(line, f"is not JSON: {_without_text(str(error))}")


def _without_text(message: str) -> str:
    """The parser's words without the place inside the line, which is one line to it."""
    return re.sub(r" at line \d+ column (\d+).*", r" at column \1", message, flags=re.DOTALL)[:120]
