"""A dialog that offers a branch of one's own for what is decided."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from labeltool.commands.branch_offer import Answer, Offer
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane


class BranchDialog(Dialog[Answer | None]):
    """Going back is to stay. The keys are no scores and not `enter`: who labels on, at speed,
    while this opens, must not answer by accident.
    """

    KEYS = keys.BRANCH
    ABOUT = (
        "Where your decisions are committed. Whatever you answer, nothing that you said is lost; "
        "it is asked once a session, until you answer for good."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.BRANCH))
    DEFAULT_CSS = """
    BranchDialog TextPane { height: auto; }
    BranchDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, offer: Offer):
        super().__init__()
        self._offer = offer

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield TextPane("a branch for your labels?")
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TextPane).show(offer_lines(self._offer))
        self.show_keys()

    def on_resize(self) -> None:
        self.fit(self.query_one(TextPane), 6)

    def action_take(self, letter: str) -> None:
        self.dismiss("switch" if letter == "A" else "stay")

    def action_reject(self) -> None:
        self.dismiss("never")


def offer_lines(offer: Offer) -> list[Line]:
    default, branch = one_line(offer.default, 40), one_line(offer.branch, 60)
    there = "It is there already." if offer.there else "It starts here; nothing else changes."
    return [
        Line(Content("Your label is saved. It would be committed to")),
        Line(Content.assemble((default, "bold"), ", the branch that everybody starts from.")),
        Line(Content("")),
        Line(Content.assemble("Yours would be ", (branch, "bold $focus"), f". {there}")),
        Line(Content.styled("Reviewed and merged like code; labeltool sync pushes it.", "$quiet")),
    ]
