"""Packed logs unpacked as they are read, with caps: a small file must not become a large one."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Any, BinaryIO, cast

from labeltool.errors import DataError, Where

MAX_BYTES = 64 * 2**30
MAX_RATIO = 250
"""Logs pack 5 to 30 times; runs of one character 1,000 times and more."""
_FREE = 256 * 2**20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def unpacked(stream: BinaryIO, name: str) -> io.BufferedReader[Any]:
    """`stream` unpacked where its first bytes say that it is gzip or zstandard.

    Reading raises DataError where the file is damaged, or larger than the caps.
    """
    source = _Counted(stream)
    plain: io.BufferedReader[Any] = io.BufferedReader(source, 1 << 16)
    start = plain.peek(4)[:4]
    if start.startswith(_GZIP):
        inner = cast("BinaryIO", gzip.GzipFile(fileobj=plain, mode="rb"))
    elif start == _ZSTD:
        import zstandard

        factory = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        inner = factory.stream_reader(plain, read_across_frames=True)
    else:
        return plain
    return io.BufferedReader(_Capped(inner, source, name), 1 << 16)


class _Counted(io.RawIOBase):
    """How many bytes were read from the file itself."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Capped(io.RawIOBase):
    def __init__(self, inner: BinaryIO, source: _Counted, name: str):
        self._inner, self._source, self._name = inner, source, name
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, OSError, zlib.error) as error:
            raise self._damaged(error) from None
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            raise self._damaged(error) from None
        self._count += len(data)
        if self._count > MAX_BYTES or self._count > _FREE + MAX_RATIO * self._source.count:
            raise DataError(
                "unpacks to far more than a log holds",
                hint="if it is one, unpack it yourself and give the plain file",
                where=Where(self._name),
            )
        buffer[: len(data)] = data
        return len(data)

    def _damaged(self, error: Exception) -> DataError:
        return DataError(
            f"the packed file is damaged: {error}", hint="pack it anew", where=Where(self._name)
        )
