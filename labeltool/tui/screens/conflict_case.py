"""What the conflict screen stands on: the merge as it is read, drawn and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen

from labeltool.commands.context import Context
from labeltool.commands.resolve_conflict import TwoSides, conclude, conflicts, look
from labeltool.errors import LabeltoolError
from labeltool.model.base import Score
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.screens import conflict_parts as parts
from labeltool.tui.screens.listing import words_of
from labeltool.tui.spread import WIDE
from labeltool.tui.widgets.bars import Ends, KeyBar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH
from labeltool.tui.widgets.sides import SidesPane
from labeltool.tui.widgets.text import TextPane


class MergeScreen(Screen[bool]):
    """Reads the conflicts of a merge, draws the one in view, and writes what is settled."""

    KEYS = keys.MERGE
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("resolve.tcss"))
    place = query_one("#place", Ends)
    sides = query_one(SidesPane)
    about = query_one("#about", TextPane)
    levels = query_one("#levels", TextPane)
    work_line = query_one("#work", Ends)

    @dataclass
    class Read(Message):
        sides: tuple[TwoSides, ...]

    @dataclass
    class Failed(Message):
        error: LabeltoolError

    @dataclass
    class Concluded(Message):
        commit: str | None

    def __init__(self, ctx: Context, annotator: str | None):
        super().__init__()
        self._ctx, self._annotator = ctx, annotator
        self._all: tuple[TwoSides, ...] = ()
        self._index = self._done = 0
        self._notice: tuple[str, ...] | None = ("reading the merge…",)
        self._forget()

    def _forget(self) -> None:
        """Nothing is chosen of the conflict in view."""
        self.picked: dict[str, Score | None] = {}
        self.whole: str | None = None
        self.note: str | None = None
        self.focus_on = 0

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        with Container(id="body"):
            with Container(id="texts"):
                yield TextPane("about", id="about")
            with Container(id="decide"):
                yield SidesPane(id="sides")
                yield TextPane("", id="levels")
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.about.add_class("-shown")
        self.about.focus()
        self.draw()
        self.read()

    def on_resize(self) -> None:
        self.draw()

    @property
    def side(self) -> TwoSides | None:
        return self._all[self._index] if self._notice is None and self._all else None

    @property
    def focused_id(self) -> str | None:
        side = self.side
        ids = tuple(side.scores) if side is not None else ()
        return ids[min(self.focus_on, len(ids) - 1)] if ids else None

    # What is read and written, in a thread.

    @work(thread=True, exclusive=True, group="merge")
    def read(self) -> None:
        try:
            found = tuple(look(self._ctx, one) for one in conflicts(self._ctx))
            self.post_message(self.Read(found))
            if not found:
                self.post_message(self.Concluded(conclude(self._ctx)))
        except LabeltoolError as error:
            self.post_message(self.Failed(error))

    @work(thread=True, exclusive=True, group="merge")
    def settle(self, job: Callable[[], None]) -> None:
        try:
            job()
        except LabeltoolError as error:
            self.post_message(self.Failed(error))
        else:
            self._done += 1
            self.read()

    @on(Read)
    def was_read(self, message: Read) -> None:
        self._all = message.sides
        self._index = min(self._index, max(0, len(self._all) - 1))
        self._forget()
        self._notice = None if self._all else ("concluding the merge…",)
        self.draw()

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if self._all and self._notice is None:
            self.say("; ".join(words_of(message.error)), bad=True)
        else:
            self._notice = ("the merge is not concluded", *words_of(message.error))
            self.draw()

    @on(Concluded)
    def concluded(self, message: Concluded) -> None:
        commit = f" · {message.commit[:7]}" if message.commit else ""
        self.app.notify(f"the merge is concluded{commit}", markup=False)
        self.dismiss(True)

    # Drawing.

    def say(self, words: str, *, bad: bool = False) -> None:
        self.work_line.show(Content.styled(one_line(words), "$bad" if bad else "$needs"))

    def draw(self) -> None:
        notice = self._notice
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"at least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed")
        self.set_class(notice is not None, "-notice")
        self.set_class(self.size.width >= WIDE, "-wide")
        if notice is not None:
            self.query_one("#notice", Notice).show(*notice)
        both = self.side is not None and self.side.way("both") is not None
        words = {} if both else {"other": "another score"}
        self.query_one(KeyBar).show(*keys.footer(keys.MERGE, words=words))
        total = len(self._all) + self._done
        left = Content.assemble(("merge", "bold $strong"), f" · {self._done + 1}/{max(1, total)}")
        side = self.side
        if side is None:
            self.place.show(left)
            return
        left += Content.styled(f"   {one_line(side.conflict.what, 50)}", "$needs")
        path = side.conflict.case or side.conflict.path
        self.place.show(left, Content.styled(one_line(path, 60), "$focus"))
        self.about.title = one_line(side.conflict.kind)
        self.about.show(parts.about_lines(side))
        self._draw_choice()

    def _draw_choice(self) -> None:
        side = self.side
        if side is None:
            return
        shown = parts.rows(side, self.picked, self.focused_id)
        self.sides.show(parts.heads(side), shown, "settle" if side.scores else "")
        criterion = self.focused_id if side.rubric is not None else None
        self.levels.title = name_of(criterion) if criterion else "ways to settle it"
        self.levels.show(parts.level_lines(side, criterion, self.whole))
        wide, room = self.size.width >= WIDE, self.size.height - 3
        width = (self.size.width - 2) * 3 // 5 if wide else self.size.width
        rows = min(self.sides.need(width, room), room - 6)
        self.sides.styles.height = rows
        self.levels.styles.height = min(self.levels.need(width, room), max(2, (room - rows) // 2))
