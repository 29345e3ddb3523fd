"""`labeltool promote` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from labeltool.cli.promote import KINDS as OFFERED
from labeltool.config import LogKind
from labeltool.sources import KINDS
from tests.small_repo import Repo

ROW = '{"id": "r1", "input": "Where is my refund, bob@shop.example?", "feedback": -1}\n'


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def test_every_kind_is_offered_and_may_stand_in_the_settings() -> None:
    assert OFFERED == KINDS == get_args(LogKind)


def test_stdin_becomes_drafts_and_one_json_document(repo: Repo) -> None:
    ran = repo.labeltool("promote", "-", "--json", stdin=ROW)
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    assert document["schema"] == "labeltool/promote@1"
    assert {"read": 1, "bad_rows": 0, "nominated": 1, "duplicates": 0}.items() <= document.items()
    (draft,) = document["drafts"]
    assert draft["path"] == f"datasets/mails/inbox/{draft['id']}.yaml"
    assert (repo.root / draft["path"]).is_file()
    assert draft["tier"] == "regression"
    assert draft["redactions"][0]["kind"] == "EMAIL"
    assert document["commit"] == repo.git("rev-parse", "HEAD").strip()
    assert repo.git("status", "--porcelain") == ""


def test_redactions_are_shown_before_anything_is_written(repo: Repo) -> None:
    ran = repo.labeltool("promote", "-", "--dry-run", stdin=ROW)
    assert "redacted: 1 e-mail address ([EMAIL_" in ran.stderr
    assert "names of people are not looked for: that needs" in ran.stderr
    assert ran.stdout.endswith("1 draft would be written (--dry-run)\n")
    assert repo.commits() == 1


def test_by_hand(repo: Repo) -> None:
    ran = repo.labeltool(
        *("promote", "--input", "Where is it?", "--output", "Dunno", "--to-tier", "golden"),
        *("--system", "bot"),
    )
    assert ran.returncode == 0, ran.stderr
    assert "1 draft in the inbox of mails" in ran.stdout
    (path,) = (repo.root / "datasets/mails/inbox").iterdir()
    assert "tier: golden" in path.read_text()


def test_a_source_of_the_settings_is_called_by_its_name(repo: Repo) -> None:
    repo.write("logs/chat.csv", "Q,Thumb\nWhere is my refund?,down\n")
    source = {"kind": "csv", "path": "logs/chat.csv", "map": {"input": "Q", "feedback": "Thumb"}}
    promote = {"sources": {"chat": source}}
    repo.write("labeltool.yaml", json.dumps({"dataset": "mails", "promote": promote}))
    ran = repo.labeltool("promote", "chat", "--dry-run")
    assert "read 1 from chat (csv), 1 nominated" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say one of SOURCE"),
        (["x", "--close", "y"], "say one of SOURCE"),
        (["gone.jsonl"], "there is no file gone.jsonl"),
        (["-", "--output", "x"], "--output goes with --input"),
        (["--input", " "], "--input is empty"),
        (["-", "--map", "input"], "is not field=column"),
        (["--close", "one"], "one is active, not open"),
    ],
)
def test_what_makes_no_sense_is_refused(repo: Repo, arguments: list[str], said: str) -> None:
    ran = repo.labeltool("promote", *arguments, stdin=ROW)
    assert ran.returncode == 2
    assert said in ran.stderr


def test_a_log_of_which_nothing_can_be_read_is_bad_data(repo: Repo) -> None:
    ran = repo.labeltool("promote", "-", "--from", "jsonl", stdin="nope\n")
    assert ran.returncode == 3
    assert "stdin:1: is not JSON" in ran.stderr


def test_an_empty_log_is_no_error(repo: Repo) -> None:
    ran = repo.labeltool("promote", "-", stdin="")
    assert (ran.returncode, repo.commits()) == (0, 1)
