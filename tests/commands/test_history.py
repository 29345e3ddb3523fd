"""`history`: who decided what, as a story; the files have the last word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.history import Decided, history
from labeltool.commands.undo import undo
from labeltool.commands.verify import verify
from labeltool.errors import UnknownName
from labeltool.history import CommitMessage
from labeltool.model.label import Label
from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def say(repo: Repo, annotator: str, tone: int, case: str = "one") -> None:
    """A label as the label verb records it."""
    label = Label(
        case=case,
        system="v1",
        annotator=annotator,
        rubric="mail@2",
        scores={"tone": tone},
        labeled_at="2026-11-23T19:00:00Z",
    )
    context = repo.context()
    path = f"datasets/mails/labels/{annotator}/v1/{case}.yaml"
    trailers = {"Kind": "label", "Dataset": "mails", "Case": case, "Annotator": annotator}
    message = CommitMessage(
        f"label {case}: {annotator}, tone {tone}",
        trailers={f"Labeltool-{key}": value for key, value in trailers.items()},
    )
    context.record([context.workspace.change(path, label)], message)


def lines(decided: list[Decided]) -> list[str]:
    return [f"{one.who} {one.kind} {one.sentence}" for one in decided]


def test_a_case_tells_its_story_newest_first(repo: Repo) -> None:
    verify(repo.context(), ["one"])
    say(repo, "bob", 2)
    assert lines(history(repo.context(), "one")) == [
        "bob label v1: tone 2",
        "ann verify has read input and expected",
    ]


def test_what_came_in_without_a_commit_of_its_own_is_told_by_the_files(repo: Repo) -> None:
    say(repo, "bob", 2)
    repo.git("reset", "-q", "--soft", "HEAD~1")
    repo.git("commit", "-qm", "squashed")
    (found,) = history(repo.context(), "one")
    assert (found.who, found.sentence, found.commit) == ("bob", "v1: tone 2", None)


def test_all_decisions_with_hand_made_commits_among_them(repo: Repo) -> None:
    say(repo, "ann", 1)
    repo.write("datasets/mails/cases/golden/two.yaml", "id: two\ntier: golden\ninput: Hi?\n")
    repo.git("commit", "-qam", "reword two")
    repo.write("code.py", "")
    repo.git("add", ".")
    repo.git("commit", "-qm", "code that is no decision")
    found = history(repo.context())
    assert lines(found) == ["Ann by hand reword two", "ann label v1: tone 1", "Ann by hand start"]
    assert lines(history(repo.context(), limit=1)) == ["Ann by hand reword two"]


def test_others_labels_stay_hidden_while_their_round_is_open(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: one}]\n",
    )
    say(repo, "bob", 2)
    say(repo, "ann", 1)
    say(repo, "bob", 0, case="two")
    for found in (history(repo.context(), "one"), history(repo.context())):
        told = "\n".join(lines(found))
        assert "ann label v1: tone 1" in told
        assert "bob label labelled (scores hidden: its round is open)" in told
        assert "tone 2" not in told
    assert "bob label v1: tone 0" in lines(history(repo.context()))


def test_what_was_settled_stays_hidden_while_the_output_is_labelled_anew(repo: Repo) -> None:
    path = "datasets/mails/resolutions/v1/one.yaml"
    repo.write(path, "case: one\nsystem: v1\nrubric: mail@2\nscores: {tone: 1}\nresolver: bob\n")
    assert lines(history(repo.context(), "one")) == ["bob resolve v1: settled at tone 1"]
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: one}]\n",
    )
    (told,) = lines(history(repo.context(), "one"))
    assert told == "bob resolve settled (scores hidden: a round of it is open)"


def test_a_decision_taken_back_stays_in_the_story(repo: Repo) -> None:
    say(repo, "ann", 1)
    undo(repo.context())
    kinds = [one.kind for one in history(repo.context(), "one")]
    assert kinds == ["undo", "label"]


def test_a_case_nobody_knows(repo: Repo) -> None:
    with pytest.raises(UnknownName, match="no case is named 'on'"):
        history(repo.context(), "on")
    assert history(repo.context(), "two") == []


def test_an_import_says_who_brought_the_case_in_and_when(repo: Repo) -> None:
    row = '{"id": "Late 7", "input": "Where is it?"}'
    args = ("import", "-", "--as", "cases", "--tier", "golden", "--format", "jsonl")
    assert repo.labeltool(*args, stdin=row).returncode == 0
    [came] = history(repo.context(), "late-7")
    assert (came.kind, came.who) == ("import", "ann")
    assert came.at is not None
    assert came.commit == repo.git("rev-parse", "HEAD").strip()
    assert "there called Late 7" in came.sentence
