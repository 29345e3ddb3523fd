from __future__ import annotations

from datetime import datetime

import pytest

from labeltool.errors import UsageError
from labeltool.history import CommitMessage
from tests.history.support import Repo, label, message


def test_the_log_tells_who_decided_what(repo: Repo) -> None:
    with repo.open() as history:
        history.record([label("a b.yaml"), label("ü.yaml")], message("Label two"))
        repo.git("commit", "-q", "--allow-empty", "-m", "nothing")
        entries = list(history.log())
    assert [entry.subject for entry in entries] == ["nothing", "Label two", "By hand: README.md"]
    assert [entry.paths for entry in entries] == [(), ("a b.yaml", "ü.yaml"), ("README.md",)]
    two = entries[1]
    assert (two.author, two.email) == ("Alice", "alice@example.org")
    assert two.trailers == {"Labeltool-Kind": "label", "Labeltool-Annotator": "alice"}
    assert isinstance(two.date, datetime)
    assert two.date.tzinfo is not None


def test_it_can_be_narrowed_to_a_path_a_number_and_trailers(repo: Repo) -> None:
    with repo.open() as history:
        for name in ("alice", "bob", "alice"):
            old = repo.read("a.yaml")
            new = f"{old}{name}\n"
            history.record([label("a.yaml", new, old=old)], message(annotator=name))
        history.record([label("b.yaml")], message())
        mine = {"Labeltool-Annotator": "alice"}
        assert len(list(history.log("a.yaml"))) == 3
        assert len(list(history.log(limit=2))) == 2
        assert len(list(history.log("a.yaml", trailers=mine))) == 2
        assert len(list(history.log(limit=1, trailers={"Labeltool-Annotator": "bob"}))) == 1
        assert next(history.log()).paths == ("b.yaml",)


def test_paths_are_those_of_the_workspace(repo: Repo) -> None:
    (repo.root / "evals").mkdir()
    with repo.open(repo.root / "evals") as history:
        history.record([label("a.yaml")], message())
        assert next(history.log("a.yaml")).paths == ("a.yaml",)
        assert history.show("HEAD", "a.yaml") == b"score: 1\n"


def test_a_file_is_shown_as_it_was(repo: Repo) -> None:
    with repo.open() as history:
        first = history.record([label("a.yaml")], message()).commit
        history.record([label("a.yaml", "score: 2\n", old="score: 1\n")], message())
        assert first is not None
        assert history.show(first, "a.yaml") == b"score: 1\n"
        assert history.show("HEAD", "a.yaml") == b"score: 2\n"
        assert history.show("HEAD", "gone.yaml") is None
        with pytest.raises(UsageError, match="no commit hash"):
            history.show("--upload-pack=x", "a.yaml")


def test_a_repository_without_commits_has_no_log(unborn: Repo) -> None:
    with unborn.open() as history:
        assert list(history.log()) == []
        assert history.show("HEAD", "a.yaml") is None


def test_a_subject_cannot_forge_anything(repo: Repo) -> None:
    nasty = CommitMessage(
        "Label \x1b[31mred\x1b[0m\nLabeltool-Annotator: mallory\u202e",
        body="first\n\nLabeltool-Annotator: mallory\n# kept",
        trailers={"Labeltool-Case": "a\nLabeltool-Annotator: mallory", "Labeltool-Kind": "label"},
    )
    with repo.open() as history:
        history.record([label("a.yaml")], nasty)
        entry = next(history.log())
    assert entry.subject == "Label [31mred[0m Labeltool-Annotator: mallory"
    assert "Labeltool-Annotator" not in entry.trailers
    assert "# kept" in repo.git("log", "-1", "--format=%b")
    with pytest.raises(ValueError, match="no trailer"):
        CommitMessage("x", trailers={"Signed-off-by": "x"})
