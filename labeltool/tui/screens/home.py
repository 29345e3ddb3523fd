"""The home screen: where the dataset stands, and the one next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen

from labeltool.commands.context import Context
from labeltool.commands.home import Standing, standing, weighs
from labeltool.errors import LabeltoolError
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.dialogs.lines import LinesDialog, help_lines
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.label_parts import duration
from labeltool.tui.widgets.bars import Ends, KeyBar, progress_bar
from labeltool.tui.widgets.notice import Notice
from labeltool.tui.widgets.pane import Pane
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH

PLACES = {
    keys.RUBRIC: "rubric: levels, versions, what was settled",
    keys.HISTORY: "history: who decided what",
}
"""Where `enter` goes from the rows under the next step."""
NAME = 22
PERSON = 14


class Overview(Pane, inherit_bindings=False):
    """The sections of the home screen, drawn for the width there is."""

    def __init__(self) -> None:
        super().__init__("", id="next")
        self._standing: Standing | None = None
        self.cursor = 0
        """0 is the next step, then PLACES."""

    def show(self, standing: Standing) -> None:
        self._standing = standing
        self.relayout()

    def move(self, step: int) -> bool:
        """The cursor one row on; past the last row, or back from there, the page scrolls."""
        scrolled = round(self.scroll_offset.y) > 0
        row = self.cursor + step
        if not 0 <= row <= len(PLACES) or (step < 0 and scrolled):
            return self.page(step)
        self.cursor = row
        self.relayout()
        return True

    def wrapped(self, width: int) -> Sequence[Content]:
        return lines_of(self._standing, width, self.cursor) if self._standing else ()


class HomeScreen(Screen[None]):
    CSS_PATH: ClassVar[str] = str(Path(__file__).with_name("home.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.HOME))

    def __init__(
        self,
        ctx: Context,
        dataset: str | None,
        annotator: str | None,
        label: Callable[[], LabelScreen],
    ):
        super().__init__()
        self._ctx, self._dataset, self._annotator, self._label = ctx, dataset, annotator, label
        self.standing: Standing | None = None
        self._notice: tuple[str, ...] | None = ("reading…",)

    def compose(self) -> ComposeResult:
        yield Ends(id="place")
        yield Overview()
        yield Notice(id="notice")
        yield Ends(id="work")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        self.draw()

    def on_screen_resume(self) -> None:
        """At first, and whenever one comes back."""
        self.read()

    def on_resize(self) -> None:
        self.draw()

    @work(thread=True, exclusive=True)
    def read(self) -> None:
        try:
            found = standing(self._ctx, dataset=self._dataset, annotator=self._annotator)
        except LabeltoolError as error:
            self.app.call_from_thread(self.failed, error)
        else:
            self.app.call_from_thread(self.show, found)

    def show(self, found: Standing) -> None:
        self.standing, self._notice = found, None
        self.query_one(Overview).show(found)
        self.draw()

    def failed(self, error: LabeltoolError) -> None:
        self._notice = (str(error), *([error.hint] if error.hint else []))
        self.draw()

    def on_key(self, event: events.Key) -> None:
        self.query_one("#work", Ends).show(Content(""))
        if event.key not in self._bindings.key_to_bindings and event.is_printable:
            self.say(
                f"{one_line(event.character or event.key)} does nothing here; ? lists the keys"
            )

    def say(self, words: str) -> None:
        self.query_one("#work", Ends).show(Content.styled(one_line(words), "$needs"))

    def action_do(self) -> None:
        found, row = self.standing, self.query_one(Overview).cursor
        if found is None:
            self.say("still reading")
        elif row:
            self.call_later(self.app.run_action, f"app.go({list(PLACES)[row - 1]!r})")
        elif not found.can_label:
            self.say(found.command or found.step)
        else:
            self.app.push_screen(self._label())

    def action_down(self) -> None:
        self._scroll(1)

    def action_up(self) -> None:
        self._scroll(-1)

    def _scroll(self, direction: int) -> None:
        if not self.query_one(Overview).move(direction):
            self.say("all of it is on screen")

    def action_help(self) -> None:
        self.app.push_screen(LinesDialog("keys", help_lines(keys.HOME)))

    def action_back(self) -> None:
        self.app.exit()

    def draw(self) -> None:
        notice = self._notice
        if self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT:
            notice = ("too small", f"{LEAST_WIDTH}x{LEAST_HEIGHT} is the least")
        self.set_class(notice is not None, "-notice")
        if notice is not None:
            self.query_one(Notice).show(*notice)
        left = Content.styled("labeltool", "bold $strong")
        right = Content("")
        if self.standing is not None:
            left += Content(f"   {one_line(self.standing.dataset, 40)}")
            where = [
                self.standing.annotator,
                *([self.standing.branch] if self.standing.branch else []),
            ]
            right = Content.styled(one_line(" · ".join(where), 40), "$quiet")
        self.query_one("#place", Ends).show(left, right)
        self.query_one(KeyBar).show(*keys.footer(keys.HOME))


def lines_of(found: Standing, width: int, cursor: int = 0) -> list[Content]:
    """Next step, where else to go, rubric, tiers, people."""
    return [
        *_step(found, width, here=cursor == 0),
        *(_place(words, here=cursor == row) for row, words in enumerate(PLACES.values(), 1)),
        Content(""),
        *_rubric(found, width),
        Content(""),
        *_tiers(found, width),
        Content(""),
        *_people(found, width),
    ]


def _place(words: str, *, here: bool) -> Content:
    return Content.assemble(("▸ " if here else "  ", "$focus"), (words, "bold" if here else ""))


def _step(found: Standing, width: int, *, here: bool) -> list[Content]:
    words = found.step[:1].upper() + found.step[1:]
    right = "⏎" if found.can_label else ""
    if found.can_label and found.seconds and found.left:
        right = f"about {duration(found.seconds * found.left)}  ⏎"
    words = one_line(words, max(10, width - len(right) - 4))
    left = Content.assemble(("▸ " if here else "  ", "$focus"), (words, "bold $strong"))
    gap = max(1, width - left.cell_length - Content(right).cell_length)
    lines = [left.pad_right(gap) + Content.styled(right, "$focus")]
    if found.command:
        lines.append(Content.styled(f"  {one_line(found.command, max(10, width - 2))}", "$quiet"))
    if found.problems:
        many = f"{found.problems} problems in its files: labeltool check lists them"
        lines.append(Content.styled(f"  ! {many}", "$needs"))
    return lines


def _rubric(found: Standing, width: int) -> list[Content]:
    lines = [titled(f"rubric {one_line(found.rubric.ref)}", "share of the score", width)]
    for criterion in found.rubric.criteria:
        name = name_of(criterion.id) + ("*" if criterion.required else "")
        scale = f"{criterion.min}-{criterion.max}"
        row = Content(f"  {one_line(name, NAME).ljust(NAME)}  {scale:<5}") + Content.styled(
            weighs(criterion), "$quiet"
        )
        lines.append(_ends(row, Content(f"{found.shares[criterion.id]:.2f} "), width))
    return lines


def _tiers(found: Standing, width: int) -> list[Content]:
    lines = [titled("tiers", "cases", width)]
    for count in found.tiers:
        words = []
        if count.cases and count.tier == "golden":
            words.append(
                "all verified" if count.verified == count.cases else f"{count.verified} verified"
            )
        if count.gate is not None:
            words.append(f"gate {count.gate.threshold:.2f}")
        row = Content(f"  {count.tier:<{NAME}}  ") + Content.styled(" · ".join(words), "$quiet")
        lines.append(_ends(row, Content(f"{count.cases} "), width))
    return lines


def _people(found: Standing, width: int) -> list[Content]:
    title = f"people in round {found.round.number}" if found.round else "people"
    lines = [titled(title, "outputs labelled", width)]
    for person in found.people:
        me = "▪ " if person.name == found.annotator else "  "
        row = Content.assemble((me, "$focus"), one_line(person.name, PERSON).ljust(PERSON))
        lines.append(_ends(row, progress_bar(person.done, person.total, 20) + Content(" "), width))
    return lines


def _ends(left: Content, right: Content, width: int) -> Content:
    room = width - right.cell_length
    left = left.truncate(max(0, room - 1), ellipsis=True)
    return left.pad_right(max(0, room - left.cell_length)) + right
