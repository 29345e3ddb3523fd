"""A merge from git's part to the commit, beside everything else that wants the files."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from labeltool.errors import CommitHeld, RepositoryError
from labeltool.history import CommitMessage, CommitQueue, Event, History
from labeltool.history import merge as merges
from labeltool.history.merge_sides import Sides
from tests.history.support import Repo, label, message

MESSAGE = CommitMessage("Merge theirs into main")


def apart(repo: Repo, path: str = "a.txt") -> str:
    """main and theirs both gone on; the commit of theirs, which has made `path` say theirs."""
    repo.git("switch", "-qc", "theirs")
    repo.commit_by_hand(path, "theirs\n")
    theirs = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "-q", "main")
    repo.commit_by_hand("own.txt", "ours\n")
    return theirs


def start(history: History, commit: str) -> merges.How:
    return merges.start(history.session, commit, name="theirs")


def test_a_merge_stays_open_until_it_is_concluded(repo: Repo) -> None:
    theirs = apart(repo)
    with repo.open() as history, merges.merging(history.session):
        assert start(history, theirs) == "open"
        assert merges.merge_head(history.session) == theirs
        commit = merges.conclude(history.session, MESSAGE)
        assert start(history, theirs) == "current"
    assert repo.git("rev-list", "--parents", "-1", commit).split()[2] == theirs
    assert repo.status() == ""
    assert repo.subjects()[0] == "Merge theirs into main"


def test_a_branch_with_nothing_of_its_own_moves_along_and_the_hook_is_told(repo: Repo) -> None:
    theirs = apart(repo)
    repo.git("reset", "-q", "--hard", "HEAD^")
    repo.hook("post-merge", "touch told")
    with repo.open() as history:
        assert start(history, theirs) == "forwarded"
    assert repo.git("rev-parse", "HEAD").strip() == theirs
    assert (repo.root / "told").exists()


def test_the_commit_queue_waits_while_a_merge_is_made(repo: Repo) -> None:
    theirs = apart(repo)
    committed = threading.Event()

    def on_event(event: Event) -> None:
        if event.kind == "committed":
            committed.set()

    with repo.open() as history:
        queue = CommitQueue(history, on_event)
        with merges.merging(history.session):
            assert start(history, theirs) == "open"
            queue.save([label("labels/one.yaml")], message())
            merges.conclude(history.session, MESSAGE)
            assert not committed.is_set()
        assert committed.wait(20)
        queue.close()
    assert repo.subjects()[:2] == ["Label a case", "Merge theirs into main"]
    assert repo.git("log", "-1", "--format=%P").count(" ") == 0


def test_what_is_saved_while_a_merge_is_open_is_committed_after_it(repo: Repo) -> None:
    theirs = apart(repo)
    with repo.open() as history:
        start(history, theirs)
        saved = history.save([label("labels/one.yaml")], message())
        with pytest.raises(CommitHeld, match="a merge is in progress"):
            history.commit(saved)
        assert merges.waiting(history.session) == {"labels/one.yaml"}
        merges.conclude(history.session, MESSAGE)
        assert history.commit_pending() == ()
    assert repo.subjects()[0] == "Label a case"


def test_no_decision_is_saved_over_a_file_in_conflict(repo: Repo) -> None:
    theirs = apart(repo, "labels/one.yaml")
    repo.commit_by_hand("labels/one.yaml", "ours\n")
    with repo.open() as history:
        start(history, theirs)
        merges.show_ours(history.session, merges.unmerged(history.session))
        with pytest.raises(RepositoryError, match="the merge waits for a decision on it"):
            history.save([label("labels/one.yaml", "third\n", old="ours\n")], message())
        assert repo.read("labels/one.yaml") == "ours\n"
        merges.settle(history.session, "labels/one.yaml", b"theirs\n")
        merges.conclude(history.session, MESSAGE)
        assert history.commit_pending() == ()
        history.commit(history.save([label("labels/one.yaml", old="theirs\n")], message()))
    assert repo.status() == ""


def test_aborting_keeps_what_was_saved_meanwhile(repo: Repo) -> None:
    theirs = apart(repo)
    before = repo.git("rev-parse", "HEAD")
    with repo.open() as history:
        start(history, theirs)
        history.save([label("labels/one.yaml")], message())
        merges.abort(history.session)
        assert history.commit_pending() == ()
    assert repo.git("rev-parse", "HEAD^") == before
    assert repo.read("labels/one.yaml") == "score: 1\n"
    assert repo.status() == ""


def test_a_hook_that_says_no_leaves_the_merge_open(repo: Repo) -> None:
    theirs = apart(repo)
    repo.hook("pre-commit", "echo not today; exit 1")
    with repo.open() as history:
        start(history, theirs)
        with pytest.raises(CommitHeld, match="not today"):
            merges.conclude(history.session, MESSAGE)
        assert merges.merge_head(history.session) == theirs
        repo.hook("pre-commit", "exit 0")
        merges.conclude(history.session, MESSAGE)
    assert repo.status() == ""


def test_staged_changes_of_the_user_are_named_and_untouched(repo: Repo) -> None:
    theirs = apart(repo)
    repo.write("README.md", "staged\n")
    repo.git("add", "README.md")
    with repo.open() as history, pytest.raises(RepositoryError, match="not committed"):
        start(history, theirs)
    assert repo.status() == "M  README.md\n"


def test_a_lock_of_somebody_elses_is_waited_for_and_told(repo: Repo) -> None:
    theirs = apart(repo)
    (repo.root / ".git" / "index.lock").touch()
    with repo.open() as history, pytest.raises(RepositoryError, match="holds the index"):
        start(history, theirs)


def test_histories_without_a_common_commit_are_refused(repo: Repo) -> None:
    repo.git("switch", "-q", "--orphan", "other")
    repo.commit_by_hand("b.txt", "b\n")
    other = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "-q", "main")
    with repo.open() as history, pytest.raises(RepositoryError, match="no commit in common"):
        start(history, other)


def test_files_that_look_alike_are_not_taken_for_renamed(repo: Repo) -> None:
    text = "".join(f"line {number}\n" for number in range(30))
    repo.commit_by_hand("labels/one.yaml", text + "case: one\n")
    repo.git("switch", "-qc", "theirs")
    repo.git("rm", "-q", "labels/one.yaml")
    repo.commit_by_hand("labels/two.yaml", text + "case: two\n")
    theirs = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "-q", "main")
    repo.commit_by_hand("labels/one.yaml", text + "case: one\nscore: 1\n")
    with repo.open() as history:
        start(history, theirs)
        assert [one.path for one in merges.unmerged(history.session)] == ["labels/one.yaml"]
    assert repo.read("labels/two.yaml") == text + "case: two\n"


def test_a_workspace_below_the_top_settles_its_own_and_names_what_lies_outside(repo: Repo) -> None:
    for path in ("code.py", "evals/labels/one.yaml", "evals/labels/two.yaml"):
        repo.commit_by_hand(path, "base\n")
    repo.git("switch", "-qc", "theirs")
    for path in ("code.py", "evals/labels/one.yaml", "evals/labels/two.yaml"):
        repo.commit_by_hand(path, "theirs\n")
    theirs = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "-q", "main")
    for path in ("code.py", "evals/labels/one.yaml"):
        repo.commit_by_hand(path, "ours\n")
    with repo.open(repo.root / "evals") as history:
        session = history.session
        start(history, theirs)
        outside, own = merges.unmerged(session)
        assert (outside.path, own.path) == ("../code.py", "labels/one.yaml")
        assert (own.base, own.ours, own.theirs) == (b"base\n", b"ours\n", b"theirs\n")
        merges.show_ours(session, [own])
        assert repo.read("evals/labels/one.yaml") == "ours\n"
        merges.settle(session, own.path, b"theirs\n")
        merges.reopen(session, merges.Unmerged("labels/two.yaml", b"base\n", None, b"theirs\n"))
        assert [one.path for one in merges.unmerged(session)] == ["../code.py", "labels/two.yaml"]
        assert repo.read("evals/labels/two.yaml") is None
        merges.settle(session, "labels/two.yaml", None)
        repo.write("code.py", "both\n")
        repo.git("add", "code.py")
        sides = Sides.of(session)
        assert sides is not None
        assert sorted(sides.their_changes) == ["labels/one.yaml", "labels/two.yaml"]
        exported = repo.root.parent / "exported"
        exported.mkdir()
        sides.export(merges.tree(session), exported, lambda path: True)
        assert (exported / "labels/one.yaml").read_text() == "theirs\n"
        assert not (exported / "code.py").exists()
        merges.conclude(session, MESSAGE)
    assert repo.status() == ""
    assert repo.at_head("evals/labels/one.yaml") == "theirs\n"


def test_a_side_knows_all_that_it_had_on_the_way(repo: Repo, tmp_path: Path) -> None:
    repo.git("switch", "-qc", "theirs")
    repo.commit_by_hand("b.txt", "b\n")
    theirs = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "-q", "main")
    for text in ("one\n", "two\n"):
        repo.commit_by_hand("a.txt", text)
    repo.git("rm", "-q", "a.txt")
    repo.git("commit", "-qm", "take it away")
    with repo.open() as history:
        start(history, theirs)
        sides = Sides.of(history.session)
        assert sides is not None
        blobs = {repo.git("rev-parse", f"HEAD~{back}:a.txt").strip() for back in (1, 2)}
        assert sides.we_had["a.txt"] == {*blobs, None}
        assert "a.txt" not in sides.our_changes
        assert sides.they_had.keys() == {"b.txt"}
