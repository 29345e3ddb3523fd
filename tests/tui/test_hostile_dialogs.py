"""Whatever stands in files, git or a name is visible text in every dialog and its help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import ModalScreen

from labeltool.commands.amend_draft import Amendable, AmendDraft
from labeltool.commands.branch_offer import Offer
from labeltool.commands.round_prospect import Prospect
from labeltool.commands.round_state import RoundWork
from labeltool.model.round import Round
from labeltool.model.rubric import Criterion, Rubric
from labeltool.safe_text import visible
from labeltool.tui import about, keys
from labeltool.tui.dialogs.amend import AmendDialog
from labeltool.tui.dialogs.answer import AnswerDialog
from labeltool.tui.dialogs.branch import BranchDialog
from labeltool.tui.dialogs.choose import ChooseDialog
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.dialogs.lines import LinesDialog
from labeltool.tui.dialogs.queue_filter import QueueFilterDialog
from labeltool.tui.dialogs.round import RoundCloseDialog, RoundOpenDialog
from labeltool.tui.dialogs.words import WordsDialog
from labeltool.tui.screens.home_parts import Offer as Row
from labeltool.tui.widgets.text import lines_of
from tests.hostile import HIDDEN, MARKUP, TERMINAL
from tests.tui.desk_repo import make, seated

Made = Callable[[str], ModalScreen[Any]]
ACTS = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u202e\u2066\u2067\u061c\u200b\ufeff"}
"""Characters that act on a terminal or on the order of a line."""

HOSTILE = (TERMINAL[0], HIDDEN[0], *map("\n".join, (TERMINAL, HIDDEN[:-1], MARKUP)))
"""One alone each, for lines that are cut; then all of them."""


def criterion(text: str) -> Criterion:
    return Criterion(id="tone", text=text, max=1, levels={0: text, 1: text})


def amendable(text: str) -> Amendable:
    one = criterion(text)
    return Amendable("mail", 2, one, AmendDraft.of(one), False, (text,), None)


def opening(text: str) -> RoundOpenDialog:
    rubric = Rubric.model_construct(name=text, version=1, criteria=(criterion(text),))
    found = Prospect("mails", rubric, text, (text, "v1"), {}, (text, "bob"), (), {}, {}, text)
    return RoundOpenDialog(found, lambda system: found)


def closing(text: str) -> RoundCloseDialog:
    one = Round.model_construct(number=1, rubric=text, system=text, annotators=(text,), outputs=())
    return RoundCloseDialog(RoundWork(one, {text: ()}, {text: ()}, {}))


def refused(text: str) -> QueueFilterDialog:
    dialog = QueueFilterDialog(text, lambda asked: None)
    dialog.call_later(lambda: dialog.told(dialog.written, 0, text))
    return dialog


DIALOGS: dict[str, Made] = {
    "lines": lambda text: LinesDialog(text, lines_of(text)),
    "choose": lambda text: ChooseDialog(text, lines_of(text), a="this", b="that"),
    "branch": lambda text: BranchDialog(Offer(text, text, False)),
    "words": lambda text: WordsDialog(text, text, ask="Why?", changed=lambda said: None),
    "filter": lambda text: FilterDialog(text, lines_of(text)),
    "queue filter": refused,
    "answer": lambda text: (
        AnswerDialog(  # where a text cannot be shown as it is, nobody asks for one
            text, visible(text), filed=visible(text), changed=lambda said: None
        )
    ),
    "amend": lambda text: AmendDialog(amendable(text), keep=lambda draft: None),
    "open": opening,
    "close": closing,
    "help of home": lambda text: LinesDialog(
        "help", about.offer_lines(Row("label", f"state:{text}", text))
    ),
    "help of a criterion": lambda text: LinesDialog(
        "help", about.criterion_lines(criterion(text), 1)
    ),
    "help of a merge": lambda text: LinesDialog(
        "help", about.sides_lines(text, text, text, lines_of(text))
    ),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_hostile_text_is_shown_and_never_acted_upon(tmp_path: Path, name: str) -> None:
    async with seated(make(tmp_path / "repo"), at=keys.HOME, size=(80, 40)) as seat:
        for hostile in HOSTILE:
            dialog = DIALOGS[name](hostile)
            seat.app.push_screen(dialog)
            await seat.pilot.pause()
            await seat.pilot.pause()
            assert seat.app.screen is dialog
            assert not ACTS & {*"".join(seat.lines())}, repr(hostile)
            dialog.action_back()  # type: ignore[attr-defined]
            await seat.pilot.pause()
        dialog = DIALOGS[name]("[/][@click=app.quit]x[/]")
        seat.app.push_screen(dialog)
        await seat.pilot.pause()
        await seat.pilot.pause()
        assert "[/][@click" in seat.text()
