from __future__ import annotations

import io

import pytest
from rich.console import Console

from labeltool.cli.tables import draw_run
from labeltool.model.result import Results
from labeltool.report.highlights import Highlights
from labeltool.safe_text import cells
from tests.report.samples import results
from tests.report.samples_baseline import broke


def drawn(width: int = 80, *, color: bool = False, found: Results | None = None) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=color,
        color_system="truecolor" if color else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    found = found or results()
    draw_run(console, found, Highlights.of(found, found.cases), dataset="d")
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 120, 60])
def test_everything_but_the_line_to_copy_fits_the_width(width: int) -> None:
    for line in drawn(width).splitlines():
        assert cells(line.rstrip()) <= width or "again:" in line


def test_the_verdict_comes_first_and_every_sign_has_its_word() -> None:
    lines = drawn().splitlines()
    assert lines[0].startswith("FAIL  golden 0.33 [0.06 0.79] is under 0.85")
    assert any("✗ fail" in line for line in lines)
    assert any("– no gate" in line for line in lines)


def test_failures_errors_and_bugs_that_pass_now_each_have_their_part() -> None:
    text = drawn()
    assert "failed (1)" in text
    assert "errors (1)" in text
    assert "open, and passing now: known" in text


def test_only_our_own_colours_reach_the_terminal() -> None:
    plain, coloured = drawn(), drawn(color=True)
    assert "\x1b" not in plain
    assert "\x1b]" not in coloured
    assert "\u202e" not in coloured
    assert "\x07" not in coloured


def test_no_line_is_a_command_to_a_ci_log() -> None:
    assert not any(line.lstrip().startswith("::") for line in drawn(40).splitlines())


@pytest.mark.parametrize("width", [80, 40])
def test_the_first_screen_of_a_red_run_says_what_broke_and_why(width: int) -> None:
    text = drawn(width, found=broke())
    lines = [line.strip() for line in text.splitlines()]
    assert lines.index("broken (1)") < lines.index("failing before, too (2)")
    assert "- The bank needs 3 to 5 days." in lines
    assert "+ The refund has been issued." in lines
    assert "again: labeltool run --system mini --case late" in lines
    if width == 80:
        assert "against origin/main (4f2a91c): 1 broken, 0 fixed of 3 cases (p 1)" in lines
        assert lines.index("broken (1)") < 24


def test_letters_that_take_two_cells_stay_within_the_width() -> None:
    found = broke()
    assert found.baseline is not None
    wide = {"late": {"scores": {}, "output": "\u6c49\u5b57" * 90 + "。" + "\u5b57" * 20}}
    text = drawn(80, found=broke(baseline={**found.baseline.model_dump(), "before": wide}))
    assert "\u6c49" in text
    assert all(cells(line) <= 80 for line in text.splitlines() if "again:" not in line)
