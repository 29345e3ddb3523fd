"""What is kept here goes out whole, and what is blind stays."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.export import KINDS, Wanted, export
from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.model.hashing import text_hash
from tests.small_repo import FILES, Repo

LABEL = """\
case: {case}
system: v1
annotator: {who}
rubric: mail@2
scores: {{tone: {tone}, facts: 1}}
notes: "=cmd|'/c calc'!A1"
labeled_at: 2026-11-23T10:00:00Z
"""


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    files = {
        **FILES,
        "datasets/mails/cases/regression/three.yaml": """\
id: three
tier: regression
input: [{role: user, content: Hi}, {role: assistant, content: "Yes?"}]
expected: [Hello., Hi there.]
vars: {lang: en}
tags: [chat]
checks: [{kind: not_contains, value: sorry}, {kind: max_words, value: 9}]
""",
        "datasets/mails/labels/ann/v1/one.yaml": LABEL.format(case="one", who="ann", tone=2),
        "datasets/mails/labels/bob/v1/one.yaml": LABEL.format(case="one", who="bob", tone="na"),
        "datasets/mails/labels/ann/v1/two.yaml": LABEL.format(case="two", who="ann", tone=0),
    }
    repo = Repo(tmp_path / "repo", files)
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    yield repo
    repo.close()


def text(repo: Repo, kind: str, **said: Any) -> str:
    return b"".join(export(repo.context(), Wanted(kind, **said)).body).decode()


def lines(repo: Repo, kind: str, **said: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text(repo, kind, **said).splitlines()]


@pytest.mark.parametrize("shape", ["jsonl", "csv"])
def test_cases_outputs_and_labels_come_back_as_they_went(
    repo: Repo, tmp_path: Path, shape: str
) -> None:
    (tmp_path / "b").mkdir()
    files = {path: file for path, file in FILES.items() if "/cases/" not in path}
    other = Repo(tmp_path / "b" / "repo", {p: f for p, f in files.items() if "/outputs/" not in p})
    other.git("init", "-q")
    other.git("add", ".")
    other.git("commit", "-qm", "start")
    # A cell of CSV holds one right answer, not a list of them.
    tier = "golden" if shape == "csv" else None
    for kind in ("cases", "outputs", "labels"):
        out = tmp_path / f"{kind}.{shape}"
        only = ("--tier", tier) if tier else ()
        went = repo.labeltool("export", "--as", kind, "--format", shape, *only, "--out", str(out))
        assert went.returncode == 0, went.stderr
        came = other.labeltool("import", str(out), "--as", kind)
        assert came.returncode == 0, came.stderr
        # An import says which texts were labelled, where the label did not.
        back, there = (
            [{k: v for k, v in row.items() if not k.endswith("_hash")} for row in found]
            for found in (lines(other, kind), lines(repo, kind, tier=tier))
        )
        for row in back:
            row.update({"notes": row["notes"].removeprefix("'")} if "notes" in row else {})
        assert back == there
    other.close()


def test_several_right_answers_are_no_cell(repo: Repo) -> None:
    done = export(repo.context(), Wanted("cases", shape="csv"))
    assert done.left_out == ("lists of right answers (1) as lists: a cell holds one text",)


def test_a_cell_that_a_spreadsheet_would_run_is_text(repo: Repo) -> None:
    table = list(csv.DictReader(io.StringIO(text(repo, "labels", shape="csv"))))
    assert {row["notes"][0] for row in table} == {"'"}
    assert table[0]["scores.tone"] == "2"


def test_human_scores_are_what_people_agree_on(repo: Repo) -> None:
    found = lines(repo, "scores")
    facts = next(row for row in found if (row["id"], row["criterion"]) == ("one", "facts"))
    assert (facts["value"], facts["met"], facts["single"]) == (1, True, False)
    # Ann says 2, Bob says it does not apply: nobody has settled it.
    assert not [row for row in found if (row["id"], row["criterion"]) == ("one", "tone")]
    alone = next(row for row in found if (row["id"], row["criterion"]) == ("two", "tone"))
    assert (alone["value"], alone["met"], alone["single"]) == (0, False, True)


def test_what_is_blind_stays_until_the_round_closes(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "{number: 1, rubric: mail@2, system: v1, annotators: [ann, bob], seed: 1,\n"
        f" outputs: [{{case: one, output_hash: {text_hash('On its way.')}, fresh: true}}]}}\n",
    )
    done = export(repo.context(), Wanted("labels"))
    assert [json.loads(line)["case"] for line in done.body] == ["two"]
    assert done.left_out == ("2 labels of an open round: they are blind until it closes",)
    assert {row["id"] for row in lines(repo, "scores")} == {"two"}
    tasks = json.loads(text(repo, "label-studio"))
    assert [len(task["annotations"]) for task in tasks] == [0, 1]
    said = repo.labeltool("export", "--as", "labels")
    assert "left out: 2 labels of an open round" in said.stderr
    assert "ann" not in [json.loads(line)["annotator"] for line in said.stdout.splitlines()][1:]


def test_promptfoo_gets_checks_as_assertions_and_is_told_what_it_lacks(repo: Repo) -> None:
    done = export(repo.context(), Wanted("promptfoo", tier="regression"))
    (test,) = json.loads(b"".join(done.body))["tests"]
    assert test["vars"] == {"lang": "en", "input": "user: Hi\n\nassistant: Yes?"}
    assert test["assert"][0] == {"type": "not-contains", "value": "sorry"}
    assert [one["metric"] for one in test["assert"][1:]] == ["tone", "facts"]
    assert done.left_out == ("1 max_words checks: promptfoo has no such assertion",)


def test_the_other_tools_get_their_own_words(repo: Repo) -> None:
    sample = next(row for row in lines(repo, "inspect") if row["id"] == "three")
    assert sample["input"][0] == {"role": "user", "content": "Hi"}
    assert sample["target"] == ["Hello.", "Hi there."]
    line = next(row for row in lines(repo, "openai-evals") if row["id"] == "one")
    assert line["input"] == [{"role": "user", "content": "Where is my parcel?"}]
    assert line["ideal"] == ["It is on its way."]
    golden = json.loads(text(repo, "deepeval"))[0]
    assert golden["expected_output"] == "It is on its way."
    whole = json.loads(text(repo, "pydantic-evals"))
    assert {case["name"] for case in whole["cases"]} == {"one", "two", "three"}
    task = json.loads(text(repo, "label-studio"))[0]
    assert task["data"]["output"] == "On its way."
    assert task["annotations"][1]["result"][0]["value"] == {"choices": ["na"]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_one_whole_document(repo: Repo, kind: str) -> None:
    found = text(repo, kind)
    flat = kind in ("cases", "outputs", "labels", "scores", "inspect", "openai-evals")
    parts = found.splitlines() if flat else [found]
    assert all(json.loads(part) for part in parts)


def test_nothing_to_export_a_wrong_shape_and_a_wrong_name(repo: Repo) -> None:
    with pytest.raises(DataError, match="nothing to export"):
        export(repo.context(), Wanted("cases", tier="adversarial"))
    with pytest.raises(UsageError, match="not written as csv"):
        export(repo.context(), Wanted("promptfoo", shape="csv"))
    with pytest.raises(UnknownName):
        export(repo.context(), Wanted("outputs", system="v9"))


def test_a_broken_file_is_named_and_nothing_goes_out(repo: Repo) -> None:
    repo.write("datasets/mails/labels/ann/v1/two.yaml", "case: two\ncase: two\n")
    done = repo.labeltool("export", "--as", "labels")
    assert done.returncode == 3
    assert "datasets/mails/labels/ann/v1/two.yaml" in done.stderr
    assert done.stdout == ""
