"""`labeltool inbox` as people type it and as programs read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.test_inbox import DRAFTS
from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo(tmp_path / "evals")
    for id, text in DRAFTS.items():
        repo.write(f"datasets/mails/inbox/{id}.yaml", text)
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    yield repo
    repo.close()


def test_the_list_says_why_each_waits_and_what_it_fails(repo: Repo) -> None:
    done = repo.labeltool("inbox", "list")
    assert done.returncode == 0, done.stderr
    assert "3 drafts wait in the inbox of mails" in done.stdout
    assert "the feedback is negative" in done.stdout
    assert "check it fails: not_contains=has been issued" in done.stdout
    document = json.loads(repo.labeltool("inbox", "list", "--json").stdout)
    assert document["schema"] == "labeltool/inbox@1"
    assert [one["id"] for one in document["drafts"]] == ["reset", "refund", "noise"]
    assert document["drafts"][1]["suggested"][0] == "not_contains=has been issued"


def test_a_draft_is_accepted_with_a_check_and_the_next_step_is_said(repo: Repo) -> None:
    done = repo.labeltool("inbox", "accept", "refund", "--check", "not_contains=has been issued")
    assert done.returncode == 0, done.stderr
    assert "what came back fails not_contains" in done.stdout
    assert "refund is a case of the regression tier, open" in done.stdout
    assert "labeltool promote --close refund" in done.stdout


def test_a_program_reads_what_became_of_it(repo: Repo) -> None:
    done = repo.labeltool("inbox", "accept", "refund", "--suggested", "--json")
    document = json.loads(done.stdout)
    assert (document["became"], document["case"], document["status"]) == (
        *("case", "refund"),
        "open",
    )
    assert document["fails"][0]["name"] == "not_contains"
    assert document["commit"]


def test_what_cannot_be_is_usage(repo: Repo) -> None:
    done = repo.labeltool("inbox", "accept", "refund", "--check", "not_contain=x")
    assert done.returncode == 2
    assert "is no check" in done.stderr
    assert repo.labeltool("inbox", "reject", "refund").returncode == 2
    assert repo.labeltool("inbox", "--dataset", "mails", "list").returncode == 2


def test_out_of_scope_and_later(repo: Repo) -> None:
    assert repo.labeltool("inbox", "reject", "noise", "--reason", "not ours").returncode == 0
    done = repo.labeltool("inbox", "later", "reset")
    assert "reset is put off" in done.stdout
    assert repo.commits() == 3


def test_without_a_terminal_the_app_says_so(repo: Repo) -> None:
    done = repo.labeltool("inbox")
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
