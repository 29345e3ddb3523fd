"""The judge screen: what the machine may judge, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from labeltool.commands.calibration_view import (
    CalibrationView,
    Difference,
    JudgeView,
    calibration_view,
    subject,
)
from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.screens import calibration_parts as parts
from labeltool.tui.screens.listing import ListingScreen
from labeltool.tui.screens.run_case import Doors
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.text import Line, lines_of

ROOMY = 132
"""Columns from which on the list beside the text holds every figure."""


class CalibrationScreen(ListingScreen):
    """The criteria, and the focused one in full; `enter` turns to where people and judge differ."""

    KEYS = keys.CALIBRATION
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("calibration.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.CALIBRATION))

    @dataclass
    class Read(Message):
        view: CalibrationView

    @dataclass
    class Failed(Message):
        error: LabeltoolError

    @dataclass
    class Subject(Message):
        """What a disagreement is about; `error`: why it cannot be shown."""

        found: Difference
        case: Case | None = None
        output: Output | None = None
        error: str = ""

    def __init__(self, ctx: Context, dataset: str | None, doors: Doors):
        super().__init__()
        self._ctx, self._dataset, self._doors = ctx, dataset, doors
        self.view: CalibrationView | None = None
        self._judge = self._left_at = 0
        self._walking: str | None = None
        """The row whose disagreements are walked through, None where the criteria are listed."""
        self._shown: CalibrationScreen.Subject | None = None

    def on_mount(self) -> None:
        self.draw()

    def on_screen_resume(self) -> None:
        """At first, and whenever one comes back from labelling."""
        self.read()

    @work(thread=True, exclusive=True, group="read")
    def read(self) -> None:
        try:
            self.post_message(self.Read(calibration_view(self._ctx, self._dataset)))
        except LabeltoolError as error:
            self.post_message(self.Failed(error))

    @on(Read)
    def was_read(self, message: Read) -> None:
        view = message.view
        self.view = view
        self._judge = min(self._judge, len(view.judges) - 1)
        self.notice = None if view.criteria else NO_CRITERION
        self.draw()

    @on(Failed)
    def failed(self, message: Failed) -> None:
        if self.view is None:
            self.rest(message.error)
        else:
            self.say(str(message.error), bad=True)

    # What is shown.

    @property
    def judge(self) -> JudgeView | None:
        return None if self.view is None else self.view.judges[self._judge]

    @property
    def rows(self) -> list[str]:
        """Criteria, then whole outputs where these were measured."""
        if self.view is None:
            return []
        found = [one.id for one in self.view.criteria]
        return [*found, parts.OVERALL] if self.judge and self.judge.calibration else found

    @property
    def differences(self) -> Sequence[Difference]:
        if self.judge is None or self._walking is None:
            return ()
        return self.judge.of(None if self._walking == parts.OVERALL else self._walking)

    @property
    def difference(self) -> Difference | None:
        found = self.differences
        return found[self.entries.cursor] if self.entries.cursor < len(found) else None

    def draw(self) -> None:
        super().draw()
        view, judge = self.view, self.judge
        if view is None or judge is None:
            self.place.show(Content.styled("judge", "bold $strong"))
            return
        others = len(view.judges)
        where = f"{self._judge + 1} of {others} judges" if others > 1 else view.rubric.ref
        self.place.show(parts.headline(judge), Content.styled(one_line(where, 30), "$quiet"))
        if self.notice is None:
            self._draw_list(view, judge)
            self._draw_text()

    def _draw_list(self, view: CalibrationView, judge: JudgeView) -> None:
        if self._walking is None:
            rows, brief = self.rows, self.is_wide and self.size.width < ROOMY
            self.entries.title = "criteria"
            self.entries.note = parts.BRIEF if brief else parts.HEAD
            count = len(rows)

            def criterion(row: int, width: int) -> Content:
                return parts.criterion_row(view, judge, rows[row], width, brief=brief)

            self.entries.show(count, criterion)
        else:
            found = self.differences
            self.entries.title = f"{name_of(self._walking)}: people and judge differ"
            self.entries.note = "the worst first"
            count = len(found)
            several = self._walking == parts.OVERALL

            def draw(row: int, width: int) -> Content:
                return parts.difference_row(found[row], width, several=several)

            self.entries.show(count, draw)
        most = max(4, (self.size.height - 3) * 2 // 5)
        self.entries.styles.height = "1fr" if self.is_wide else min(count + 1, most)

    def _draw_text(self) -> None:
        view, judge = self.view, self.judge
        if view is None or judge is None:
            return
        if self._walking is None:
            row = self.rows[self.entries.cursor]
            self.detail.title = name_of(row)
            self.detail.show(
                [*parts.criterion_lines(view, judge, row), *self._walk_line(judge, row)]
            )
            return
        found = self.difference
        if found is not None:
            self._draw_difference(view, found)

    def _walk_line(self, judge: JudgeView, row: str) -> list[Line]:
        """What enter will show, or why it will not."""
        count = len(judge.of(None if row == parts.OVERALL else row))
        if judge.calibration is None:
            return []
        if count:
            many = "the 1 output" if count == 1 else f"the {count} scores"
            words = about.pressing("do", f"walks through {many} on which they differ")
        else:
            words = _nothing(judge)
        return [Line(Content("")), *lines_of(words, "$focus" if count else "$quiet")]

    def _draw_difference(self, view: CalibrationView, found: Difference) -> None:
        self.detail.title = f"{one_line(found.row.case, 60)} · {name_of(found.row.criterion)}"
        shown = self._shown
        if shown is None or shown.found.row != found.row:
            self.detail.show([Line(Content.styled("reading…", "$quiet"))])
            self._fetch(found)
        elif shown.case is None or shown.output is None:
            self.detail.show(lines_of(shown.error, "$bad"))
        else:
            criterion = view.rubric.criterion(found.row.criterion)
            width = self.detail.text_width
            self.detail.show(
                parts.difference_lines(found, criterion, shown.case, shown.output, width)
            )
            self._doors.seen(found.row.case, found.row.output_hash)

    @work(thread=True, exclusive=True, group="subject")
    def _fetch(self, found: Difference) -> None:
        assert self.view is not None
        try:
            case, output = subject(self._ctx, self.view.dataset, found.row)
            self.post_message(self.Subject(found, case, output))
        except LabeltoolError as error:
            self.post_message(self.Subject(found, error=str(error)))

    @on(Subject)
    def fetched(self, message: Subject) -> None:
        self._shown = message
        if self._walking is not None and self.difference is not None:
            self._draw_text()

    # Keys.

    def moved(self) -> None:
        self._draw_text()

    def opened(self) -> None:
        judge = self.judge
        if judge is None or self.notice is not None:
            self.say("there is nothing to open yet")
        elif self._walking is None:
            row = self.rows[self.entries.cursor]
            if judge.of(None if row == parts.OVERALL else row):
                self._turn(row)
            else:
                self.say(_nothing(judge))
        elif self.difference is not None and self.view is not None:
            row_ = self.difference.row
            screen = self._doors.label(row_.case, system=row_.system, dataset=self.view.dataset)
            self.app.push_screen(screen)

    def action_previous(self) -> None:
        self._other(-1)

    def action_next(self) -> None:
        self._other(1)

    def _other(self, step: int) -> None:
        if self.view is None or len(self.view.judges) == 1:
            self.say("there is one judge; labeltool.yaml names them under judges:")
            return
        self._judge = (self._judge + step) % len(self.view.judges)
        self._walking, self.entries.cursor = None, 0
        self.draw()

    def action_copy(self) -> None:
        found = self.difference
        if found is None:
            self.say("there is no case here to copy the id of")
        else:
            self.app.copy_to_clipboard(found.row.case)
            self.say(f"copied {found.row.case}")

    def _turn(self, row: str | None) -> None:
        at = self.entries.cursor
        self._walking = row
        self.entries.cursor, self._left_at = (self._left_at, 0) if row is None else (0, at)
        self.draw()

    def action_back(self) -> None:
        if self._walking is not None:
            self._turn(None)
        else:
            self.dismiss()

    def about_row(self) -> Sequence[Line]:
        view, judge, found = self.view, self.judge, self.difference
        assert view is not None
        assert judge is not None
        if found is not None:
            opens = about.pressing("do", "opens the output: label it again, or flag it")
            counts = "such a label is marked: it was given with the judge's score in sight"
            back = about.pressing("back", "shows the criteria again")
            return about.told(found.row.case, opens, counts, back)
        row = self.rows[self.entries.cursor]
        head = about.told(
            name_of(row), about.pressing("do", "walks through where people and judge differ")
        )
        criterion = view.rubric.criterion(row)
        return [*head, *(about.criterion_lines(criterion) if criterion else ())]


NO_CRITERION = (
    "no criterion is scored by a judge",
    "take `grader: human` off one that a judge may try",
)


def _nothing(judge: JudgeView) -> str:
    if judge.calibration is None:
        return f"never measured: labeltool calibrate --judge {judge.name}"
    if judge.differences is None:
        return f"the differences are not on this machine: labeltool calibrate --judge {judge.name}"
    if judge.hidden:
        return f"{judge.hidden} differences are hidden: a round of the output is open"
    return "people and judge do not differ here"
