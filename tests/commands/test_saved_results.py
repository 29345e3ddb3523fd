from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeltool.commands.saved_results import open_results, read_results
from labeltool.errors import DataError
from labeltool.runner.results import document
from tests.report.samples import results


def as_run_writes_it(path: Path) -> Path:
    found = results()
    path.write_bytes(b"".join(document(found, (c.model_dump_json().encode() for c in found.cases))))
    return path


def test_a_file_of_ours_is_read_case_by_case_as_often_as_one_likes(tmp_path: Path) -> None:
    saved = open_results(as_run_writes_it(tmp_path / "r.json"))
    assert saved.head.cases == ()
    assert tuple(saved.cases()) == tuple(saved.cases()) == results().cases
    assert next(saved.cases()).id == "good"
    assert read_results(tmp_path / "r.json") == results()


@pytest.mark.parametrize("indent", [None, 0, 1, 2])
def test_any_other_layout_is_read_too(tmp_path: Path, indent: int | None) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(json.loads(results().model_dump_json(by_alias=True)), indent=indent))
    assert read_results(file) == results()


def test_no_case_at_all(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_bytes(b"".join(document(results(), ())))
    assert read_results(file).cases == ()


def test_a_file_that_was_cut_off_is_bad_data_wherever_it_ends(tmp_path: Path) -> None:
    data = as_run_writes_it(tmp_path / "r.json").read_bytes()
    for end in (data.index(b'"cases"') + 12, len(data) - 3, len(data) - 5, len(data) // 2):
        file = tmp_path / "cut.json"
        file.write_bytes(data[:end])
        with pytest.raises(DataError, match="labeltool/results@1"):
            read_results(file)


def test_a_bad_case_is_named_with_its_line(tmp_path: Path) -> None:
    file = as_run_writes_it(tmp_path / "r.json")
    lines = file.read_text().split("\n")
    at = next(n for n, line in enumerate(lines) if '"bad"' in line)
    lines[at] = lines[at].replace('"golden"', '"gilded"')
    file.write_text("\n".join(lines))
    with pytest.raises(DataError) as caught:
        read_results(file)
    assert f"r.json:{at + 1}: tier" in str(caught.value.where)
