from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from labeltool.errors import StorageError
from labeltool.history import init_repository
from tests.history.support import Repo, isolated, label, message


def test_a_fresh_repository(unborn: Repo) -> None:
    with unborn.open() as history:
        state = history.state()
    assert state.branch == "main"
    assert state.unborn
    assert not state.detached
    assert not state.has_remote
    assert state.identity == "Alice <alice@example.org>"
    assert state.operation is None
    assert not (unborn.root / ".git" / "labeltool").exists(), "looking leaves nothing behind"


def test_a_clone_knows_its_default_branch(repo: Repo, tmp_path: Path) -> None:
    clone = Repo(tmp_path / "clone", repo.env)
    repo.git("clone", "-q", str(repo.root), str(clone.root))
    with clone.open() as history:
        assert history.state().on_default_branch
        clone.git("switch", "-q", "-c", "labels/alice")
        state = history.state()
    assert state.has_remote
    assert state.default_branch == "main"
    assert not state.on_default_branch


def test_a_remote_that_was_added_by_hand(repo: Repo) -> None:
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.git("remote", "add", "origin", "/nowhere")
    with repo.open() as history:
        assert history.state().default_branch == "main"


def test_what_waits_is_counted(repo: Repo) -> None:
    repo.git("switch", "-q", "--detach")
    with repo.open() as history:
        history.save([label("a.yaml")], message())
        state = history.state()
    assert state.pending == 1
    assert state.detached


def mounted(place: Path, options: str) -> Iterator[Path]:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path / "small", "size=1m")


def repo_on(disk: Path, home: Path) -> Repo:
    repo = Repo(disk, isolated(home))
    init_repository(disk, env=repo.env)
    repo.identify()
    repo.commit_by_hand("a.yaml", "score: 1\n")
    return repo


def fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)


def test_a_full_disk_keeps_the_old_file_and_the_draft(small_disk: Path, tmp_path: Path) -> None:
    repo = repo_on(small_disk, tmp_path)
    with repo.open() as history:
        history.save_draft("a", b"score: 2\n")
        filler = small_disk / "filler"
        fill(filler)
        big = "x" * 50_000
        with pytest.raises(StorageError, match="No space left") as caught:
            history.save([label("a.yaml", big, old="score: 1\n")], message())
        assert caught.value.exit_code == 4
        assert repo.read("a.yaml") == "score: 1\n"
        assert history.drafts() == {"a": b"score: 2\n"}
        assert repo.temps() == []
        filler.unlink()
        assert history.record([label("a.yaml", big, old="score: 1\n")], message()).commit


def test_a_read_only_repository_is_known_before_the_work_begins(
    small_disk: Path, tmp_path: Path
) -> None:
    repo = repo_on(small_disk, tmp_path)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with repo.open() as history:
        assert history.recover().committed == ()
        assert history.state().read_only
        with pytest.raises(StorageError):
            history.save([label("b.yaml")], message())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_read_only(repo: Repo) -> None:
    repo.root.chmod(0o555)
    try:
        with repo.open() as history:
            assert history.state().read_only
    finally:
        repo.root.chmod(0o755)
