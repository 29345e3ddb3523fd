from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from labeltool.errors import StorageError
from labeltool.store.atomic import atomic_write
from tests.store.support import write


def test_results_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(tmp_path, "results.json", "old")
    atomic_write(target, b"new")
    assert target.read_bytes() == b"new"

    def fail(fd: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError):
        atomic_write(target, b"newer")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_linked_results_file_stays_a_link(tmp_path: Path) -> None:
    real = write(tmp_path, "real.json", "old")
    link = tmp_path / "link.json"
    link.symlink_to(real)
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_device_is_written_in_place() -> None:
    atomic_write(Path("/dev/null"), b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_standard_output_into_a_pipe_is_written_in_place() -> None:
    code = (
        "from pathlib import Path; from labeltool.store.atomic import atomic_write; "
        "atomic_write(Path('/dev/stdout'), b'through the pipe')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"through the pipe")
