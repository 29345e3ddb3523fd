"""What an import brings along: keys stop it, personal data is said, both can be redacted."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.import_ import Imported, Source, Wanted, import_rows
from labeltool.errors import DataError
from tests.small_repo import Repo

KEY = "ghp" + "_" + "abcdefghijklmnopqrstuvwxyz0123456789"
TEXT = "datasets/mails/cases/golden/c.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def bring(repo: Repo, *rows: dict[str, Any], **how: Any) -> Imported:
    data = "".join(json.dumps({"tier": "golden", **row}) + "\n" for row in rows).encode()
    source = Source(io.BytesIO(data), "rows.jsonl", "jsonl")
    return import_rows(repo.context(), source, Wanted("cases", **how))


def test_a_key_stops_the_import_and_names_line_and_field(repo: Repo) -> None:
    with pytest.raises(DataError) as caught:
        bring(repo, {"id": "a", "input": "x"}, {"id": "c", "input": "x", "notes": f"use {KEY}"})
    (problem,) = caught.value.problems
    assert str(problem) == "rows.jsonl:2: notes: holds 1 key or token"
    assert KEY not in str(caught.value.hint)
    assert repo.commits() == 1


def test_a_row_with_a_key_can_be_skipped(repo: Repo) -> None:
    done = bring(repo, {"id": "a", "input": "x"}, {"id": "c", "input": KEY}, skip_invalid=True)
    assert (len(done.written), done.skipped) == (1, 1)


def test_an_address_is_written_and_said(repo: Repo) -> None:
    done = bring(repo, {"id": "c", "input": "I am bob@shop.example"})
    assert (dict(done.kept), dict(done.redacted)) == ({"EMAIL": 1}, {})
    assert "bob@shop.example" in repo.read(TEXT)


def test_block_said_refuses_personal_data_too(repo: Repo) -> None:
    with pytest.raises(DataError, match="1 e-mail address"):
        bring(repo, {"id": "c", "input": "I am bob@shop.example"}, secrets="block")


def test_redact_puts_placeholders_everywhere_and_lists_them(repo: Repo) -> None:
    row = {
        "id": "c",
        "input": [{"role": "user", "content": f"bob@shop.example {KEY}"}],
        "expected": "Dear bob@shop.example",
        "vars": {"who": "bob@shop.example"},
        "context": [{"id": "1", "text": "bob@shop.example"}],
    }
    done = bring(repo, row, secrets="redact")
    assert dict(done.redacted) == {"KEY": 1, "EMAIL": 4}
    text = repo.read(TEXT)
    assert "bob@" not in text
    assert KEY not in text
    assert "placeholder: " in text
    again = bring(repo, row, secrets="redact")
    assert (again.unchanged, again.commit) == (1, None)


def test_keep_keeps_even_a_key_and_says_so(repo: Repo) -> None:
    done = bring(repo, {"id": "c", "input": KEY}, secrets="keep")
    assert dict(done.kept) == {"KEY": 1}


def test_the_command_line_says_what_it_kept_and_redacted(repo: Repo) -> None:
    repo.write("rows.jsonl", '{"id": "c", "input": "bob@shop.example", "tier": "golden"}\n')
    ran = repo.labeltool("import", "rows.jsonl", "--as", "cases")
    assert ran.returncode == 0
    assert "kept as it stands: 1 e-mail address" in ran.stderr
    repo.write("rows.jsonl", '{"id": "d", "input": "bob@shop.example", "tier": "golden"}\n')
    ran = repo.labeltool("import", "rows.jsonl", "--as", "cases", "--secrets", "redact", "--json")
    assert json.loads(ran.stdout)["redacted"] == {"EMAIL": 1}
