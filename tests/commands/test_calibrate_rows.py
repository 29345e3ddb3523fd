"""What the judge said where people say otherwise is at hand after the calibration."""

from __future__ import annotations

from pathlib import Path

from labeltool.commands.calibrate_rows import kept
from tests.commands.calibrated import calibrated, project


async def test_the_differences_are_kept_for_that_very_calibration(tmp_path: Path) -> None:
    made = project(tmp_path, cases=10)
    done = await calibrated(made.context())
    found = done.found[0].calibration
    rows = kept(made.context(), "d", found)
    assert rows is not None
    assert [(one.case, one.human, one.judge) for one in rows] == [
        (one.scored.case.id, one.human, one.judge) for one in done.found[0].worst
    ]
    assert rows[0].flips
    assert rows[0].note is not None
    assert "covers" in (rows[0].rationale or "")
    changed = found.model_copy(update={"fingerprint": "another"})
    assert kept(made.context(), "d", changed) is None
    assert made.git("status", "--porcelain") == "", "git sees nothing of it"


async def test_without_them_or_with_nonsense_there_is_nothing(tmp_path: Path) -> None:
    made = project(tmp_path, cases=10)
    done = await calibrated(made.context())
    found = done.found[0].calibration
    file = made.root / ".labeltool/calibrations/d/default.json"
    for nonsense in ("", "{}", "[1]", '{"schema": 1}'):
        file.write_text(nonsense)
        assert kept(made.context(), "d", found) is None
    file.unlink()
    assert kept(made.context(), "d", found) is None


async def test_where_nothing_can_be_kept_the_calibration_stands(tmp_path: Path) -> None:
    made = project(tmp_path, cases=10)
    made.code(".labeltool/calibrations", "a file in the way")
    done = await calibrated(made.context())
    assert done.commit is not None
    assert kept(made.context(), "d", done.found[0].calibration) is None
