"""The app: themes, signals, and which screen comes first. Wiring only."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from labeltool.commands.context import Context
from labeltool.commands.label_judged import JudgedSession
from labeltool.commands.label_session import Session
from labeltool.commands.label_work import WorkState
from labeltool.commands.preferences import keep_theme, read_preferences
from labeltool.errors import LabeltoolError
from labeltool.safe_text import visible
from labeltool.tui import keymap, keys, theme
from labeltool.tui.dialogs.lines import Explained, LinesDialog, help_lines
from labeltool.tui.screens.calibration import CalibrationScreen
from labeltool.tui.screens.compare import CompareScreen
from labeltool.tui.screens.history import HistoryScreen
from labeltool.tui.screens.home import HomeScreen
from labeltool.tui.screens.inbox import InboxScreen
from labeltool.tui.screens.label import LabelScreen
from labeltool.tui.screens.resolve import ResolveScreen
from labeltool.tui.screens.rubric import RubricScreen
from labeltool.tui.screens.run_case import Doors
from labeltool.tui.screens.runs import RunsScreen

ENDING = (signal.SIGTERM, signal.SIGHUP)
THEMES = {
    "dark": "Dark theme, kept for the next start.",
    "light": "Light theme, kept for the next start.",
    "auto": "The theme that fits the terminal, where it tells.",
}
PLACES = {
    keys.INBOX: "What was nominated: a case, out of scope, or later.",
    keys.RESOLVE: "What people disagree on, side by side, and what is right.",
    keys.RUBRIC: "The criteria: levels, versions, and what was settled.",
    keys.HISTORY: "Who decided what, what it changed, and the way back.",
    keys.RUNS: "What the runs found: tiers, failing cases, two runs side by side.",
    keys.COMPARE: "Which system, how sure, what would change it, and where they part.",
    keys.CALIBRATION: "What the judge may judge, how sure that is, and what would change it.",
}


class LabeltoolApp(App[None]):
    """`labeltool` opens it at home, `labeltool label` at the label screen.

    wish: dataset, annotator, system, case, filter and order as they were asked for. clock:
    monotonic seconds, for the time spent on a case. Raises DataError for a keymap that cannot be.
    """

    TITLE = "labeltool"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    NOTIFICATION_TIMEOUT = 4
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        ctx: Context,
        *,
        at: str = keys.HOME,
        wish: Mapping[str, str | None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        found = read_preferences(ctx.env)
        keys_said = keymap.keymap_of(found, keys.table(), keys.places())
        keymap.use(keys_said)
        super().__init__()
        self.set_keymap(keys_said)
        self._ctx = ctx
        self._wish = dict(wish or {})
        self._at = at
        self._clock = clock
        self.left: WorkState | None = None
        """Where the decisions of the last sitting are, once it has ended."""
        self.fault: Exception | None = None
        """What ended the app unforeseen."""
        self._judged: set[tuple[str, str]] = set()
        """Outputs whose machine scores were on screen: (case, hash of the output)."""
        self.register_theme(theme.DARK)
        self.register_theme(theme.LIGHT)
        self.theme = theme.chosen(ctx.env, found.theme)

    def on_mount(self) -> None:
        self._heed_signals()
        if self._at == keys.LABEL:
            self.push_screen(self.label_screen(self._wish.get("case")), lambda _: self.exit())
        elif self._at == keys.RESOLVE:
            self.push_screen(self.resolve_screen(self._wish.get("case")), lambda _: self.exit())
        elif self._at == keys.INBOX:
            self.push_screen(self.inbox_screen(), lambda _: self.exit())
        else:
            dataset, annotator = self._wish.get("dataset"), self._wish.get("annotator")
            home = HomeScreen(self._ctx, dataset, annotator, self.label_screen, self._choose)
            self.push_screen(home)

    def action_go(self, place: str) -> None:
        """Open another place over the screen that is there; `esc` comes back to it."""
        doors = Doors(self.label_screen, self._saw_judge)
        if place == keys.RUNS:
            self.push_screen(RunsScreen(self._ctx, self._wish.get("dataset"), doors))
        elif place == keys.CALIBRATION:
            self.push_screen(CalibrationScreen(self._ctx, self._wish.get("dataset"), doors))
        elif place == keys.COMPARE:
            self.push_screen(CompareScreen(self._ctx, self._wish.get("dataset"), doors))
        elif place == keys.RESOLVE:
            self.push_screen(self.resolve_screen())
        elif place == keys.INBOX:
            self.push_screen(self.inbox_screen())
        elif place == keys.RUBRIC:
            self.push_screen(RubricScreen(self._ctx, self._wish.get("dataset")))
        else:
            self.push_screen(HistoryScreen(self._ctx, self._wish.get("annotator")))

    def action_help(self) -> None:
        """What has the focus, then the keys. The help of something to read is to have read it."""
        screen = self.screen
        if isinstance(screen, LinesDialog):
            screen.action_back()
        elif isinstance(screen, Explained):
            self.push_screen(LinesDialog("help", help_lines(screen.KEYS, screen.explain())))

    def _saw_judge(self, case: str, output_hash: str | None) -> None:
        if output_hash is not None:
            self._judged.add((case, output_hash))

    def _choose(self, dataset: str) -> None:
        self._wish["dataset"] = dataset

    def label_screen(self, case: str | None = None, **more: str | None) -> LabelScreen:
        """`more`: a filter, an order."""

        def opener(on_work: Callable[[WorkState], None]) -> Session:
            wish = {**self._wish, "case": case, **more}
            return JudgedSession.after(self._judged, self._ctx, on_work, **wish)

        return LabelScreen(opener, clock=self._clock, left=self._leave)

    def resolve_screen(self, case: str | None = None) -> ResolveScreen:
        """What people disagree on, `case` first."""
        asked = {name: self._wish.get(name) for name in ("dataset", "annotator", "system")}
        return ResolveScreen.over(self._ctx, **asked, case=case, left=self._leave)

    def inbox_screen(self) -> InboxScreen:
        """What was nominated."""
        asked = {name: self._wish.get(name) for name in ("dataset", "annotator")}
        return InboxScreen.over(self._ctx, **asked, left=self._leave)

    def _leave(self, work: WorkState | None) -> None:
        self.left = work

    def _heed_signals(self) -> None:
        """Textual alone would die without unmounting: no draft kept, the terminal left raw."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._end, number)

    def _end(self, number: int) -> None:
        self._keep_all()
        self.exit(return_code=128 + number)

    def _keep_all(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, (LabelScreen, ResolveScreen, InboxScreen)):
                screen.hurry()

    def _handle_exception(self, error: Exception) -> None:
        """Textual's own prints a page of local values; the command line has words for a fault."""
        with suppress(RuntimeError):  # the desk may be closed already
            self._keep_all()
        super()._handle_exception(error)
        self._exit_renderables.clear()
        self.fault = self.fault or error

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: what the keys of this screen or dialog do, other screens, the themes."""
        name = screen.KEYS if isinstance(screen, Explained) else keys.LINES
        for one in keys.of(name):
            action = one.action
            if "{key}" in action or action.startswith("app.command"):
                continue
            yield SystemCommand(
                f"{one.words[name]}  {one.shown}", one.does, lambda a=action: self._run(screen, a)
            )
        if isinstance(screen, LabelScreen):
            yield SystemCommand(
                "order by what settles something",
                "First the outputs whose labels decide something; again, the usual order.",
                lambda: self._run(screen, "settle"),
            )
        for place, does in PLACES.items():
            if place != name and name not in keys.DIALOGS:
                yield SystemCommand(place, does, lambda p=place: self.action_go(p))
        for name, does in THEMES.items():
            yield SystemCommand(name, does, lambda n=name: self.choose_theme(n))

    def choose_theme(self, name: str) -> None:
        """Dark, light or auto, now and on the next start."""
        self.theme = theme.chosen({**self._ctx.env, "LABELTOOL_THEME": ""}, name)
        try:
            path = keep_theme(self._ctx.env, name)
        except LabeltoolError as error:
            self.notify(f"{error.message}; {error.hint or ''}", severity="warning", markup=False)
        else:
            self.notify(f"{name} is kept in {visible(str(path))}", markup=False)

    def _run(self, screen: Screen[Any], action: str) -> None:
        self.call_later(screen.run_action, action)
