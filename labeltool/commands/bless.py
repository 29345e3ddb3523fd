"""`bless`: this run is the mark that later ones are held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labeltool.commands.context import Context
from labeltool.commands.report import read_results
from labeltool.errors import DataError, UsageError, Where
from labeltool.history import CommitMessage
from labeltool.model.base import is_id
from labeltool.model.baseline import BaselineFile
from labeltool.model.hashing import case_hash
from labeltool.model.result import Results
from labeltool.store import baselines, paths
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class Blessed:
    """`commit` is None where the very same baseline stood there already."""

    baseline: BaselineFile
    path: str
    passed: int
    notices: tuple[str, ...]
    commit: str | None


def bless(
    ctx: Context, results: Path, *, annotator: str | None = None, anyway: bool = False
) -> Blessed:
    """Records the results in `results` as their system's baseline, in one commit.

    A part of a run sets no mark, and what was not finished or rests on other files than today's
    only with `anyway`. Raises UsageError, UnknownName, DataError, CommitHeld.
    """
    found = read_results(results)
    store = ctx.workspace.dataset(found.dataset)
    _refuse_a_part(found, results)
    if not is_id(found.system.name):
        raise DataError(
            f"{found.system.name!r} is no legal system name",
            hint="give the file that `labeltool run --out` wrote",
            where=Where(str(results), field="system.name"),
        )
    doubts = tuple(_doubts(store, found))
    if doubts and not anyway:
        raise UsageError(
            f"these results are no mark to hold: {'; '.join(doubts)}",
            hint="run it again, or say --anyway",
        )
    by = ctx.annotator(annotator)
    baseline = BaselineFile.of(found, by=by, at=ctx.iso_now())
    path = paths.baseline_path(found.dataset, found.system.name)
    passed = sum(case.passed is True for case in baseline.cases.values())
    notices = (*doubts, *_remarks(found))
    old = ctx.workspace.read(path)
    if old is not None and _same(baselines.decode(old, path), baseline):
        return Blessed(baseline, path, passed, notices, None)
    change = ctx.workspace.change(path, baselines.encode(baseline))
    committed = ctx.record([change], _message(baseline, passed, by))
    return Blessed(baseline, path, passed, notices, committed.commit)


def _refuse_a_part(results: Results, path: Path) -> None:
    part = None
    if results.shard is not None:
        part = f"shard {results.shard}: join the shards with `labeltool merge` first"
    elif results.filters:
        asked = ", ".join(f"--{name}" for name in results.filters)
        part = f"a part of the suite ({asked}): run all of it"
    if part is not None:
        raise UsageError(f"{path} holds {part}", hint="a baseline is a whole run")
    if not results.cases:
        raise UsageError(f"{path} holds no case", hint="a run of nothing is no mark")


def _doubts(store: DatasetStore, results: Results) -> Iterator[str]:
    if results.verdict == "incomplete":
        yield f"the run is incomplete ({results.why})"
    if results.rubric != store.rubric.ref:
        yield f"they were made under {results.rubric}, the rubric is {store.rubric.ref} now"
    now = {case.id: case_hash(case) for case in store.cases().values}
    changed = sum(now.get(case.id) != case.case_hash for case in results.cases)
    if changed:
        cases = "case has" if changed == 1 else "cases have"
        yield f"{changed} {cases} changed since"


def _remarks(results: Results) -> Iterator[str]:
    if results.verdict == "fail":
        yield f"the run failed its gates ({results.why}): this mark is a low one"
    if results.git.dirty:
        yield "the run was made from files that were not committed"


def _same(old: BaselineFile, new: BaselineFile) -> bool:
    """Whether blessing again would say nothing new but who and when."""
    return old.run_id == new.run_id and old.cases == new.cases


def _message(baseline: BaselineFile, passed: int, by: str) -> CommitMessage:
    return CommitMessage(
        f"bless {baseline.system.name} on {baseline.dataset}: "
        f"{passed} of {len(baseline.cases)} cases pass",
        body=f"Run {baseline.run_id} of {baseline.created_at}, judged by {baseline.judge.name}.",
        trailers={
            "Labeltool-Kind": "bless",
            "Labeltool-Dataset": baseline.dataset,
            "Labeltool-Annotator": by,
            "Labeltool-Rubric": baseline.rubric,
        },
    )
