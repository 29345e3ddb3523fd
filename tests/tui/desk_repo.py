"""A repo with four outputs to label, and an app over it whose workers can be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from labeltool.model.label import Label
from labeltool.store import codec
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.label import LabelScreen
from tests.small_repo import Repo

RUBRIC = """\
name: mail
version: 2
criteria:
  - id: tone
    text: The tone fits the customer.
    max: 2
    levels: {0: It hurts., 1: It is cold., 2: It fits.}
    na: true
  - {id: facts, text: The facts are there., max: 1, required: true}
  - {id: short, text: At most nine words., max: 1, check: {kind: max_words, value: 9}}
changelog:
  - {version: 2, date: 2026-11-20, changed: [tone], reason: Cold mails were called fitting.}
"""
CASES = {
    "a-parcel": "Where is my parcel?",
    "b-refund": "I want my money back.",
    "c-thanks": "Thank you!",
    "d-invoice": "Please send the invoice.",
}


def label_path(case: str, annotator: str = "ann") -> str:
    return f"datasets/mails/labels/{annotator}/v1/{case}.yaml"


def make(root: Path, files: dict[str, str] | None = None) -> Repo:
    """Four golden cases, each with an output of `v1`; `files` are added or replace."""
    written = {
        "labeltool.yaml": "dataset: mails\nannotators: {ann: [ann@example.org], bob: []}\n",
        "rubrics/mail.yaml": RUBRIC,
        "datasets/mails/dataset.yaml": "rubric: mail\n",
    }
    for case, text in CASES.items():
        written[f"datasets/mails/cases/golden/{case}.yaml"] = (
            f"id: {case}\ntier: golden\ninput: {text}\nexpected: A kind answer to {case}.\n"
        )
        written[f"datasets/mails/outputs/v1/{case}.yaml"] = (
            f"case: {case}\nsystem: v1\noutput: The answer to {case}.\n"
        )
    repo = Repo(root, written | (files or {}))
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    return repo


def read_label(repo: Repo, case: str, annotator: str = "ann") -> Label:
    path = label_path(case, annotator)
    return codec.decode((repo.root / path).read_bytes(), Label, path)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Seat:
    """Somebody in front of the app."""

    def __init__(self, app: LabeltoolApp, pilot: Pilot[None], clock: Clock):
        self.app, self.pilot, self.clock = app, pilot, clock

    @property
    def screen(self) -> LabelScreen:
        found = next(one for one in self.app.screen_stack if isinstance(one, LabelScreen))
        assert isinstance(found, LabelScreen)
        return found

    async def press(self, *names: str) -> None:
        """Press keys one by one, each with everything that follows from it."""
        for name in names:
            await self.pilot.press(name)
            await self._answered()

    async def type(self, text: str) -> None:
        """Keys that only write into a dialog."""
        await self.pilot.press(*text)

    async def settled(self) -> None:
        """Until workers, the desk and the messages they sent are through."""
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()
        await self._answered()

    async def _answered(self) -> None:
        for screen in self.app.screen_stack:
            if isinstance(screen, LabelScreen):
                for _ in range(2):  # a case is read and shown, then its neighbours are read
                    await asyncio.wrap_future(screen.desk.idle())
                    await self.pilot.pause()

    async def committed(self) -> bool:
        """Wait for the background commits; False where something is held."""
        session = self.screen.session
        assert session is not None
        done = await asyncio.to_thread(session.flush, 60)
        await self.settled()
        return done

    def text(self) -> str:
        """What is on screen, line by line."""
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        width, height = self.app.size
        rows = self.app.screen._compositor.render_strips()
        return [row.text[:width].rstrip() for row in rows[:height]]

    def work_line(self) -> str:
        return self.lines()[-2].strip()


@asynccontextmanager
async def seated(
    repo: Repo,
    *,
    size: tuple[int, int] = (80, 24),
    at: str = keys.LABEL,
    case: str | None = None,
    annotator: str = "ann",
    clock: Clock | None = None,
    env: dict[str, str] | None = None,
) -> AsyncIterator[Seat]:
    """The app, opened and read."""
    clock = clock or Clock()
    ctx = repo.context(**{"LABELTOOL_THEME": "dark", **(env or {})})
    app = LabeltoolApp(ctx, at=at, wish={"annotator": annotator, "case": case}, clock=clock)
    try:
        async with app.run_test(size=size) as pilot:
            seat = Seat(app, pilot, clock)
            await seat.settled()
            yield seat
    finally:
        ctx.close()
