"""`labeltool label` without a terminal: say a label, and see what waits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.committed(tmp_path / "evals")


def test_one_sitting(repo: Repo) -> None:
    waits = repo.labeltool("label", "--list")
    assert waits.stdout.splitlines() == [
        "ann: 2 of 2 outputs have no label of yours",
        "  one  golden",
        "  two  golden",
        "score them one by one: labeltool label",
    ]
    done = repo.labeltool("label", "one", "--set", "tone=na", "facts=1", "--note", "fine")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "one: tone na, facts 1"
    half = repo.labeltool("label", "two", "--set", "facts=0")
    assert "still to score: tone" in half.stdout
    told = json.loads(repo.labeltool("label", "--list", "--json").stdout)
    assert [output["case"] for output in told["outputs"]] == ["two"]
    assert "notes: fine" in repo.git("show", "HEAD~1")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("one", "tone=2"), "unexpected 'tone=2'"),
        (("one", "--set", "tone=2", "two"), "unexpected 'two'"),
        (("one", "--set", "tone=3"), "tone=3 is off its scale"),
        (("one", "--set", "short=1"), "short is decided by its check"),
        (("one", "--set", "tone"), "--set 'tone' is no criterion=score"),
        (("one", "--note", "x"), "--note belongs to a label said here"),
        (("--set", "tone=2"), "--set needs the case it speaks of"),
        ((), "the app needs a terminal"),
    ],
)
def test_a_bad_word_is_usage_and_changes_nothing(
    repo: Repo, words: tuple[str, ...], says: str
) -> None:
    done = repo.labeltool("label", *words)
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert repo.git("status", "--porcelain") == ""


def test_without_a_terminal_next_prints_what_settles_something(repo: Repo) -> None:
    done = repo.labeltool("label", "next")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ann: 30 more labels decide tone and facts; only 2 outputs")
    assert "score them one by one: labeltool label next" in done.stdout
    told = json.loads(repo.labeltool("label", "next", "--list", "--json").stdout)
    assert told["next"].startswith("30 more labels decide tone and facts")


def test_a_filter_lists_just_these_and_a_bad_one_is_explained(repo: Repo) -> None:
    shown = repo.labeltool("label", "--list", "--filter", "tier:golden parcel")
    assert shown.stdout.splitlines() == [
        "ann: 1 output of 2 with tier:golden parcel",
        "  one  golden  todo",
    ]
    for words in (("--list",), ()):
        bad = repo.labeltool("label", *words, "--filter", "tier:gold")
        assert bad.returncode == 2
        assert bad.stderr.startswith("gold is no tier\n  did you mean tier:golden?")


def test_saved_and_not_committed_is_four_with_the_document_and_the_reason(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho no labels on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)
    done = repo.labeltool("label", "one", "--set", "tone=1", "facts=1", "--json")
    assert done.returncode == 4
    told = json.loads(done.stdout)
    assert told["commit"] is None
    assert "no labels on Fridays" in told["why"]
    assert (repo.root / told["path"]).exists()


def test_what_is_asked_again_names_the_criteria(repo: Repo) -> None:
    repo.write(
        "datasets/mails/labels/ann/v1/one.yaml",
        "case: one\nsystem: v1\nannotator: ann\nrubric: mail@1\nscores: {tone: 2, facts: 1}\n",
    )
    assert "  one  golden  again: tone" in repo.labeltool("label", "--list").stdout.splitlines()
    shown = repo.labeltool("label", "--list", "--filter", "state:stale").stdout
    assert "  one  golden  stale: tone" in shown.splitlines()
    told = json.loads(repo.labeltool("label", "--list", "--json").stdout)
    assert {one["case"]: one["again"] for one in told["outputs"]} == {"one": ["tone"], "two": []}
