"""A progress bar on stderr, where stderr is a terminal; else nothing at all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DRAWN_EVERY = 25


class Bar:
    """Of cases done. Every method may be called whether or not anything is drawn."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._done = 0
        self._every = 1

    def start(self, expected: int) -> None:
        if not sys.stderr.isatty():
            return
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        from labeltool.cli.common import err_console

        self._every = DRAWN_EVERY if expected > 1000 else 1
        # The run itself moves stdout out of the way; a second redirection would fight with it.
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            console=err_console(),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._progress.start()
        self._task = self._progress.add_task("running", total=expected)

    def advance(self, *, stopping: bool) -> None:
        self._done += 1
        if self._progress is None or self._task is None or self._done % self._every:
            return
        said = "stopping (again to stop now)" if stopping else "running"
        self._progress.update(self._task, completed=self._done, description=said)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
