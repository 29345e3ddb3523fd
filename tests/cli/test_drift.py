"""`labeltool drift` as it is typed, in git and out of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.shop import Row, production, shop
from tests.hostile import TERMINAL
from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = shop(tmp_path / "evals")
    repo.env |= {"COLUMNS": "80", "LABELTOOL_ANNOTATOR": "ann"}
    write(repo, production(visa=60))
    yield repo
    repo.close()


def write(repo: Repo, rows: list[Row], name: str = "log.jsonl") -> None:
    repo.write(name, "".join(json.dumps(row) + "\n" for row in rows))


def test_one_screen_says_what_changed_and_what_to_do(repo: Repo) -> None:
    done = repo.labeltool("drift", "log.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "\u2717 ALERT  Production has parted from the eval set."
    assert "is far from every case" in lines[1]
    assert "Asked, and no case is near" in done.stdout
    assert "visa-" in done.stdout
    assert "next: labeltool drift --triage visa-" in done.stdout
    assert max(map(len, lines)) <= 80


def test_the_exit_code_speaks_only_where_it_is_asked_to(repo: Repo) -> None:
    assert repo.labeltool("drift", "log.jsonl", "--fail-on-alert").returncode == 1
    write(repo, production())
    assert repo.labeltool("drift", "log.jsonl", "--fail-on-alert").returncode == 0
    assert (
        repo.labeltool("drift", "log.jsonl", "--threshold", "0", "--fail-on-alert").returncode == 1
    )


def test_json_is_one_document_with_every_field_of_the_contract(repo: Repo) -> None:
    done = repo.labeltool("drift", "log.jsonl", "--json", "--out", "drift.json")
    found = json.loads(done.stdout)
    assert found["schema"] == "labeltool/drift@1"
    assert found["state"] == "alert"
    assert (found["production"]["n"], found["eval"]["n"]) == (300, 62)
    assert found.keys() >= {"reasons", "centroid_distance", "threshold", "feedback", "anomalies"}
    assert found["null"].keys() >= {"p_value", "q95"}
    assert found["uncovered"].keys() >= {"share", "interval", "expected"}
    cluster = found["clusters"][0]
    assert cluster.keys() >= {"id", "size", "share", "words", "examples", "members", "scope"}
    assert len(cluster["members"]) == cluster["size"]
    assert json.loads(repo.read("drift.json")) == {
        key: value for key, value in found.items() if key != "recorded"
    }


def test_it_works_outside_git_and_from_a_pipe(repo: Repo, tmp_path: Path) -> None:
    shutil.rmtree(repo.root / ".git")
    done = repo.labeltool("drift", "-", "--json", stdin=repo.read("log.jsonl"))
    assert (done.returncode, json.loads(done.stdout)["log"]) == (0, "stdin")


def test_monday_five_drafts_are_in_the_inbox_and_the_rest_is_out_of_scope(repo: Repo) -> None:
    cluster = json.loads(repo.labeltool("drift", "log.jsonl", "--json").stdout)["clusters"][0]["id"]
    before = repo.commits()
    done = repo.labeltool("drift", "--triage", cluster, "--scope", "in", "--draft", "5")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{cluster} is in scope" in done.stdout
    assert "5 drafts in the inbox" in done.stdout
    assert repo.commits() == before + 2
    drafts = repo.context().workspace.dataset().drafts().require()
    assert len(drafts) == 5
    assert {draft.source.kind for draft in drafts if draft.source} == {"drift"}
    assert all(draft.output is None and "visa" in draft.input_text for draft in drafts)
    again = repo.labeltool("drift", "--triage", cluster, "--draft", "5", "--json")
    assert json.loads(again.stdout)["there_already"] == 5
    found = json.loads(repo.labeltool("drift", "log.jsonl", "--json").stdout)
    assert (found["state"], found["clusters"][0]["scope"]) == ("alert", "in")
    done = repo.labeltool("drift", "--triage", cluster, "--scope", "out", "--reason", "No travel.")
    assert repo.subject() == f"{cluster} is out of scope"
    found = json.loads(repo.labeltool("drift", "log.jsonl", "--json").stdout)
    assert (found["state"], found["clusters"][0]["reason"]) == ("ok", "No travel.")
    assert repo.labeltool("check").returncode == 0


def test_history_holds_numbers_and_no_text_of_production(repo: Repo) -> None:
    rows = [{**row, "time": "2026-11-20T10:00:00Z"} for row in production(visa=60)]
    write(repo, rows)
    done = repo.labeltool("drift", "log.jsonl", "--record", "--json")
    path = "datasets/mails/drift/2026-11-20.yaml"
    assert json.loads(done.stdout)["recorded"] == path
    assert repo.subject() == "record drift of 2026-11-20: alert"
    kept = repo.read(path)
    assert all(str(row["input"]) not in kept for row in rows)
    commits = repo.commits()
    repo.labeltool("drift", "log.jsonl", "--record")
    assert repo.commits() == commits, "the same numbers are no news"
    assert repo.labeltool("check").returncode == 0
    write(repo, [{**row, "time": "2026-11-21T10:00:00Z"} for row in production()])
    done = repo.labeltool("drift", "log.jsonl", "--html", "page.html", "--markdown", "page.md")
    assert "runs since 2026-11-20, and this one" in done.stdout
    assert "<polyline" in repo.read("page.html")


def test_reports_show_hostile_texts_and_obey_none(repo: Repo) -> None:
    rows = production(visa=60)
    for row in rows:
        if str(row["id"]).startswith("visa"):
            row["input"] = f"{row['input']} <script>alert(1)</script> \x1b[31m @team ::error::x"
            row["id"] = f"{row['id']}{TERMINAL[0]}"
    write(repo, rows)
    done = repo.labeltool("drift", "log.jsonl", "--html", "page.html", "--markdown", "page.md")
    page, text = repo.read("page.html"), repo.read("page.md")
    assert "<script" not in page
    assert "<script" not in text
    assert "default-src" in page
    assert "\x1b" not in done.stdout + page + text
    assert " @team" not in text


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ((), 2, "say which LOG"),
        (("log.jsonl", "--triage", "x"), 2, "say which LOG"),
        (("log.jsonl", "--scope", "in"), 2, "--scope goes with --triage"),
        (("none.jsonl",), 2, "there is no file none.jsonl"),
        (("log.jsonl", "--window", "soon"), 2, "is no stretch of time"),
        (("log.jsonl", "--cluster", "tcp://x"), 2, "--cluster needs --engine dask"),
        (("--triage", "x", "--scope", "in"), 2, "nothing was compared"),
        (("--triage", "x"), 2, "needs a decision"),
        (("--triage", "x", "--scope", "out", "--draft", "2"), 2, "gives no drafts"),
    ],
)
def test_what_cannot_be_done_says_what_can(
    repo: Repo, said: tuple[str, ...], code: int, words: str
) -> None:
    done = repo.labeltool("drift", *said)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_out_of_scope_wants_a_reason_and_a_cluster_that_there_is(repo: Repo) -> None:
    cluster = json.loads(repo.labeltool("drift", "log.jsonl", "--json").stdout)["clusters"][0]["id"]
    done = repo.labeltool("drift", "--triage", cluster, "--scope", "out")
    assert (done.returncode, "needs a reason" in done.stderr) == (2, True)
    done = repo.labeltool("drift", "--triage", cluster[:-1], "--scope", "in")
    assert (done.returncode, f"did you mean {cluster}?" in done.stderr) == (2, True)
