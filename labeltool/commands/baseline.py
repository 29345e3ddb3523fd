"""`--baseline FILE|REF`: which earlier run this one is held against."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labeltool.commands.context import Context
from labeltool.commands.report import read_results
from labeltool.errors import DataError, UsageError, Where
from labeltool.history.ancestor import file_at, merge_base
from labeltool.model.baseline import SCHEMA, BaselineFile
from labeltool.model.hashing import text_hash
from labeltool.model.result import Results
from labeltool.runner.heads import cases_of, heads
from labeltool.store import baselines, paths
from labeltool.store.dataset import DatasetStore

RESULTS_NAME = "eval_results.json"
Texts = Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True)
class BaselineUsed:
    """`file` is None where there is nothing to compare with, and `why` says so. `name`: what the
    user calls it. `texts(cases)`: the outputs that it was made from, as far as they are kept here.
    """

    name: str
    file: BaselineFile | None
    why: str | None
    texts: Texts


def find(
    ctx: Context, store: DatasetStore, system: str, said: str, *, base: Path | None = None
) -> BaselineUsed:
    """The baseline that `said` names for `system`.

    A file: of results, or one that `bless` wrote. Else a git ref: where HEAD parted from it, the
    committed baseline of the system, else committed results, else a run that is remembered of that
    commit. A ref without any of them is no error: the first pull request has nothing to be held
    against. Raises UsageError for neither, DataError for a file that is broken.
    """
    path = (base or ctx.workspace.root) / said
    if path.is_file():
        return _of_file(ctx, store, path, said)
    commit = merge_base(ctx.history.repository, said)
    return _of_commit(ctx, store, system, commit, said)


def _of_file(ctx: Context, store: DatasetStore, path: Path, name: str) -> BaselineUsed:
    if _schema(path) == SCHEMA:
        return _used(ctx, store, name, baselines.decode(path.read_bytes(), str(path)))
    results = read_results(path)

    def texts(cases: Collection[str]) -> Mapping[str, str]:
        again = read_results(path)
        return {c.id: c.output for c in again.cases if c.id in cases and c.output is not None}

    return BaselineUsed(name, BaselineFile.of(results), None, texts)


def _schema(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}",
            hint="name a results file, a baseline file, or a branch",
        ) from None
    return SCHEMA if SCHEMA.encode() in start else None


def _of_commit(
    ctx: Context, store: DatasetStore, system: str, commit: str, name: str
) -> BaselineUsed:
    repository = ctx.history.repository
    path = paths.baseline_path(store.name, system)
    blessed = file_at(repository, commit, path)
    if blessed is not None:
        return _used(ctx, store, name, baselines.decode(blessed, f"{commit[:7]}:{path}"))
    committed = file_at(repository, commit, RESULTS_NAME)
    if committed is not None:
        found = _results_at(committed, f"{commit[:7]}:{RESULTS_NAME}")
        if found.system.name == system and found.dataset == store.name:
            return _used(ctx, store, name, BaselineFile.of(found))
    for head in heads(_runs(ctx)):
        whole = not head.filters and head.shard is None
        if head.git.commit == commit and head.git.dirty is False and whole:
            if (head.dataset, head.system.name) != (store.name, system):
                continue
            cases = tuple(cases_of(_runs(ctx), head))
            of_run = BaselineFile.of(head.model_copy(update={"cases": cases}))
            return _used(ctx, store, name, of_run)
    why = f"{system} has none at {commit[:7]}, where this parted from {name}: bless one there"
    return BaselineUsed(name, None, why, lambda cases: {})


def _results_at(data: bytes, where: str) -> Results:
    try:
        return Results.model_validate_json(data)
    except ValueError as error:
        first = str(error).splitlines()[0]
        raise DataError(
            f"is no results document: {first}",
            hint="take it out of git, or commit one that `labeltool run` wrote",
            where=Where(where),
        ) from None


def _used(ctx: Context, store: DatasetStore, name: str, file: BaselineFile) -> BaselineUsed:
    def texts(cases: Collection[str]) -> Mapping[str, str]:
        return {**_from_snapshots(store, file, cases), **_from_run(_runs(ctx), file, cases)}

    return BaselineUsed(name, file, None, texts)


def _runs(ctx: Context) -> Path:
    return ctx.workspace.root / paths.SCRATCH / "runs"


def _from_run(runs: Path, file: BaselineFile, cases: Collection[str]) -> dict[str, str]:
    """Of the run that was blessed, where it was made here (or its folder was restored)."""
    return {
        id: text
        for id, text in _logged(runs / file.run_id / "log.jsonl")
        if id in cases and id in file.cases and text_hash(text) == file.cases[id].output_hash
    }


def _logged(log: Path) -> Iterator[tuple[str, str]]:
    try:
        with log.open("rb") as lines:
            for line in lines:
                with suppress(ValueError, KeyError, TypeError):
                    case = json.loads(line)["case"]
                    if isinstance(case["id"], str) and isinstance(case["output"], str):
                        yield case["id"], case["output"]
    except OSError:
        return


def _from_snapshots(
    store: DatasetStore, file: BaselineFile, cases: Collection[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for id in cases:
        blessed = file.cases.get(id)
        wanted = blessed.output_hash if blessed is not None else None
        for system in store.systems if wanted is not None else ():
            output = store.output(system, id)
            if output is not None and text_hash(output.output) == wanted:
                found[id] = output.output
                break
    return found
