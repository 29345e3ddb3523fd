from __future__ import annotations

import threading
from collections.abc import Callable

from labeltool.history import CommitQueue, Event
from tests.history.support import Repo, label, message


class Heard:
    """Collects events and waits for one, without sleeping."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, test: Callable[[Event], bool]) -> Event:
        with self._news:
            assert self._news.wait_for(lambda: any(test(event) for event in self.events), 20)
            return next(event for event in self.events if test(event))


def test_saves_return_at_once_and_commits_follow_in_order(repo: Repo) -> None:
    gate = repo.root / ".git" / "gate"
    repo.hook("pre-commit", "while [ ! -e .git/gate ]; do sleep 0.02; done")
    heard = Heard()
    with repo.open() as history:
        queue = CommitQueue(history, heard)
        for number in range(4):
            queue.save([label(f"{number}.yaml")], message(f"Label {number}"))
        assert queue.pending == 4
        assert {event.kind for event in heard.events} == {"saved"}
        gate.touch()
        assert queue.close(20) == 0
    assert repo.subjects()[:4] == ["Label 3", "Label 2", "Label 1", "Label 0"]
    done = [event.commit for event in heard.events if event.kind == "committed"]
    assert done[::-1] == repo.git("log", "-4", "--format=%H").split()


def test_what_is_held_is_said_once_and_tried_again(repo: Repo) -> None:
    repo.git("switch", "-q", "--detach")
    heard = Heard()
    with repo.open() as history:
        queue = CommitQueue(history, heard)
        queue.save([label("a.yaml")], message("Label a"))
        why = heard.wait(lambda event: event.kind == "held")
        assert why.reason == "detached_head"
        assert why.hint
        queue.save([label("b.yaml")], message("Label b"))
        queue.flush(20)
        repo.git("switch", "-q", "main")
        queue.retry()
        assert queue.flush(20)
        assert queue.close() == 0
    held = [event for event in heard.events if event.kind == "held"]
    assert len(held) == 1
    assert repo.subjects()[:2] == ["Label b", "Label a"]


def test_one_bad_decision_does_not_hold_the_others(repo: Repo) -> None:
    repo.commit_by_hand(".gitignore", "ignored/\n")
    heard = Heard()
    with repo.open() as history:
        queue = CommitQueue(history, heard)
        queue.save([label("ignored/a.yaml")], message("Label a"))
        queue.save([label("b.yaml")], message("Label b"))
        heard.wait(lambda event: event.kind == "committed")
        assert queue.close() == 1
    assert repo.subjects()[0] == "Label b"
    assert [event.reason for event in heard.events if event.kind == "held"] == ["ignored"]


def test_what_closing_leaves_is_committed_by_the_next_start(repo: Repo) -> None:
    repo.git("switch", "-q", "--detach")
    with repo.open() as history:
        queue = CommitQueue(history, Heard())
        queue.save([label("a.yaml")], message("Label a"))
        assert queue.close() == 1
    with repo.open() as history:
        assert [held.reason for held in history.recover().held] == ["detached_head"]
        queue = CommitQueue(history, Heard())
        repo.git("switch", "-q", "main")
        assert queue.close() == 0
    assert repo.subjects()[0] == "Label a"
    assert repo.journals() == []


def test_undo_and_redo_go_through_the_queue(repo: Repo) -> None:
    with repo.open() as history:
        queue = CommitQueue(history, Heard())
        queue.save([label("a.yaml")], message("Label a"))
        queue.undo("alice")
        assert repo.read("a.yaml") is None
        queue.redo("alice")
        assert repo.read("a.yaml") == "score: 1\n"
        assert queue.close() == 0
    assert repo.at_head("a.yaml") == "score: 1\n"
    assert repo.status() == ""


def test_a_save_that_changes_nothing_waits_for_no_commit(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")
    heard = Heard()
    with repo.open() as history:
        queue = CommitQueue(history, heard)
        queue.save([label("a.yaml")], message())
        assert queue.pending == 0
        queue.close()
    assert [event.kind for event in heard.events] == ["saved"]
