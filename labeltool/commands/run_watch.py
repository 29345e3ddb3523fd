"""`run --watch`: the files that shape a run, when they change, and what a rerun changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeltool import config
from labeltool.commands.context import Context
from labeltool.model.result import CaseResult, Results
from labeltool.runner.build import judge_name, system_name
from labeltool.store import paths

POLL_S = 0.3
SETTLE_S = 0.15
SKIPPED = frozenset({"__pycache__", "node_modules", "venv", "site-packages"})
Stamps = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True)
class Watched:
    """`files`, and everything below `folders` whose name ends like that."""

    files: tuple[Path, ...]
    folders: tuple[tuple[Path, str], ...]

    def stamps(self) -> Stamps:
        """What stands there now: {file: (modified in ns, bytes)}."""
        found: dict[Path, tuple[int, int]] = {}
        below = (file for folder, suffix in self.folders for file in _below(folder, suffix))
        for file in (*self.files, *below):
            try:
                seen = file.stat()
            except OSError:
                continue
            if stat.S_ISREG(seen.st_mode):
                found[file] = seen.st_mtime_ns, seen.st_size
        return found


def watched(ctx: Context, dataset: str | None, system: str | None, judge: str | None) -> Watched:
    """What shapes the answers and their scores: settings, rubrics, cases, the prompt, the judge's
    template, and for code every Python file beside and below it, imported or not.

    Raises UnknownName, DataError.
    """
    root, settings = ctx.workspace.root, ctx.workspace.settings
    store = ctx.workspace.dataset(dataset)
    found = settings.systems.get(system_name(ctx.workspace, store, system))
    asked = settings.judges[judge_name(ctx.workspace, judge)]
    files = [root / paths.SETTINGS, root / paths.dataset_path(store.name)]
    folders = [
        (root / paths.RUBRICS, ".yaml"),
        (root / paths.DATASETS / store.name / "cases", ".yaml"),
    ]
    match found:
        case config.OpenAISystem():
            files.append(root / found.prompt)
        case config.PythonSystem():
            folders.append(((root / found.call.partition(":")[0]).parent, ".py"))
        case config.CommandSystem():
            files += [root / word for word in found.run if (root / word).is_file()]
    if isinstance(asked, config.OpenAIJudge):
        template = asked.template_for(store.settings.rubric)
        files += [] if template is None else [root / template]
    return Watched(tuple(files), tuple(folders))


def next_change(
    look: Callable[[], Stamps], before: Stamps, pause: Callable[[float], None]
) -> tuple[Path, ...]:
    """Returns the files that differ from `before` as soon as they have stood still: editors write
    a file in several steps. `pause(seconds)` waits between two looks.
    """
    while True:
        pause(POLL_S)
        now = look()
        while now != before:
            pause(SETTLE_S)
            again = look()
            if again == now:
                return changed(before, now)
            now = again


def changed(before: Stamps, now: Stamps) -> tuple[Path, ...]:
    """New, gone or other than they were."""
    return tuple(sorted(file for file in {*before, *now} if before.get(file) != now.get(file)))


@dataclass(frozen=True)
class News:
    """What one rerun says beside the one before: ids of cases."""

    passing: int
    cases: int
    fixed: tuple[str, ...]
    broke: tuple[str, ...]
    failing: tuple[str, ...]


def news(before: Results | None, now: Results) -> News:
    """`before`: the last run that came to a result, None where this is the first."""
    was = {} if before is None else {case.id: case for case in before.cases}
    counted = [case for case in now.cases if case.status != "open"]
    return News(
        passing=sum(case.passed is True for case in counted),
        cases=len(counted),
        fixed=tuple(_turned(counted, was, passed=True)),
        broke=tuple(_turned(counted, was, passed=False)),
        failing=tuple(case.id for case in counted if not case.passed),
    )


def _turned(
    cases: Iterable[CaseResult], was: Mapping[str, CaseResult], *, passed: bool
) -> Iterator[str]:
    for case in cases:
        old = was.get(case.id)
        if old is not None and bool(case.passed) is passed and bool(old.passed) is not passed:
            yield case.id


def _below(folder: Path, suffix: str) -> Iterator[Path]:
    for at, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".") and name not in SKIPPED]
        yield from (Path(at, name) for name in names if name.endswith(suffix))
