"""The runs that are remembered here, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from labeltool.commands.context import Context
from labeltool.errors import DataError, LabeltoolError
from labeltool.model.result import Results
from labeltool.runner.heads import HEAD_NAME
from labeltool.runner.log import LOG_NAME
from labeltool.runner.lookup import FileLookup, LogLookup, Lookup
from labeltool.store import paths

RESULTS_NAME = "eval_results.json"
MOST_RUNS = 200


@dataclass(frozen=True)
class RunEntry:
    """One run. `head` is what it found without the cases, None where `why` says what is wrong.

    folder: where its log is; `file`: the results file, where there is no log of it here.
    """

    id: str
    head: Results | None
    why: str | None = None
    folder: Path | None = None
    file: Path | None = None

    def lookup(self) -> Lookup:
        """Raises DataError where a results file cannot be read any more."""
        if self.file is not None:
            return FileLookup(self.file)
        assert self.folder is not None
        return LogLookup(self.folder)


@dataclass(frozen=True)
class Runs:
    """Newest first. `commit`, `branch`: what is checked out, None where that is unknown. `more`:
    older runs that were not looked at.
    """

    entries: tuple[RunEntry, ...]
    commit: str | None = None
    branch: str | None = None
    more: int = 0


def runs(ctx: Context, *, dataset: str | None = None) -> Runs:
    """What is kept in `.labeltool/runs`, and the results file of the workspace where its run is
    not among them. `dataset`: of that one only.
    """
    folders = _folders(_runs_of(ctx))
    found = [_remembered(folder) for folder in folders[:MOST_RUNS]]
    found += _beside(ctx, {entry.id for entry in found})
    if dataset is not None:
        found = [one for one in found if one.head is None or one.head.dataset == dataset]
    found.sort(key=_when, reverse=True)
    commit, branch = _checked_out(ctx)
    return Runs(tuple(found), commit, branch, max(0, len(folders) - MOST_RUNS))


def stamp(ctx: Context) -> tuple[int, ...]:
    """Another value once a run began, ended or was thrown away: a few looks at the disk."""
    folder = _runs_of(ctx)
    newest = [one / HEAD_NAME for one in _folders(folder)[:3]]
    return tuple(map(_mtime, (folder, ctx.workspace.root / RESULTS_NAME, *newest)))


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _runs_of(ctx: Context) -> Path:
    return ctx.workspace.root / paths.SCRATCH / "runs"


def _folders(runs: Path) -> list[Path]:
    try:
        return sorted((one for one in runs.iterdir() if one.is_dir()), reverse=True)
    except OSError:
        return []


def _when(entry: RunEntry) -> str:
    """A run's id begins with its time: `20261124T010330-93b5cb`."""
    if entry.head is not None:
        return entry.head.created_at.replace("-", "").replace(":", "")[:15] + entry.id
    return entry.id[:15] + entry.id


def _remembered(folder: Path) -> RunEntry:
    try:
        head = Results.model_validate_json((folder / HEAD_NAME).read_bytes())
    except FileNotFoundError:
        why = "not finished: it goes on, or was stopped"
        if not (folder / LOG_NAME).exists():
            why = "nothing is kept of it"
        return RunEntry(folder.name, None, why, folder)
    except (OSError, ValidationError) as error:
        first = str(error).splitlines()[0]
        return RunEntry(folder.name, None, f"{HEAD_NAME} cannot be read: {first}", folder)
    return RunEntry(folder.name, head, None, folder)


def _beside(ctx: Context, known: set[str]) -> Iterator[RunEntry]:
    """The results file, which may come from another machine."""
    path = ctx.workspace.root / RESULTS_NAME
    if not path.is_file():
        return
    try:
        head = FileLookup(path).head
    except DataError as error:
        yield RunEntry(RESULTS_NAME, None, error.message, file=path)
    else:
        if head.run_id not in known:
            yield RunEntry(head.run_id, head, None, file=path)


def _checked_out(ctx: Context) -> tuple[str | None, str | None]:
    from labeltool.runner.git_state import git_state

    state = git_state(ctx.workspace.root, ctx.env)
    try:
        return state.commit, ctx.history.repository.branch()
    except LabeltoolError:
        return state.commit, None
