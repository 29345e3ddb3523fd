from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from labeltool.errors import Conflict, StorageError
from labeltool.store import steps
from labeltool.store.files import content_hash
from labeltool.store.guard import Folders
from tests.store.support import write


def test_the_steps_of_a_write(tmp_path: Path) -> None:
    old = write(tmp_path, "a/b.yaml", "old")
    old.chmod(0o600)
    folders = Folders(tmp_path)
    steps.write_temp(folders, "a/b.yaml", ".labeltool-t-0.tmp", b"new")
    assert old.read_text() == "old"
    steps.place(folders, "a/b.yaml", ".labeltool-t-0.tmp", content_hash(b"old"))
    steps.sync_folder(folders, "a/b.yaml")
    assert old.read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        steps.remove(folders, "a/b.yaml", content_hash(b"old"))
    steps.remove(folders, "a/b.yaml", content_hash(b"new"))
    steps.prune_empty(folders, "a/b.yaml")
    folders.close()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_to_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_nothing(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", write_nothing)
    with pytest.raises(StorageError, match="No space left") as caught:
        steps.write_temp(Folders(tmp_path), "a.yaml", steps.temp_name("t"), b"x")
    assert "free some space" in (caught.value.hint or "")
