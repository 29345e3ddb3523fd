"""A few words in the middle of the room: loading, empty, all done, an error, too small."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from labeltool.safe_text import visible


class Notice(Widget):
    """A headline and what to do about it, centred."""

    DEFAULT_CSS = """
    Notice {
        height: 1fr;
        padding: 0 4;
        content-align: center middle;
        text-align: center;
        background: transparent;
    }
    """

    def __init__(self, *, id: str | None = None):
        super().__init__(id=id)
        self.headline = ""
        self.lines: Sequence[str] = ()
        self._style = "$strong"

    def show(self, headline: str, *lines: str, style: str = "$strong") -> None:
        self.headline, self.lines, self._style = (
            visible(headline),
            [visible(x) for x in lines],
            style,
        )
        self.refresh(layout=True)

    def render(self) -> Content:
        rows = [Content.styled(self.headline, f"bold {self._style}")]
        if self.lines:
            rows.append(Content(""))
        rows += [Content.styled(line, "$quiet") for line in self.lines]
        return Content("\n").join(rows)
