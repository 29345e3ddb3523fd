"""The rubric screen: what good means, what it meant before, and what was settled on the way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from labeltool.commands.amend_draft import Amendable, AmendDraft, amendable, keep_draft
from labeltool.commands.context import Context
from labeltool.commands.home import weighs
from labeltool.commands.rubric import Edition, show
from labeltool.commands.rubric_amend import Amendment, amend, propose
from labeltool.commands.rubric_view import RubricPast, rubric_past
from labeltool.errors import CommitHeld, LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import about, keys
from labeltool.tui.dialogs import amend as dialogs
from labeltool.tui.screens import rubric_parts as parts
from labeltool.tui.screens.listing import ListingScreen
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.text import Line


class RubricScreen(ListingScreen):
    """The criteria, and the focused one in full; a key turns to the versions and back."""

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

    @dataclass
    class Ready(Message):
        """A criterion, ready to be amended."""

        found: Amendable

    @dataclass
    class Amended(Message):
        """The rubric was amended (`error`: only its commit waits), or not."""

        done: Amendment | None = None
        error: LabeltoolError | None = None

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
        scrolls = about.pressing("page-down", "scrolls it")
        turns = about.pressing("difference", "shows what versions changed")
        self.say(f"all of it is on screen; {scrolls}, {turns}")

    def about_row(self) -> Sequence[Line]:
        edition, past, row = self.edition, self.past, self.entries.cursor
        assert edition is not None
        if self._versions and past is not None:
            version = past.steps[row].after.rubric.version
            does = about.pressing("back", "shows the criteria again")
            return about.told(f"version {version}, and what it changed", does)
        criterion = edition.rubric.criteria[row]
        share = f"{edition.shares[criterion.id]:.0%} of the score"
        amend = about.pressing("amend", "amends it; that is a new version of the rubric")
        head = about.told(name_of(criterion.id), f"{share}, {weighs(criterion)}")
        return [*head, *about.criterion_lines(criterion), *about.told("", amend)[1:]]

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
            back = about.pressing("back", "shows the criteria again")
            self.say(f"older versions{_why(past)}" if past.missing else back)

    def action_amend(self) -> None:
        edition = self.edition
        if edition is None:
            self.say("there is no rubric to amend yet")
        elif self._versions:
            self.say(f"{keys.shown('back')} first: a criterion is amended, not a version")
        else:
            self._prepare(edition.rubric.name, edition.rubric.criteria[self.entries.cursor].id)

    @work(thread=True, exclusive=True, group="amend")
    def _prepare(self, rubric: str, criterion: str) -> None:
        try:
            self.post_message(self.Ready(amendable(self._ctx, rubric, criterion)))
        except LabeltoolError as error:
            self.post_message(self.Amended(error=error))

    @on(Ready)
    def ready(self, message: Ready) -> None:
        found = message.found
        if self.app.screen is not self:
            return

        def keep(draft: AmendDraft | None) -> None:
            with suppress(LabeltoolError, OSError):  # it is still on screen
                keep_draft(self._ctx, found.rubric, found.criterion.id, draft)

        def answered(answer: dialogs.Amended | None) -> None:
            if answer is not None:
                self._amend(found, answer)

        self.app.push_screen(dialogs.AmendDialog(found, keep=keep), answered)

    @work(thread=True, group="amend")
    def _amend(self, found: Amendable, answer: dialogs.Amended) -> None:
        try:
            done = propose(self._ctx, found.rubric, answer.edits, reason=answer.reason)
            amend(self._ctx, done)
        except CommitHeld as held:
            self.post_message(self.Amended(done, held))
        except LabeltoolError as error:
            self.post_message(self.Amended(error=error))
            return
        else:
            self.post_message(self.Amended(done))
        keep_draft(self._ctx, found.rubric, found.criterion.id, None)

    @on(Amended)
    def amended(self, message: Amended) -> None:
        done, error = message.done, message.error
        if done is None:
            kept = "" if error is None else f": {error.message}"
            self.say(f"not amended, and what you wrote is kept{kept}", bad=True)
            return
        held = "" if error is None else f"; {error.message}"
        self.say(f"{dialogs.amended_words(done)}{held}", bad=bool(held))
        self.read()

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
