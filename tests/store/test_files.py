from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from labeltool.errors import Conflict, DataError, StorageError
from labeltool.store import files


def write(root: Path, rel: str, text: str = "x\n") -> Path:
    file = root / rel
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.yaml", "id: ü\r\n")
    (tmp_path / "a/b/c.yaml").write_bytes(b"id: \xff\r\n")
    assert files.read_bytes(tmp_path, "a/b/c.yaml") == b"id: \xff\r\n"


@pytest.mark.parametrize(
    "rel", ["", "/etc/passwd", "../x", "a/../x", "a//b", "./a", "a/", "a\0b", "a\x1bb", ".git/x"]
)
def test_only_clean_paths_are_read(tmp_path: Path, rel: str) -> None:
    with pytest.raises(DataError) as caught:
        files.read_bytes(tmp_path, rel)
    assert caught.value.hint


def test_no_link_is_followed_wherever_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.yaml")
    root = tmp_path / "root"
    root.mkdir()
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "file.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    for rel in ("folder/secret.yaml", "file.yaml"):
        with pytest.raises(DataError, match="symbolic link") as caught:
            files.read_bytes(root, rel)
        assert caught.value.where is not None
        assert caught.value.where.path == rel


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/a.yaml")
    (tmp_path / "root").symlink_to(tmp_path / "real")
    assert files.read_bytes(tmp_path / "root", "a.yaml") == b"x\n"


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(DataError, match="fifo"):
        files.read_bytes(tmp_path, "fifo.yaml")
    with pytest.raises(DataError, match="folder"):
        files.read_bytes(tmp_path, "folder.yaml")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with pytest.raises(DataError, match="'a' is a file"):
        files.read_bytes(tmp_path, "a/b.yaml")


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


def test_the_steps_of_a_write(tmp_path: Path) -> None:
    old = write(tmp_path, "a/b.yaml", "old")
    old.chmod(0o600)
    files.write_temp(tmp_path, "a/b.yaml", ".labeltool-t-0.tmp", b"new")
    assert old.read_text() == "old"
    files.place(tmp_path, "a/b.yaml", ".labeltool-t-0.tmp", files.content_hash(b"old"))
    files.sync_folder(tmp_path, "a/b.yaml")
    assert old.read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        files.remove(tmp_path, "a/b.yaml", files.content_hash(b"old"))
    files.remove(tmp_path, "a/b.yaml", files.content_hash(b"new"))
    files.prune_empty(tmp_path, "a/b.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_to_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_nothing(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", write_nothing)
    with pytest.raises(StorageError, match="No space left") as caught:
        files.write_temp(tmp_path, "a.yaml", files.temp_name("t"), b"x")
    assert "free some space" in (caught.value.hint or "")


def test_results_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(tmp_path, "results.json", "old")
    files.atomic_write(target, b"new")
    assert target.read_bytes() == b"new"

    def fail(fd: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError):
        files.atomic_write(target, b"newer")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_linked_results_file_stays_a_link(tmp_path: Path) -> None:
    real = write(tmp_path, "real.json", "old")
    link = tmp_path / "link.json"
    link.symlink_to(real)
    files.atomic_write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_device_is_written_in_place() -> None:
    files.atomic_write(Path("/dev/null"), b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_listing_sorts_and_reports_what_it_does_not_follow(tmp_path: Path) -> None:
    for path in ("d/b.yaml", "d/a.yaml", "d/z/c.yaml", "d/notes.txt", "d/.labeltool-1-0.tmp"):
        write(tmp_path, path)
    (tmp_path / "d" / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "d" / "up").symlink_to("..")
    os.mkfifo(tmp_path / "d" / "pipe.yaml")
    found = files.listing(tmp_path, "d", ".yaml")
    assert [listed.path for listed in found.files] == ["d/a.yaml", "d/b.yaml", "d/z/c.yaml"]
    assert found.files[0].size == 2
    assert found.others == ("d/notes.txt",)
    assert found.refused == (
        ("d/link.yaml", "a symbolic link"),
        ("d/pipe.yaml", "a fifo"),
        ("d/up", "a symbolic link"),
    )
    assert files.listing(tmp_path, "gone", ".yaml") == files.Listing((), (), ())
    assert len(files.listing(tmp_path, "", ".yaml").files) == 3
