from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labeltool.history import History
from labeltool.history.journal import Journal
from labeltool.store import steps
from labeltool.store.guard import Folders
from tests.history.support import Repo, label, message


def dies(history: History) -> None:
    """Lets go of the journal's lock and nothing else, as the end of a process does."""
    lock = history.session.journal._lock
    assert lock is not None
    lock.release()
    history.session.cat.close()


def test_drafts_of_a_dead_process_are_found_again(repo: Repo) -> None:
    history = repo.open()
    history.save_draft("a", b"half")
    history.save_draft("a", b"half a label\xff")
    history.save_draft("b", b"other")
    history.clear_draft("b")
    dies(history)
    with repo.open() as later:
        assert later.recover().drafts == {"a": b"half a label\xff"}
        assert later.drafts() == {"a": b"half a label\xff"}
    with repo.open() as last:
        last.recover()
        last.clear_draft("a")
    assert repo.journals() == []


def test_the_journal_of_a_living_process_is_left_alone(repo: Repo) -> None:
    with repo.open() as one, repo.open() as two:
        saved = one.save([label("a.yaml")], message())
        recovered = two.recover()
        assert recovered.committed == ()
        assert one.commit(saved).commit is not None


def test_a_decision_saved_on_another_branch_is_asked_about(repo: Repo) -> None:
    history = repo.open()
    history.save([label("a.yaml")], message())
    dies(history)
    repo.git("switch", "-q", "-c", "other")
    with repo.open() as later:
        assert [held.reason for held in later.recover().held] == ["branch_switched"]
        assert later.commit_pending(here=True) == ()
    assert repo.git("show", "other:a.yaml") == "score: 1\n"


def test_a_half_written_batch_is_finished(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    crash_in_the_middle(repo, monkeypatch)
    with repo.open() as later:
        recovered = later.recover()
        assert len(recovered.finished) == 1
        assert len(recovered.committed) == 1
    assert len(repo.git("show", "--name-only", "--format=").split()) == 6
    assert repo.status() == ""
    assert repo.temps() == []


def test_a_half_written_batch_is_taken_back_where_a_file_was_changed_since(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_in_the_middle(repo, monkeypatch)
    repo.write("new/4.yaml", "somebody else's\n")
    with repo.open() as later:
        recovered = later.recover()
        assert len(recovered.taken_back) == 1
        assert recovered.committed == ()
    assert repo.status() == "?? new/4.yaml\n"
    assert repo.temps() == []


def test_a_half_written_batch_is_not_finished_on_another_branch(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_in_the_middle(repo, monkeypatch)
    repo.git("switch", "-q", "-c", "other")
    with repo.open() as later:
        assert len(later.recover().taken_back) == 1
    assert repo.status() == ""


class Crash(BaseException):
    pass


def crash_in_the_middle(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit_by_hand("old.yaml", "score: 1\n")
    real = steps.place

    def place(folders: Folders, rel: str, temp: str, expected: str | None) -> None:
        if rel == "new/2.yaml":
            raise Crash
        real(folders, rel, temp, expected)

    def no_cleanup(*args: object) -> None:
        raise OSError("a dead process cleans nothing up")

    changes = [label("old.yaml", "score: 2\n", old="score: 1\n")]
    changes += [label(f"new/{number}.yaml") for number in range(5)]
    history = repo.open()
    with monkeypatch.context() as patch:
        patch.setattr(steps, "place", place)
        patch.setattr("labeltool.history.save.take_back", no_cleanup)
        with pytest.raises(Crash):
            history.save(changes, message("Import"))
    assert repo.read("new/1.yaml") == "score: 1\n"
    dies(history)


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leave_journal(repo: Repo, pid: int, at: float) -> None:
    history = repo.open()
    history.save([label("a.yaml")], message())
    history.session.journal.git_started(pid, at)
    dies(history)


def test_the_index_lock_of_our_own_dead_git_is_removed(repo: Repo) -> None:
    leave_journal(repo, dead_process(), time.time())
    (repo.root / ".git" / "index.lock").touch()
    with repo.open() as later:
        recovered = later.recover()
        assert recovered.removed_lock
        assert recovered.held == ()
    assert repo.at_head("a.yaml") == "score: 1\n"


def test_a_lock_that_is_older_than_our_git_is_not_ours(repo: Repo) -> None:
    lock = repo.root / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    leave_journal(repo, dead_process(), time.time())
    with repo.open() as later:
        recovered = later.recover()
        assert not recovered.removed_lock
        assert [held.reason for held in recovered.held] == ["locked"]
        assert "holds" in recovered.held[0].message
        assert str(lock) in (recovered.held[0].hint or "")
    assert lock.exists()


def test_a_lock_without_any_evidence_is_not_touched(repo: Repo) -> None:
    history = repo.open()
    history.save([label("a.yaml")], message())
    dies(history)
    lock = repo.root / ".git" / "index.lock"
    lock.touch()
    with repo.open() as later:
        assert not later.recover().removed_lock
    assert lock.exists()


def test_a_label_in_head_but_not_in_the_index_is_put_there(repo: Repo) -> None:
    """A git that dies between HEAD and the index would make the next commit delete the label."""
    history = repo.open()
    history.save([label("a.yaml")], message())
    dies(history)
    repo.git("add", "a.yaml")
    repo.git("commit", "-q", "-m", "As ours", "--", "a.yaml")
    repo.git("rm", "-q", "--cached", "a.yaml")
    repo.git("add", "-N", "a.yaml")
    with repo.open() as later:
        assert later.recover().held == ()
    assert repo.status() == ""


def test_a_torn_last_line_counts_as_not_written(repo: Repo) -> None:
    history = repo.open()
    history.save([label("a.yaml")], message())
    dies(history)
    (journal,) = repo.journals()
    with journal.open("ab") as stream:
        stream.write(b'{"intent":"x-2","branch":"main","mess')
    with repo.open() as later:
        assert len(later.recover().committed) == 1


def test_a_long_session_of_drafts_does_not_fill_the_disk(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for number in range(60):
        journal.draft("a", b"x" * 20_000 + str(number).encode())
    assert journal.path.stat().st_size < 400_000
    assert journal.drafts["a"].endswith(b"59")
    journal.close()
