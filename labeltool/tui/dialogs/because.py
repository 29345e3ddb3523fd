"""A dialog that asks why people differed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from labeltool.model.resolution import Because
from labeltool.rules.resolve import BECAUSE
from labeltool.tui import keys
from labeltool.tui.dialogs.base import Dialog
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane

MEANS: dict[Because, str] = {
    "ambiguous_case": "The input or the output can be read in two ways.",
    "guideline_gap": "The rubric does not say: amend it, here and now.",
    "annotator_error": "Somebody overlooked or mistyped something.",
    "edge_case": "The rubric does say, but nobody thought of such a case.",
    "subjective": "Both readings are fair; this one is ours from now on.",
}
GUTTER = 24


class BecauseDialog(Dialog[Because | None]):
    """Answers one of the five reasons, by its number or by the cursor."""

    KEYS = keys.BECAUSE
    ABOUT = "Why two people scored the same output differently. It is kept with the resolution."
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.BECAUSE))
    DEFAULT_CSS = """
    BecauseDialog TextPane { height: auto; }
    BecauseDialog KeyBar { margin-top: 1; }
    """

    def __init__(self, because: Because | None):
        super().__init__()
        self._at = BECAUSE.index(because) if because is not None else 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame"):
            yield TextPane("why did people differ?")
            yield KeyBar()

    def on_mount(self) -> None:
        self.show_keys(shown={"score": keys.digits(1, len(BECAUSE))})
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        lines = []
        for index, one in enumerate(BECAUSE):
            here = index == self._at
            gutter = Content.assemble(
                ("▸ " if here else "  ", "$focus"),
                (f"{keys.digit(index + 1)}  ", "bold $focus"),
                (one.replace("_", " "), "bold $strong" if here else ""),
            )
            lines.append(Line(Content.styled(MEANS[one], "$quiet"), gutter, GUTTER))
        pane = self.query_one(TextPane)
        pane.show(lines)
        self.fit(pane, 6)

    def action_score(self, digit: int) -> None:
        if 1 <= digit <= len(BECAUSE):
            self.dismiss(BECAUSE[digit - 1])
        else:
            self.app.bell()

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        self._at = (self._at + step) % len(BECAUSE)
        self.draw()

    def action_do(self) -> None:
        self.dismiss(BECAUSE[self._at])
