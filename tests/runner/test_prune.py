from __future__ import annotations

import fcntl
import json
from pathlib import Path

from labeltool.runner.prune import prune
from tests.commands.test_run import finish
from tests.projects import Project


def ran(root: Path, id: str, *, finished: bool = True) -> Path:
    folder = root / ".labeltool/runs" / id
    folder.mkdir(parents=True)
    (folder / "log.jsonl").write_text("{}\n")
    if finished:
        (folder / "head.json").write_text("{}")
    return folder


def left(root: Path) -> list[str]:
    return sorted(one.name for one in (root / ".labeltool/runs").iterdir())


def test_what_is_older_than_the_newest_finished_runs_goes(tmp_path: Path) -> None:
    for id in ("a", "b", "d", "e"):
        ran(tmp_path, id)
    ran(tmp_path, "c", finished=False)
    ran(tmp_path, "f", finished=False)
    assert prune(tmp_path, kept=2) == ("c", "b", "a")
    assert left(tmp_path) == ["d", "e", "f"], "what may still be resumed stays"


def test_a_run_that_goes_on_and_one_that_was_blessed_stay(tmp_path: Path) -> None:
    for id in ("a", "b", "c", "d"):
        ran(tmp_path, id)
    blessed = tmp_path / "datasets/d/baselines/lead.json"
    blessed.parent.mkdir(parents=True)
    blessed.write_text(json.dumps({"schema": "labeltool/baseline@1", "run_id": "a"}))
    with (tmp_path / ".labeltool/runs/b/log.jsonl").open("rb") as going_on:
        fcntl.flock(going_on, fcntl.LOCK_EX)
        assert prune(tmp_path, kept=1) == ("c",)
    assert left(tmp_path) == ["a", "b", "d"]


def test_nothing_that_no_run_wrote_is_touched(tmp_path: Path) -> None:
    ran(tmp_path, "b")
    notes = ran(tmp_path, "a") / "notes.md"
    notes.write_text("mine")
    strange = tmp_path / ".labeltool/runs/0000/precious.txt"
    strange.parent.mkdir()
    strange.write_text("mine")
    assert prune(tmp_path, kept=1) == ()
    assert notes.exists()
    assert strange.exists()


def test_where_there_is_no_run_nothing_happens(tmp_path: Path) -> None:
    assert prune(tmp_path) == ()


async def test_a_run_that_ends_keeps_itself(tmp_path: Path) -> None:
    project = Project.make(tmp_path)
    project.case("a")
    for n in range(51):
        ran(tmp_path, f"2026{n:03d}")
    await finish(project, run_id="20991231")
    assert len(left(tmp_path)) == 50
    assert left(tmp_path)[-1] == "20991231"
