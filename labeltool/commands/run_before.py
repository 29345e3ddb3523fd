"""What a run takes over from runs before it: a baseline, an unfinished log, a list of failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeltool.commands.baseline import find as find_baseline
from labeltool.commands.context import Context
from labeltool.commands.report import read_results
from labeltool.errors import UsageError
from labeltool.rules.baseline import incomparable
from labeltool.runner.log import RunLog
from labeltool.runner.marks import Mark, Marks
from labeltool.runner.resume import LATEST, Resumed
from labeltool.runner.resume import find as find_run
from labeltool.store.dataset import DatasetStore

if TYPE_CHECKING:
    from labeltool.commands.run_setup import Request


def marks_of(ctx: Context, store: DatasetStore, request: Request, system: str) -> Marks:
    """What the run is compared with, or why with nothing. Raises UsageError, DataError."""
    if request.baseline is None:
        return Marks(None, "no baseline was asked for")
    used = find_baseline(ctx, store, system, request.baseline, base=request.base)
    if used.file is None:
        return Marks(None, used.why or "there is none")
    why = incomparable(
        used.file, dataset=store.name, rubric=store.rubric.ref, scores=request.scores
    )
    if why is not None:
        return Marks(None, f"the baseline {used.name} is stale: {why}")
    return Marks(Mark(used.name, used.file, used.texts), "")


def resumed_of(
    runs: Path, request: Request, inputs: Mapping[str, Any], *, clock: Callable[[], float]
) -> Resumed | None:
    """The earlier run that goes on, its log open. Raises UsageError where there is none."""
    if request.resume is None and not request.retry_errors:
        return None
    if request.record is not None:
        raise UsageError(
            "--record and --resume do not go together: the outputs of before are in no memory",
            hint="finish the run first, then record: replies come from the cache",
        )
    found = find_run(runs, request.resume or LATEST, inputs, finished_too=request.retry_errors)
    log = RunLog.reopen(found, clock=clock)
    return Resumed(found, log, errors_too=request.retry_errors)


def failing_in(path: Path) -> tuple[str, ...]:
    """The cases that failed or met with an error in the results at `path`. Raises UsageError where
    none did, DataError where that is no results file.
    """
    results = read_results(path)
    found = tuple(case.id for case in results.cases if not case.passed and case.status != "open")
    if not found:
        raise UsageError(
            f"no case failed in {path}: nothing is left to run",
            hint="leave --only-failing out to run all of them",
        )
    return found
