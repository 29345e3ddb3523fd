"""`labeltool round` and `labeltool rubric status` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rounds import make, write_labels
from tests.small_repo import Repo
from tests.two_clones import Pair

OPEN = ("round", "open", "--outputs", "12", "--annotators", "ann,bob")


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def test_opening_says_what_who_and_how_long(repo: Repo) -> None:
    done = repo.labeltool(*OPEN)
    assert done.returncode == 0, done.stderr
    first, time, *rest = done.stdout.splitlines()
    assert first.startswith("round 1 is open: 12 outputs of v1 (12 fresh) under mail@1, for ann, b")
    assert time == "24 labels in all, about 4 min each (a guess: nobody has timed labels yet)"
    assert rest[-1] == "next: labeltool label"
    again = repo.labeltool(*OPEN, "--json")
    assert (again.returncode, again.stdout) == (2, "")
    assert "labeltool round close --number 1" in again.stderr


def test_a_round_as_json_from_opening_to_closing(repo: Repo) -> None:
    opened = json.loads(repo.labeltool(*OPEN, "--json").stdout)
    assert (opened["schema"], opened["number"], opened["state"]) == ("labeltool/round@1", 1, "open")
    assert opened["estimate"] == {"labels": 24, "minutes": 4, "guessed": True}
    assert [one["fresh"] for one in opened["outputs"]] == [True] * 12
    early = repo.labeltool("round", "close")
    assert early.returncode == 2
    assert "ann all 12, bob all 12 of 12 left" in early.stderr
    for who in ("ann", "bob"):
        write_labels(repo, who, 1, lambda n: n % 3, "mail@1")
    shown = json.loads(repo.labeltool("round", "show", "--json").stdout)
    assert shown["done"] == {"ann": 12, "bob": 12}
    closed = json.loads(repo.labeltool("round", "close", "--json").stdout)
    assert closed["state"] == "closed"
    assert closed["closed"]["agreement"]["tone"]["holds"] is True
    assert (closed["lacks"], closed["disagreements"]) == ({}, [])
    assert repo.git("log", "-1", "--format=%b").startswith("tone: alpha 1.00")


def test_rubric_status_as_json(repo: Repo) -> None:
    before = json.loads(repo.labeltool("rubric", "status", "--json").stdout)
    assert before["round"] is None
    assert before["criteria"]["tone"] == {
        "alpha": None,
        "agreement": None,
        "holds": False,
        "why": "no round is closed yet",
    }
    repo.labeltool(*OPEN)
    found = json.loads(repo.labeltool("rubric", "status", "--json").stdout)
    wanted = ("rubric", "version", "stage", "open_disagreements", "stale_labels")
    assert found["schema"] == "labeltool/rubric@1"
    assert [found[name] for name in wanted] == ["mail", 1, "round", 0, 0]
    assert len(found["round"]["outputs"]) == 12
    assert (found["round"]["number"], found["round"]["done"]) == (1, {"ann": 0, "bob": 0})
    assert found["next"].endswith("labeltool label")


def test_closing_draws_what_holds_and_names_the_next_step(repo: Repo) -> None:
    repo.labeltool(*OPEN)
    write_labels(repo, "ann", 1, lambda n: n % 3, "mail@1")
    write_labels(repo, "bob", 1, lambda n: (n + (n < 3)) % 3, "mail@1")
    done = repo.labeltool("round", "close")
    assert done.returncode == 0, done.stderr
    assert "tone" in done.stdout
    assert "✗ does not hold" in done.stdout
    assert "3 outputs to resolve:" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "next: 3 disagreements wait to be resolved: labeltool resolve"
    )
    status = repo.labeltool("rubric", "status").stdout
    assert status.startswith("mail@1   round 1 closed, 3 disagreements\n")


class TestWithARemote:
    """Rounds and labels reach the other person only through the default branch."""

    @pytest.fixture
    def pair(self, tmp_path: Path) -> Iterator[Pair]:
        pair = Pair.make(tmp_path)
        for clone in (pair.ann, pair.bob):
            clone.env["LABELTOOL_ANNOTATOR"] = clone.who
        yield pair
        pair.close()

    def test_labels_that_lie_on_a_fetched_branch_are_told_of(self, pair: Pair) -> None:
        ann, bob = pair.ann, pair.bob
        opened = ann.labeltool("round", "open", "--system", "v1", "--annotators", "ann,bob")
        reach = "labeltool pr proposes it; once it is merged into main, a labeltool sync there"
        assert f"{reach} brings it to bob" in opened.stdout
        ann.git("push", "-q", "origin", "HEAD:main")
        assert bob.labeltool("sync").returncode == 0
        for case in ("one", "two"):
            ann.label(case, 1)
            bob.label(case, 2)
        waiting = ann.labeltool("round", "close").stderr
        assert "left; 2 labels" not in waiting
        assert "labeltool sync     " not in waiting
        assert "labeltool sync    labels that were given elsewhere may wait there" in waiting
        bob.git("push", "-q", "origin", "labels/bob")
        ann.git("fetch", "-q")
        told = ann.labeltool("round", "close")
        assert told.returncode == 2
        assert "2 labels of bob's lie on origin/labels/bob, not merged yet" in told.stderr
        assert "merge origin/labels/bob (labeltool pr, by bob), then: labeltool sync" in told.stderr
        assert "tone" not in told.stderr
        status = ann.labeltool("rubric", "status").stdout
        assert "merge origin/labels/bob, then labeltool sync" in status
        bob.git("push", "-q", "origin", "HEAD:main")
        assert ann.labeltool("sync").returncode == 0
        closed = ann.labeltool("round", "close")
        assert closed.returncode == 0, closed.stderr
        assert reach in closed.stdout

    def test_closing_all_the_same_says_whose_labels_are_not_in_it(self, pair: Pair) -> None:
        ann, bob = pair.ann, pair.bob
        ann.labeltool("round", "open", "--system", "v1", "--annotators", "ann,bob")
        bob.label("one", 2)
        bob.git("push", "-q", "origin", "labels/bob")
        ann.git("fetch", "-q")
        closed = ann.labeltool("round", "close", "--anyway")
        assert "! 1 label of bob's lies on origin/labels/bob" in closed.stdout
