from __future__ import annotations

import pytest

from labeltool.errors import Conflict, UsageError
from labeltool.history import History
from tests.history.support import Repo, label, message


def decide(history: History, path: str, text: str, old: str | None = None) -> None:
    history.record([label(path, text, old=old)], message(f"Label {path} {text.strip()}"))


def undo(history: History) -> None:
    history.commit(history.undo("alice"))


def redo(history: History) -> None:
    history.commit(history.redo("alice"))


def test_undo_is_a_new_commit_that_names_what_it_takes_back(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        first = repo.git("rev-parse", "HEAD").strip()
        undo(history)
        entry = next(history.log(limit=1))
    assert repo.at_head("a.yaml") is None
    assert entry.subject == "Undo: Label a.yaml 1"
    assert entry.trailers["Labeltool-Undoes"] == first
    assert entry.trailers["Labeltool-Kind"] == "undo"
    assert repo.status() == ""


def test_undo_walks_back_and_redo_walks_forward_over_restarts(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        decide(history, "a.yaml", "2\n", "1\n")
        decide(history, "b.yaml", "1\n")
    seen = []
    for step in (undo, undo, undo, redo, redo, redo):
        with repo.open() as history:
            step(history)
        seen.append((repo.at_head("a.yaml"), repo.at_head("b.yaml")))
    assert seen == [
        ("2\n", None),
        ("1\n", None),
        (None, None),
        ("1\n", None),
        ("2\n", None),
        ("2\n", "1\n"),
    ]
    with repo.open() as history, pytest.raises(UsageError, match="nothing"):
        history.redo("alice")


def test_a_new_decision_ends_redo(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        undo(history)
        decide(history, "b.yaml", "1\n")
        with pytest.raises(UsageError):
            history.redo("alice")
        undo(history)
        assert repo.at_head("b.yaml") is None


def test_only_ones_own_decisions_are_taken_back(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        history.record([label("b.yaml")], message("Label b", annotator="bob"))
        undo(history)
        assert repo.at_head("a.yaml") is None
        assert repo.at_head("b.yaml") == "score: 1\n"
        with pytest.raises(UsageError, match="no decision of alice's"):
            history.undo("alice")


def test_a_file_that_changed_since_is_left_alone(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        repo.commit_by_hand("a.yaml", "mine\n")
        with pytest.raises(Conflict, match=r"a\.yaml.*changed since"):
            history.undo("alice")
    assert repo.read("a.yaml") == "mine\n"


def test_undo_works_after_a_merge(repo: Repo) -> None:
    repo.git("switch", "-q", "-c", "labels/alice")
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
    repo.git("switch", "-q", "main")
    repo.commit_by_hand("other", "x\n")
    repo.git("merge", "-q", "--no-edit", "labels/alice")
    with repo.open() as history:
        undo(history)
    assert repo.at_head("a.yaml") is None
    assert repo.at_head("other") == "x\n"


def test_a_decision_that_waits_for_its_commit_can_be_taken_back_and_brought_again(
    repo: Repo,
) -> None:
    repo.git("switch", "-q", "--detach")
    with repo.open() as history:
        history.save([label("a.yaml")], message())
        history.undo("alice")
        assert repo.read("a.yaml") is None
        history.redo("alice")
        assert repo.read("a.yaml") == "score: 1\n"
        history.undo("alice")
        repo.git("switch", "-q", "main")
        assert history.commit_pending() == ()
    assert repo.status() == ""
    assert repo.subjects() == ["By hand: README.md"]


def test_a_batch_is_taken_back_as_one(repo: Repo) -> None:
    with repo.open() as history:
        history.record([label(f"c/{number}.yaml") for number in range(5)], message("Import 5"))
        undo(history)
    assert not (repo.root / "c").exists()
    assert repo.subjects()[0] == "Undo: Import 5"


def test_undo_can_be_narrowed_to_one_dataset(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        with pytest.raises(UsageError):
            history.undo("alice", {"Labeltool-Dataset": "other"})


def undo_one(history: History, commit: str, annotator: str = "alice") -> None:
    history.commit(history.undo(annotator, commit=commit))


def test_one_decision_further_back_is_taken_back_by_its_commit(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        first = repo.git("rev-parse", "HEAD").strip()
        decide(history, "b.yaml", "1\n")
        undo_one(history, first)
        assert (repo.at_head("a.yaml"), repo.at_head("b.yaml")) == (None, "1\n")
        redo(history)
        assert repo.at_head("a.yaml") == "1\n"
        undo_one(history, first)  # it stands again, so it can be taken back again
        assert repo.at_head("a.yaml") is None


def test_only_the_last_standing_decision_on_a_file_can_be_picked(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        first = repo.git("rev-parse", "HEAD").strip()
        decide(history, "a.yaml", "2\n", "1\n")
        second = repo.git("rev-parse", "HEAD").strip()
        decide(history, "a.yaml", "1\n", "2\n")
        with pytest.raises(UsageError, match=r"later decision .*: Label a.yaml 1"):
            undo_one(history, first)
        undo(history)
        undo_one(history, second)
        undo_one(history, first)
        assert repo.at_head("a.yaml") is None


def test_why_a_picked_decision_cannot_be_taken_back(repo: Repo) -> None:
    with repo.open() as history:
        by_hand = repo.git("rev-parse", "HEAD").strip()
        decide(history, "a.yaml", "1\n")
        mine = repo.git("rev-parse", "HEAD").strip()
        with pytest.raises(UsageError, match="alice's decision, and only alice"):
            undo_one(history, mine, annotator="bob")
        undo(history)
        taker = repo.git("rev-parse", "HEAD").strip()
        with pytest.raises(UsageError, match="taken back already"):
            undo_one(history, mine)
        with pytest.raises(UsageError, match="took a decision back"):
            undo_one(history, taker)
        with pytest.raises(UsageError, match="made by hand"):
            undo_one(history, by_hand)
        with pytest.raises(UsageError, match="is not on this branch"):
            undo_one(history, "0" * 40)


def test_a_picked_file_that_changed_since_is_left_alone(repo: Repo) -> None:
    with repo.open() as history:
        decide(history, "a.yaml", "1\n")
        mine = repo.git("rev-parse", "HEAD").strip()
        (repo.root / "a.yaml").write_text("by hand\n")
        with pytest.raises(Conflict):
            undo_one(history, mine)
        assert history.before(mine, "a.yaml") is None
        assert history.show(mine, "a.yaml") == b"1\n"
