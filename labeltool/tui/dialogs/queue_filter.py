"""A dialog that asks which outputs to label, and says at once how many these are."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.content import Content
from textual.widgets import TextArea

from labeltool.rules.filter import SYNTAX
from labeltool.safe_text import one_line
from labeltool.tui.dialogs.filter import FilterDialog
from labeltool.tui.widgets.text import Line, TextPane

EXAMPLE = 16


class QueueFilterDialog(FilterDialog):
    """`asked` is told every text; what it shows comes back through `told`. A filter that shows
    nothing is not taken.
    """

    def __init__(self, text: str, asked: Callable[[str], None]):
        super().__init__(text, syntax_lines())
        self._asked = asked
        self._refused: Content | None = None

    @property
    def written(self) -> str:
        return " ".join(self.query_one(TextArea).text.split())

    @on(TextArea.Changed)
    def ask(self) -> None:
        self._asked(self.written)

    def told(self, text: str, shown: int, refused: str | None) -> None:
        """What a text shows. A late answer to an earlier text is nothing to show."""
        if text != self.written:
            return
        words = refused or ("" if shown else "no output is shown by this")
        self._refused = Content.styled(one_line(words), "$needs") if words else None
        note = "" if self._refused else f"{shown} output{'' if shown == 1 else 's'}"
        lines = [Line(self._refused), Line(Content("")), *self._hints] if self._refused else None
        self.query_one(TextPane).show(lines or self._hints, note=note)
        self.on_resize()

    def action_done(self) -> None:
        if self._refused is None or not self.written:
            super().action_done()
        else:
            self.app.bell()


def syntax_lines() -> list[Line]:
    """What a filter may say, with examples."""
    return [
        Line(Content(does), Content.styled(example.ljust(EXAMPLE - 1), "bold $focus"), EXAMPLE)
        for example, does in SYNTAX
    ]
