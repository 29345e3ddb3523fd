from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeltool.commands.report import report
from labeltool.errors import DataError, UsageError
from tests.report.samples import results


def test_a_results_file_reads_back_whole(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(results().model_dump_json(by_alias=True))
    found = report(file, "text")
    assert found.body is None
    assert found.results == results(cases=[])
    assert found.highlights.failed_total == 1


def test_fields_of_a_newer_labeltool_do_no_harm(tmp_path: Path) -> None:
    document = json.loads(results().model_dump_json(by_alias=True))
    document["weather"] = "fine"
    document["cases"][0]["mood"] = "calm"
    file = tmp_path / "r.json"
    file.write_text(json.dumps(document))
    assert b"".join(report(file, "markdown").body or ()).startswith(b"###")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "labeltool/compare@1"}', "\x00"])
def test_another_file_is_bad_data(tmp_path: Path, text: str) -> None:
    file = tmp_path / "r.json"
    file.write_text(text)
    with pytest.raises(DataError, match="labeltool/results@1"):
        report(file, "text")


def test_a_missing_file_says_who_writes_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        report(tmp_path / "gone.json", "text")
    assert "labeltool run" in str(caught.value.hint)


def test_annotations_name_files_from_the_root_of_the_checkout(tmp_path: Path) -> None:
    workspace = tmp_path / "checkout" / "evals"
    case = workspace / "datasets/d/cases/golden/bad.yaml"
    case.parent.mkdir(parents=True)
    case.write_text("id: bad")
    file = workspace / "r.json"
    file.write_text(results().model_dump_json(by_alias=True))
    env = {"GITHUB_WORKSPACE": str(tmp_path / "checkout")}
    body = b"".join(report(file, "annotations", root=workspace, env=env).body or ()).decode()
    assert "::error file=evals/datasets/d/cases/golden/bad.yaml,title=bad" in body
    assert "ugly.yaml" not in body  # there is no such file to draw it on
