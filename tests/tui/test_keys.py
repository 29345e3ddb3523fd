"""One table of keys."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.dialogs.amend import AmendDialog
from labeltool.tui.dialogs.answer import AnswerDialog
from labeltool.tui.dialogs.because import BecauseDialog
from labeltool.tui.dialogs.branch import BranchDialog
from labeltool.tui.dialogs.choose import ChooseDialog
from labeltool.tui.dialogs.draft import DraftDialog
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.queue_filter import QueueFilterDialog
from labeltool.tui.dialogs.reason import ReasonDialog
from labeltool.tui.dialogs.round import RoundCloseDialog, RoundOpenDialog
from labeltool.tui.dialogs.words import WordsDialog
from labeltool.tui.screens.calibration import CalibrationScreen
from labeltool.tui.screens.compare import CompareScreen
from labeltool.tui.screens.conflict import ConflictScreen
from labeltool.tui.screens.history import HistoryScreen
from labeltool.tui.screens.home import HomeScreen
from labeltool.tui.screens.inbox import InboxScreen
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.resolve import ResolveScreen
from labeltool.tui.screens.rubric import RubricScreen
from labeltool.tui.screens.run import RunScreen
from labeltool.tui.screens.run_case import RunCaseScreen
from labeltool.tui.screens.runs import RunsScreen

PLACES: tuple[type, ...] = (
    *(HomeScreen, LabelScreen, ResolveScreen, ConflictScreen, RubricScreen, HistoryScreen),
    *(RunsScreen, RunScreen, RunCaseScreen, CalibrationScreen, CompareScreen),
    *(LinesDialog, ChooseDialog, BranchDialog, BecauseDialog, RoundOpenDialog, RoundCloseDialog),
    *(WordsDialog, FilterDialog, QueueFilterDialog, AnswerDialog, AmendDialog),
    *(InboxScreen, DraftDialog, ReasonDialog),
)


@pytest.mark.parametrize("place", [*keys.SCREENS, *keys.DIALOGS])
def test_one_key_means_one_thing(place: str) -> None:
    names = [name for one in keys.of(place) for name in one.keys.split(",")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("place", PLACES)
def test_every_key_of_a_place_does_something_there_and_no_other_is_bound(place: type) -> None:
    for one in keys.of(place.KEYS):  # type: ignore[attr-defined]
        action = one.action.partition("(")[0]
        owner, name = (LabeltoolApp, action[4:]) if action.startswith("app.") else (place, action)
        assert hasattr(owner, f"action_{name}"), one.id
    ours = [one for one in place.__mro__ if one.__module__.startswith("labeltool.")]
    bound = [binding for one in ours for binding in one.__dict__.get("BINDINGS", ())]
    assert bound
    assert all(binding.id in keys.table() for binding in bound)


def test_every_place_of_the_table_is_a_screen_or_dialog() -> None:
    assert {place.KEYS for place in PLACES} == {*keys.SCREENS, *keys.DIALOGS}  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", keys.WRITING)
def test_where_a_character_is_text_no_key_is_one(place: str) -> None:
    for one in keys.of(place):
        assert all(len(name) > 1 and name != "space" for name in one.keys.split(","))


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
    docs = Path(__file__).parents[2] / "docs"
    written = runpy.run_path(str(docs / "keys.py"))["page"]()
    assert (docs / "keys.md").read_text(encoding="utf-8") == written, "run docs/keys.py"
    for one in keys.table():
        assert f"`{one}`" in written or one.startswith("score.")
