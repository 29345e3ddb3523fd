from __future__ import annotations

import os
from pathlib import Path

import pytest

from labeltool.errors import DataError
from labeltool.store import files
from tests.store.support import write


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.yaml", "id: ü\r\n")
    (tmp_path / "a/b/c.yaml").write_bytes(b"id: \xff\r\n")
    assert files.read_bytes(tmp_path, "a/b/c.yaml") == b"id: \xff\r\n"


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(DataError, match="fifo"):
        files.read_bytes(tmp_path, "fifo.yaml")
    with pytest.raises(DataError, match="folder"):
        files.read_bytes(tmp_path, "folder.yaml")


def test_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "x" * 11)
    with pytest.raises(DataError, match="11 bytes; at most 10"):
        files.read_bytes(tmp_path, "a.yaml", cap=10)
    assert len(files.read_bytes(tmp_path, "a.yaml", cap=11)) == 11


def test_a_missing_file_is_an_error_or_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        files.read_bytes(tmp_path, "a/b.yaml")
    assert files.read_if_there(tmp_path, "a/b.yaml") is None


def test_one_reader_reads_many_folders(tmp_path: Path) -> None:
    paths = ["a/1.yaml", "a/2.yaml", "b/c/3.yaml", "4.yaml", "a/1.yaml"]
    for path in paths:
        write(tmp_path, path, path)
    with files.FolderReader(tmp_path) as reader:
        assert [reader.read(path).decode() for path in paths] == paths
        with pytest.raises(DataError):
            reader.read("gone/5.yaml")
        assert reader.read("4.yaml") == b"4.yaml"
