from __future__ import annotations

import os
import stat

import pytest

from labeltool.errors import Conflict, DataError, StorageError
from labeltool.history import FileChange
from labeltool.store import files, steps
from tests.history.support import Repo, label, message


def test_a_saved_label_is_on_disk_and_in_the_journal_before_any_commit(repo: Repo) -> None:
    with repo.open() as history:
        saved = history.save([label("labels/a.yaml")], message())
        assert repo.read("labels/a.yaml") == "score: 1\n"
        assert saved.paths == ("labels/a.yaml",)
        assert [pending.id for pending in history.pending()] == [saved.id]
    assert repo.subjects() == ["By hand: README.md"]
    assert len(repo.journals()) == 1


def test_an_unchanged_file_is_not_written_again(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")
    before = (repo.root / "a.yaml").stat()
    with repo.open() as history:
        saved = history.save([label("a.yaml")], message())
        assert saved.paths == ()
        assert history.commit(saved).commit is None
    assert (repo.root / "a.yaml").stat().st_ino == before.st_ino
    assert repo.journals() == []


def test_a_file_that_changed_since_it_was_read_is_left_alone(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")
    repo.write("a.yaml", "score: 0\n")
    with repo.open() as history, pytest.raises(Conflict, match=r"a\.yaml.*changed by somebody"):
        history.save([label("a.yaml", "score: 2\n", old="score: 1\n")], message())
    assert repo.read("a.yaml") == "score: 0\n"


def test_a_file_that_appeared_or_vanished_is_a_conflict_too(repo: Repo) -> None:
    repo.write("a.yaml", "score: 0\n")
    with repo.open() as history:
        with pytest.raises(Conflict, match="written by somebody"):
            history.save([label("a.yaml")], message())
        with pytest.raises(Conflict, match="deleted by somebody"):
            history.save([label("b.yaml", old="score: 1\n")], message())


def test_one_conflict_stops_the_whole_batch(repo: Repo) -> None:
    repo.write("b.yaml", "score: 0\n")
    with repo.open() as history:
        with pytest.raises(Conflict):
            history.save([label("a.yaml"), label("b.yaml")], message())
        assert history.pending() == ()
    assert repo.read("a.yaml") is None


def test_text_that_does_not_survive_the_disk_is_refused_and_the_old_file_is_whole(
    repo: Repo,
) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")

    def verify(path: str, data: bytes) -> None:
        raise DataError(f"{path} would not mean the same: {data.decode()}")

    with repo.open() as history, pytest.raises(DataError, match=r"a\.yaml would not mean the same"):
        history.save([label("a.yaml", "score: 2\n", old="score: 1\n")], message(), verify)
    assert repo.read("a.yaml") == "score: 1\n"
    assert repo.temps() == []
    assert repo.journals() == []


def test_a_failing_fsync_never_says_saved(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit_by_hand("d/a.yaml", "score: 1\n")
    real = os.fsync
    failed: list[int] = []

    def fsync(fd: int) -> None:
        # The label's folder, after the rename: the last chance to fail.
        if stat.S_ISDIR(os.fstat(fd).st_mode) and os.readlink(f"/proc/self/fd/{fd}").endswith("/d"):
            failed.append(fd)
            if len(failed) == 1:
                raise OSError(5, "Input/output error")
        real(fd)

    with repo.open() as history:
        monkeypatch.setattr(os, "fsync", fsync)
        with pytest.raises(StorageError, match="Input/output error"):
            history.save([label("d/a.yaml", "score: 2\n", old="score: 1\n")], message())
        assert history.pending() == ()
    assert failed
    assert repo.read("d/a.yaml") == "score: 1\n"
    assert repo.status() == ""


def test_a_batch_that_fails_half_way_is_taken_back_whole(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit_by_hand("old.yaml", "score: 1\n")
    real = steps.place

    def place(*args: object) -> None:
        if args[1] == "new/3.yaml":
            raise StorageError("the disk said no")
        real(*args)  # type: ignore[arg-type]

    changes = [label("old.yaml", "score: 2\n", old="score: 1\n")]
    changes += [label(f"new/{number}.yaml") for number in range(6)]
    monkeypatch.setattr(steps, "place", place)
    with repo.open() as history, pytest.raises(StorageError):
        history.save(changes, message())
    assert repo.status() == ""
    assert not (repo.root / "new").exists()
    assert repo.temps() == []


def test_the_mode_of_a_file_is_kept(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")
    (repo.root / "a.yaml").chmod(0o640)
    with repo.open() as history:
        history.save([label("a.yaml", "score: 2\n", old="score: 1\n")], message())
    assert stat.S_IMODE((repo.root / "a.yaml").stat().st_mode) == 0o640


@pytest.mark.parametrize("path", ["../a.yaml", "/etc/a.yaml", "a/../../b", ".git/config", "a\nb"])
def test_paths_that_lead_outside_are_refused(repo: Repo, path: str) -> None:
    with repo.open() as history, pytest.raises(DataError, match=r"path|git's own"):
        history.save([label(path)], message())


def test_a_linked_folder_is_not_followed(repo: Repo) -> None:
    outside = repo.root.parent / "outside"
    outside.mkdir()
    (repo.root / "labels").symlink_to(outside)
    with repo.open() as history, pytest.raises(DataError, match="symbolic link"):
        history.save([label("labels/a.yaml")], message())
    assert list(outside.iterdir()) == []


def test_a_decision_does_not_write_one_file_twice(repo: Repo) -> None:
    with repo.open() as history, pytest.raises(DataError, match="twice"):
        history.save([label("a.yaml"), label("a.yaml", "score: 2\n")], message())


def test_nothing_is_written_to_a_branch_that_was_switched_underneath(repo: Repo) -> None:
    with repo.open() as history:
        repo.git("switch", "-q", "-c", "other")
        with pytest.raises(Conflict, match="main was switched to other"):
            history.save([label("a.yaml")], message())
        assert history.adopt_branch() == "other"
        assert history.record([label("a.yaml")], message()).commit is not None
    assert repo.git("show", "other:a.yaml") == "score: 1\n"


def test_the_largest_file_that_is_kept_can_be_read_again(repo: Repo) -> None:
    huge = FileChange("a.yaml", b"x" * (files.SIZE_CAP + 1), None)
    with repo.open() as history, pytest.raises(DataError, match="at most"):
        history.save([huge], message())


def test_a_disk_that_refuses_the_journal_leaves_everything_as_it_was(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def write(fd: int, data: bytes) -> int:
        if os.readlink(f"/proc/self/fd/{fd}").endswith(".jsonl"):
            raise OSError(28, "No space left on device")
        return real(fd, data)

    monkeypatch.setattr(os, "write", write)
    with repo.open() as history, pytest.raises(StorageError, match="No space left"):
        history.save([label("a.yaml")], message())
    assert repo.status() == ""
