from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from labeltool.errors import StorageError
from labeltool.runner.log import RunLog


def log(folder: Path, run_id: str = "r1") -> RunLog:
    return RunLog(folder, run_id, {"settings_hash": "x"}, clock=lambda: 0.0)


def test_records_come_back_in_the_order_of_the_plan(tmp_path: Path) -> None:
    run = log(tmp_path)
    for n in (2, 0, 3):
        run.append(n, json.dumps({"id": f"é{n}"}).encode())
    assert [json.loads(data)["id"] for data in run.results()] == ["é0", "é2", "é3"]
    assert json.loads(run.result(3)) == {"id": "é3"}
    run.close()


def test_every_line_on_the_disk_is_json_behind_a_header(tmp_path: Path) -> None:
    run = log(tmp_path)
    run.append(0, b'{"id":"a"}')
    lines = [json.loads(line) for line in run.path.read_text().splitlines()]
    assert lines == [{"header": {"settings_hash": "x"}}, {"n": 0, "case": {"id": "a"}}]
    run.close()


def test_two_runs_never_share_a_folder(tmp_path: Path) -> None:
    log(tmp_path, "r1").close()
    log(tmp_path, "r2").close()
    with pytest.raises(StorageError):
        log(tmp_path, "r1")


def test_a_full_disk_is_said_and_earlier_records_stay_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = log(tmp_path)
    run.append(0, b'{"id":"a"}')

    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageError, match="No space left"):
        run.append(1, b'{"id":"b"}')
    monkeypatch.undo()
    assert list(run.results()) == [b'{"id":"a"}']
    run.close()


def test_the_disk_is_asked_about_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    run = RunLog(tmp_path, "r", {}, clock=lambda: now)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    for n in range(30):
        now = n / 10
        run.append(n, b"{}")
    assert len(synced) == 2
    run.close()


def test_a_log_that_was_cut_short_is_named_and_never_half_read(tmp_path: Path) -> None:
    run = log(tmp_path)
    run.append(0, b'{"id":"a"}')
    os.truncate(run.path, run.path.stat().st_size - 4)
    with pytest.raises(StorageError, match="cut short") as caught:
        list(run.results())
    assert caught.value.where is not None
    assert caught.value.where.path.endswith("log.jsonl")
    run.close()
    with pytest.raises(StorageError, match="read back"):
        run.result(0)
