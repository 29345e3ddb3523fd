"""One table of keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.tui import keys
from labeltool.tui.screens.history import HistoryScreen
from labeltool.tui.screens.home import HomeScreen
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.rubric import RubricScreen
from labeltool.tui.screens.run import RunScreen
from labeltool.tui.screens.run_case import RunCaseScreen
from labeltool.tui.screens.runs import RunsScreen


@pytest.mark.parametrize("screen", keys.SCREENS)
def test_one_key_means_one_thing(screen: str) -> None:
    names = [name for one in keys.of(screen) for name in one.keys.split(",")]
    assert len(names) == len(set(names))


def test_every_key_of_a_screen_has_an_action_there() -> None:
    screens = {
        keys.LABEL: LabelScreen,
        keys.HOME: HomeScreen,
        keys.RUBRIC: RubricScreen,
        keys.HISTORY: HistoryScreen,
        keys.RUNS: RunsScreen,
        keys.RUN: RunScreen,
        keys.CASE: RunCaseScreen,
    }
    for name, screen in screens.items():
        for one in keys.of(name):
            action = one.action.partition("(")[0]
            assert action == "app.command_palette" or hasattr(screen, f"action_{action}"), one.id


def test_bindings_carry_an_id_to_remap_and_a_tooltip() -> None:
    for binding in keys.bindings(keys.LABEL):
        assert binding.id
        assert binding.tooltip
    ids = [binding.id for binding in keys.bindings(keys.LABEL)]
    assert len(ids) == len(set(ids))
    assert "score.3" in ids


def test_the_footer_and_the_docs_are_drawn_from_the_table() -> None:
    wanted, always = keys.footer(keys.LABEL, {"score": "0-2"})
    assert wanted[0] == ("0-2", "score")
    assert always == [("?", "help")]
    page = (Path(__file__).parents[2] / "docs/keys.md").read_text(encoding="utf-8")
    for screen in (
        keys.LABEL,
        keys.HOME,
        keys.RUBRIC,
        keys.HISTORY,
        keys.RUNS,
        keys.RUN,
        keys.CASE,
    ):
        assert keys.docs_table(screen) in page, "run docs/keys.py"
