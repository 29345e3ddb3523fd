"""`promote --missing`: bugs that were closed and left no case."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.promote_missing import Missing, missing
from labeltool.errors import DataError
from tests.small_repo import Repo

URL = "https://github.com/acme/bot/issues/"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    repo.write(
        "datasets/mails/cases/regression/bug.yaml",
        "id: bug\ntier: regression\ninput: x\n"
        f"source: {{kind: bug_report, ref: '#12', link: '{URL}12'}}\n",
    )
    repo.write(
        "datasets/mails/inbox/wait.yaml",
        "id: wait\ninput: y\nsource: {kind: bug_report, ref: '#13'}\n",
    )
    yield repo
    repo.close()


def asked(repo: Repo, value: Any) -> Missing:
    return missing(repo.context(), io.BytesIO(json.dumps(value).encode()), "closed.json")


def test_a_bug_without_case_or_draft_is_missing(repo: Repo) -> None:
    found = asked(
        repo,
        [
            {"number": 12, "title": "a", "url": f"{URL}12"},
            {"number": 13, "title": "b", "html_url": f"{URL}13"},
            {"number": 14, "title": "c", "url": f"{URL}14"},
            {"number": 15, "title": "d", "stateReason": "NOT_PLANNED"},
            {"number": 16, "title": "e", "pull_request": {}},
        ],
    )
    assert [one.number for one in found.missing] == [14]
    assert [(one.number, one.what) for one in found.waiting] == [(13, "wait")]
    assert (len(found.issues), found.left_out) == (3, 2)


@pytest.mark.parametrize("bad", [{}, [1], [{"title": "x"}]])
def test_what_is_no_list_of_issues_is_refused(repo: Repo, bad: Any) -> None:
    with pytest.raises(DataError):
        asked(repo, bad)


def test_the_command_line_names_them(repo: Repo) -> None:
    repo.write("closed.json", json.dumps([{"number": 14, "title": "c\x1b[2J"}]))
    ran = repo.labeltool("promote", "--missing", "closed.json")
    assert ran.returncode == 0
    assert ran.stdout == "#14 c␛[2J: closed without a case\n0 of 1 closed bugs have a case\n"
    ran = repo.labeltool("promote", "--missing", "-", "--json", stdin=repo.read("closed.json"))
    assert [one["number"] for one in json.loads(ran.stdout)["missing"]] == [14]
