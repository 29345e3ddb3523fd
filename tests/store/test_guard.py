from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.errors import DataError
from labeltool.store import files
from tests.store.support import write


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


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with pytest.raises(DataError, match="'a' is a file"):
        files.read_bytes(tmp_path, "a/b.yaml")
