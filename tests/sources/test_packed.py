"""Packed logs: read as they are, and a bomb is refused before it goes off."""

from __future__ import annotations

import gzip

import pytest
import zstandard

from labeltool.errors import DataError
from labeltool.sources import packed
from tests.sources.logs import items, lines

ROWS = lines(*({"id": str(number), "input": f"question {number}"} for number in range(500)))


def test_gzip_and_zstandard_are_unpacked_by_what_they_begin_with() -> None:
    for data in (gzip.compress(ROWS.encode()), zstandard.compress(ROWS.encode())):
        kind, records, bad = items(data, "log.jsonl.gz")
        assert (kind, len(records), bad) == ("jsonl", 500, [])


def test_several_frames_in_one_file_are_all_read() -> None:
    once = zstandard.compress(ROWS.encode())
    assert len(items(once + once)[1]) == 1_000
    once = gzip.compress(ROWS.encode())
    assert len(items(once + once)[1]) == 1_000


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_FREE", 2**20)
    bomb = lines({"input": "x"}).encode() + b"\n" * 2**25
    for data in (gzip.compress(bomb), zstandard.compress(bomb)):
        with pytest.raises(DataError, match="far more than a log"):
            items(data)


def test_a_damaged_file_says_so() -> None:
    data = gzip.compress(ROWS.encode())
    with pytest.raises(DataError, match="damaged"):
        items(data[: len(data) // 2])
    data = zstandard.compress(ROWS.encode() * 100)
    with pytest.raises(DataError, match="damaged"):
        items(data[:40] + b"\xff" * 40 + data[80:])
