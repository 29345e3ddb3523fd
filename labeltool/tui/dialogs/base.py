"""What dialogs share: a pane in the middle of the dimmed screen, and the way back."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

from labeltool.tui import keys

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """`esc` goes back. A dialog is typed by what it answers."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.DIALOG))
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

    def action_back(self) -> None:
        self.dismiss()
