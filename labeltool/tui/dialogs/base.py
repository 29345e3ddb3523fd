"""What dialogs share: a pane in the middle of the dimmed screen, their keys, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from textual.screen import ModalScreen

from labeltool.tui import keys
from labeltool.tui.widgets.bars import KeyBar
from labeltool.tui.widgets.text import Line, TextPane, lines_of

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Typed by what it answers. A subclass names its place in the table of keys, binds them, and
    says what it asks.
    """

    KEYS: ClassVar[str]
    ABOUT: ClassVar[str]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
    }
    Dialog > .frame {
        width: 76;
        max-width: 96%;
        height: auto;
        max-height: 90%;
        background: $panel;
        padding: 1 1 0 1;
    }
    """

    def explain(self) -> list[Line]:
        return lines_of(self.ABOUT)

    def show_keys(
        self, *, shown: Mapping[str, str] | None = None, words: Mapping[str, str] | None = None
    ) -> None:
        """The footer; `shown` and `words` as `keys.footer` has them."""
        self.query_one(KeyBar).show(*keys.footer(self.KEYS, shown, words))

    def fit(self, pane: TextPane, beside: int) -> None:
        """As high as its text, within the screen less the rows `beside` it."""
        width = min(76, self.size.width * 96 // 100) - 2
        most = max(3, self.size.height - beside)
        pane.styles.height = min(pane.need(width, most), most)

    def action_back(self) -> None:
        self.dismiss()
