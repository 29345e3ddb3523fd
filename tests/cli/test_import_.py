"""`labeltool import` as typed: files, pipes, and what stderr says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.committed(tmp_path / "evals")


def test_a_csv_comes_in_with_its_columns_mapped(repo: Repo) -> None:
    rows = repo.write("../rows.csv", 'Ticket,Text\nA 1,"Hi,\nthere"\nA 2,Bye\n')
    args = ("--as", "cases", "--tier", "golden", "--map", "id=Ticket", "--map", "input=Text")
    done = repo.labeltool("import", str(rows), *args)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("imported 2 cases into mails (commit ")
    assert "input: |-\n  Hi,\n  there\n" in repo.read("datasets/mails/cases/golden/a-1.yaml")


def test_every_bad_row_goes_to_stderr_with_its_line(repo: Repo) -> None:
    rows = repo.write("rows.csv", 'id,input\na,"x\ny"\nb,\nc\n')
    done = repo.labeltool("import", str(rows.name), "--as", "cases", "--tier", "golden")
    assert (done.returncode, done.stdout) == (3, "")
    assert "rows.csv:4: input: is missing" in done.stderr
    assert "rows.csv:5: has 1 cell, the header has 2" in done.stderr
    assert repo.commits() == 1


def test_a_pipe_and_json(repo: Repo) -> None:
    row = json.dumps({"case": "one", "output": "Soon."})
    done = repo.labeltool(
        *("import", "-", "--as", "outputs", "--system", "v2", "--format", "jsonl", "--json"),
        stdin=row,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["schema"] == "labeltool/import@1"
    assert (told["read"], told["written"], told["skipped"]) == (1, 1, 0)
    assert told["commit"] == repo.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nofile.csv", "--as", "cases"), "there is no file nofile.csv"),
        (("x.parquet", "--as", "cases"), "cannot tell the format"),
        (("-", "--as", "cases", "--tier", "goldn", "--format", "csv"), "did you mean golden?"),
        (("-", "--as", "labels", "--tier", "golden", "--format", "csv"), "--tier says nothing"),
        (("-", "--as", "case", "--format", "csv"), "is not one of"),
        (("-", "--as", "cases", "--format", "csv", "--map", "x"), "is not field=column"),
    ],
)
def test_a_bad_command_line_is_exit_2(repo: Repo, args: tuple[str, ...], words: str) -> None:
    done = repo.labeltool("import", *args, stdin="input\nx\n")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dataset_that_is_in_no_commit_yet_is_told_of(repo: Repo) -> None:
    """The rows are committed; a clone would have them, and nothing that reads them."""
    rubric = "name: talk\nversion: 1\ncriteria: [{id: tone, text: A, max: 1}]\n"
    repo.write("rubrics/talk.yaml", rubric)
    repo.write("datasets/talks/dataset.yaml", "rubric: talk\nsystem: v7\n")
    hint = repo.labeltool("check").stderr
    assert "there is no system v7" in hint
    assert "record it: labeltool import FILE --as outputs --system v7" in hint
    args = ("import", "-", "--as", "cases", "--tier", "golden", "--dataset", "talks")
    row = json.dumps({"id": "a", "input": "Hi"})
    done = repo.labeltool(*args, "--format", "jsonl", stdin=row)
    assert done.returncode == 0
    assert "git add rubrics/talk.yaml datasets/talks/dataset.yaml && git commit" in done.stderr
    repo.git("add", ".")
    repo.git("commit", "-qm", "dataset")
    done = repo.labeltool(*args, "--format", "jsonl", stdin=row.replace("a", "b", 1))
    assert "in no commit" not in done.stderr
