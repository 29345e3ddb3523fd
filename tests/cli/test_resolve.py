"""`labeltool resolve` as one types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.conflicts import open_conflicts
from labeltool.commands.resolve_conflict import look
from tests.commands.test_resolve import label, make
from tests.small_repo import Repo
from tests.two_clones import Clone, Pair, resolution_path


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(
        tmp_path / "repo",
        label("ann", "one", tone=0, facts=1),
        label("bob", "one", tone=2, facts=0),
    )
    yield repo
    repo.close()


def test_list_settle_and_list_again(repo: Repo) -> None:
    listed = repo.labeltool("resolve", "--list")
    assert listed.stdout == (
        "people disagree on 1 output of mails\n  one  tone 0 2, facts 0 1\n"
        "settle them one by one: labeltool resolve\n"
    )
    done = repo.labeltool(
        *("resolve", "one", "--set", "tone=1", "facts=1", "--because", "guideline_gap"),
        *("--note", "It was never said.", "--annotator", "cem"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "one of v1: tone 1, facts 1, guideline gap"
    assert lines[1].startswith("committed ")
    assert repo.labeltool("resolve", "--list").stdout == "no disagreement is open\n"
    assert repo.labeltool("check").returncode == 0


def test_the_list_as_json_names_who_said_what(repo: Repo) -> None:
    told = json.loads(repo.labeltool("resolve", "--list", "--json").stdout)
    assert (told["schema"], told["outputs"]) == ("labeltool/disagreements@1", 1)
    assert told["disagreements"][0] == {
        "case": "one",
        "system": "v1",
        "criterion": "tone",
        "scores": {"ann": 0, "bob": 2},
        "came_back": None,
    }


def test_taking_a_side_leaves_nothing_open_and_says_who_was_annotator(repo: Repo) -> None:
    done = repo.labeltool("resolve", "one", "--take", "bob", "--because", "annotator-error")
    assert "ann is one of its annotators: the commit says so" in done.stdout
    document = repo.labeltool(
        *("resolve", "one", "--set", "tone=1", "--because", "subjective", "--json")
    )
    told = json.loads(document.stdout)
    assert told["resolution"]["scores"] == {"tone": 1, "facts": 0}
    assert (told["open"], told["resolver_annotated"], told["why"]) == ([], True, None)
    assert told["commit"]


def test_saved_and_not_committed_is_exit_4(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    done = repo.labeltool("resolve", "one", "--set", "tone=1", "--because", "edge_case")
    assert done.returncode == 4
    assert "still open: facts" in done.stdout
    assert "saved, not committed" in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--set", "tone=1", "--because", "edge_case"], "need the case"),
        (["one", "--because", "edge_case"], "belongs to a resolution made here"),
        (["one", "--list"], "--list settles nothing"),
        (["one", "tone=1"], "unexpected 'tone=1'"),
        (["one", "--set", "tone=1"], "says why people differed"),
        (["one"], "the app needs a terminal"),
    ],
)
def test_what_is_asked_wrongly_is_exit_2_with_the_next_step(
    repo: Repo, args: list[str], words: str
) -> None:
    done = repo.labeltool("resolve", *args)
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[0]
    assert done.stderr.splitlines()[1].startswith("  ")


class TestMerging:
    """ann and bob resolved the same output; bob's merge waits, and no app is at hand."""

    @pytest.fixture
    def bob(self, tmp_path: Path) -> Iterator[Clone]:
        pair = Pair.make(tmp_path)
        for clone, tone in ((pair.ann, 1), (pair.bob, 2)):
            clone.git("switch", "-qc", "labels/shared")
            clone.resolve("one", tone)
        assert pair.ann.labeltool("sync").returncode == 0
        assert pair.bob.labeltool("sync").returncode == 4
        yield pair.bob
        pair.close()

    def test_the_list_names_it_and_a_third_resolution_settles_it(self, bob: Clone) -> None:
        listed = bob.labeltool("resolve", "--list").stdout
        assert "the merge waits for a decision on 1 file" in listed
        assert "one of v1  both resolved the same output: tone (bob 2, ann 1)" in listed
        assert "labeltool sync --abort" in listed
        [row] = json.loads(bob.labeltool("resolve", "--list", "--json").stdout)["conflicts"]
        assert (row["case"], row["scores"], row["hidden"]) == ("one", {"tone": [2, 1]}, False)

        bob.env["LABELTOOL_ANNOTATOR"] = "bob"
        off = bob.labeltool("resolve", "one", "--set", "tone=7", "--because", "edge_case")
        assert off.returncode == 2
        unsaid = bob.labeltool("resolve", "one", "--set", "tone=0")
        assert unsaid.returncode == 2
        assert "why people differed" in unsaid.stderr
        done = bob.labeltool("resolve", "one", "--set", "tone=0", "--because", "subjective")
        assert done.returncode == 0, done.stderr
        assert "one of v1: tone 0 (bob 2, ann 1), subjective" in done.stdout
        assert "labeltool sync --continue" in done.stdout
        assert bob.labeltool("sync", "--continue").returncode == 0
        kept = bob.git("show", f"HEAD:{resolution_path('one')}")
        assert "tone: 0" in kept
        assert "resolver: bob" in kept

    def test_what_an_open_round_asks_for_shows_no_scores(self, bob: Clone) -> None:
        bob.write(
            "datasets/mails/rounds/1.yaml",
            "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\n"
            "outputs: [{case: one}]\n",
        )
        listed = bob.labeltool("resolve", "--list").stdout
        assert "scores hidden: its round is open" in listed
        assert "bob 2" not in listed
        side = look(bob.context(), open_conflicts(bob.context())[0])
        assert (side.scores, side.conflict.theirs_noun) == ({}, None)
        refused = bob.labeltool("resolve", "one", "--set", "tone=0", "--because", "subjective")
        assert refused.returncode == 2
        assert "in an open round" in refused.stderr
        assert "labeltool sync --take theirs" in refused.stderr
        taken = bob.labeltool("sync", "--take", "theirs", resolution_path("one"))
        assert taken.returncode == 0, taken.stderr
