"""The rubric screen: what good means, what it meant before, and what was settled on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from labeltool.commands.context import Context
from labeltool.commands.rubric import Edition, show
from labeltool.commands.rubric_view import RubricPast, rubric_past
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.screens import rubric_parts as parts
from labeltool.tui.screens.listing import ListingScreen
from labeltool.tui.widgets.scores import name_of


class RubricScreen(ListingScreen):
    """The criteria, and the focused one in full; `d` turns to the versions and back."""

    KEYS = keys.RUBRIC
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("rubric.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.RUBRIC))

    @dataclass
    class Read(Message):
        """First the rubric alone, which is quick; then the same with its past."""

        dataset: str
        edition: Edition
        past: RubricPast | None

    @dataclass
    class Failed(Message):
        error: LabeltoolError

    def __init__(self, ctx: Context, dataset: str | None):
        super().__init__()
        self._ctx, self._dataset = ctx, dataset
        self.edition: Edition | None = None
        self.past: RubricPast | None = None
        self._versions = False
        self._left_at = 0
        self._store: str = ""

    def on_mount(self) -> None:
        self.draw()
        self.read()

    @work(thread=True, exclusive=True)
    def read(self) -> None:
        try:
            name = self._ctx.workspace.dataset(self._dataset).name
            edition = show(self._ctx, dataset=name)
            self.post_message(self.Read(name, edition, None))
            self.post_message(self.Read(name, edition, rubric_past(self._ctx, dataset=name)))
        except LabeltoolError as error:
            self.post_message(self.Failed(error))

    @on(Read)
    def was_read(self, message: Read) -> None:
        self._store, self.edition, self.past = message.dataset, message.edition, message.past
        self.notice = None
        self.draw()

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if self.edition is None:
            self.rest(message.error)
        else:
            self.past = RubricPast(missing=message.error.message)
            self.draw()
            self.say(str(message.error), bad=True)

    # Drawing.

    def draw(self) -> None:
        super().draw()
        edition = self.edition
        if edition is None:
            self.place.show(Content.styled("rubric", "bold $strong"))
            return
        rubric = edition.rubric
        left = Content.assemble(
            (one_line(self._store, 40), "bold $strong"), f" · rubric {one_line(rubric.ref, 40)}"
        )
        self.place.show(
            left, Content.styled(f"an output passes at {rubric.pass_mark:.0%}", "$quiet")
        )
        self._draw_list(edition)
        self._draw_text()

    def _draw_list(self, edition: Edition) -> None:
        past = self.past
        if self._versions and past is not None:
            steps = past.steps
            self.entries.title, self.entries.note = "versions", "what each changed"
            count = len(steps)
            self.entries.show(count, lambda row, width: parts.version_row(steps[row], width))
        else:
            self.entries.title, self.entries.note = "criteria", "share of the score"
            count = len(edition.rubric.criteria)

            def draw(row: int, width: int) -> Content:
                return parts.criterion_row(edition, past, row, width)

            self.entries.show(count, draw)
        least = max(4, (self.size.height - 3) * 2 // 5)
        self.entries.styles.height = "1fr" if self.is_wide else min(count + 1, least)

    def _draw_text(self) -> None:
        edition, past, row = self.edition, self.past, self.entries.cursor
        if edition is None:
            return
        if self._versions and past is not None:
            step = past.steps[row]
            before, after = step.before.rubric.version, step.after.rubric.version
            self.detail.title = f"from version {before} to {after}"
            self.detail.show(parts.version_lines(step))
        else:
            criterion = edition.rubric.criteria[row]
            self.detail.title = name_of(criterion.id)
            self.detail.show(parts.criterion_lines(criterion, edition, past))

    def moved(self) -> None:
        self._draw_text()

    def opened(self) -> None:
        self.say("all of it is on screen; space scrolls it, d shows what versions changed")

    # Keys.

    def action_difference(self) -> None:
        past = self.past
        if past is None:
            self.say("still reading the versions")
        elif self._versions:
            self._turn(versions=False)
        elif not past.steps:
            self.say(f"there is no other version to compare with{_why(past)}")
        else:
            self._turn(versions=True)
            self.say(f"older versions{_why(past)}" if past.missing else "esc: the criteria again")

    def _turn(self, *, versions: bool) -> None:
        self._versions = versions
        self._left_at, self.entries.cursor = self.entries.cursor, 0 if versions else self._left_at
        self.draw()

    def action_back(self) -> None:
        if self._versions:
            self._turn(versions=False)
        else:
            self.dismiss()


def _why(past: RubricPast) -> str:
    return f": {past.missing}" if past.missing else ""
