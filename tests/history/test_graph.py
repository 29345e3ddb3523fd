"""git's own index of history, written when it is wanted."""

from __future__ import annotations

from tests.history.support import Repo, label, message


def test_it_is_written_kept_fresh_and_changes_nothing(repo: Repo) -> None:
    with repo.open() as history:
        history.record([label("a.yaml")], message())
        assert not history.has_graph()
        before = list(history.log("a.yaml"))
        assert history.write_graph()
        assert history.has_graph()
        assert list(history.log("a.yaml")) == before
        history.record([label("a.yaml", "score: 2\n", old="score: 1\n")], message())
        assert history.write_graph()
        assert len(list(history.log("a.yaml"))) == 2
    repo.git("commit-graph", "verify")
    assert repo.status() == ""


def test_a_save_writes_none_unasked(repo: Repo) -> None:
    with repo.open() as history:
        history.record([label("a.yaml")], message())
    with repo.open() as history:
        assert not history.has_graph()
