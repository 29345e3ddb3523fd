"""Where the rubric stands, by the files alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.round import close_round, open_round
from labeltool.commands.rubric_status import rubric_status
from tests.rounds import make, write_labels
from tests.small_repo import Repo
from tests.tui.sample import copy_of_sample

PAIR = ("ann", "bob")


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def test_without_outputs_something_has_to_be_recorded_first(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", outputs=0)
    found = rubric_status(repo.context())
    assert (found.stage.name, found.round, found.criteria["tone"].alpha) == ("draft", None, None)
    assert found.next == "record the outputs that people will label: labeltool run --record NAME"
    repo.close()


def test_labels_that_differ_without_a_round_do_not_end_the_draft(repo: Repo) -> None:
    for who, tone in (("ann", 0), ("bob", 2)):
        repo.write(
            f"datasets/mails/labels/{who}/v1/case-00.yaml",
            f"case: case-00\nsystem: v1\nannotator: {who}\nrubric: mail@1\n"
            f"scores: {{tone: {tone}}}\n",
        )
    found = rubric_status(repo.context())
    assert (found.stage.name, found.open_disagreements) == ("draft", 1)
    assert found.stage.words == "draft: no round yet, 1 disagreement"


def test_a_round_too_small_asks_for_another_snapshot(repo: Repo) -> None:
    open_round(repo.context(), outputs=4, annotators=PAIR)
    for who in PAIR:
        write_labels(repo, who, 1, lambda n: n % 3, "mail@1")
    close_round(repo.context())
    found = rubric_status(repo.context())
    assert found.criteria["tone"].why == "only 4 fresh outputs with two scores: it takes 10"
    assert "had too few fresh outputs: record another snapshot" in found.next


def test_the_sample_stands_in_its_second_round(tmp_path: Path) -> None:
    repo = copy_of_sample(tmp_path / "sample")
    found = rubric_status(repo.context())
    assert (found.stage.words, found.rubric.version) == ("round 2 is open", 2)
    assert found.round is not None
    assert len(found.round.outputs) == 20
    assert found.done == {"alice": 4, "bob": 4}
    assert {id: one.holds for id, one in found.criteria.items()} == {
        "action_items": True,
        "tone": False,
        "no_invention": True,
    }
    assert found.criteria["tone"].why.startswith("amended in version 2, after round 1")
    assert found.next == ("label what is left of round 2 (alice 16, bob 16): labeltool label")
    repo.close()
