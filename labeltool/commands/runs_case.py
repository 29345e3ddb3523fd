"""One case of a run in full: what went in, what came out, what graders and people say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeltool.commands.context import Context
from labeltool.commands.runs import RunEntry
from labeltool.commands.runs_cases import CaseRow, missed
from labeltool.errors import LabeltoolError
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.hashing import case_hash, input_hash, text_hash
from labeltool.model.resolution import Resolution
from labeltool.model.result import CaseResult, Results
from labeltool.rules.human import HumanScore, blind_outputs
from labeltool.runner.humans import HumanIndex
from labeltool.runner.repeats import is_flaky
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class People:
    """What people say of this very text now. `hidden`: it is in an open round, which is blind."""

    rubric: str
    said: HumanScore | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Other:
    """The same case elsewhere. `name`: which run. output: None where its text is not kept here."""

    name: str
    output: str | None
    scores: Mapping[str, Score] = field(default_factory=dict)
    passed: bool | None = None


@dataclass(frozen=True)
class CaseDetail:
    """A result with all that stands around it.

    case: as it is now, None where it cannot be read; `changed` says so, or that it was edited
    since. lost: the criteria that cost it its pass. snapshots: those that hold this very output.
    again, record: the commands that run just this case again, and that record its output.
    """

    head: Results
    result: CaseResult
    case: Case | None
    path: str
    changed: str | None
    lost: tuple[str, ...]
    flaky: bool
    people: People | None
    other: Other | None
    snapshots: tuple[str, ...]
    again: str
    record: str

    @property
    def label_in(self) -> str | None:
        """The snapshot in which this output can be labelled: that of the run's system first."""
        if self.head.system.name in self.snapshots:
            return self.head.system.name
        return self.snapshots[0] if self.snapshots else None


def detail(
    ctx: Context,
    entry: RunEntry,
    row: CaseRow,
    other: tuple[RunEntry, CaseRow] | None = None,
) -> CaseDetail:
    """`row` of `entry` in full, beside `other`, else beside what the baseline had.

    Raises DataError where the result cannot be read any more.
    """
    assert entry.head is not None
    head, result = entry.head, entry.lookup().at(row.start, row.length)
    case: Case | None = None
    changed: str | None = None
    snapshots: tuple[str, ...] = ()
    people: People | None = None
    try:
        store = ctx.workspace.dataset(head.dataset)
    except LabeltoolError as error:
        changed = f"the dataset cannot be read: {error.message}"
    else:
        case, changed = _case(store, result)
        snapshots = _holders(store, result)
        people = _people(ctx, store, case, result, snapshots)
    return CaseDetail(
        head=head,
        result=result,
        case=case,
        path=paths.case_path(head.dataset, result.tier, result.id),
        changed=changed,
        lost=missed(result, head),
        flaky=is_flaky(result),
        people=people,
        other=_other(head, result, other),
        snapshots=snapshots,
        again=_again(ctx, head, result),
        record=f"{_again(ctx, head, result)} --record NAME",
    )


def _case(store: DatasetStore, result: CaseResult) -> tuple[Case | None, str | None]:
    try:
        case = store.case(result.id)
    except LabeltoolError as error:
        return None, f"the case cannot be read: {error.message}"
    if case_hash(case) != result.case_hash:
        return case, "the case was edited since this run: what stands here is the new one"
    return case, None


def _holders(store: DatasetStore, result: CaseResult) -> tuple[str, ...]:
    """The snapshots whose output of this case is this very text."""
    found = []
    for system in store.systems if result.output_hash is not None else ():
        try:
            output = store.output(system, result.id)
        except LabeltoolError:
            continue  # a broken file holds nothing; `check` says what is wrong with it
        if output is not None and text_hash(output.output) == result.output_hash:
            found.append(system)
    return tuple(found)


def _people(
    ctx: Context,
    store: DatasetStore,
    case: Case | None,
    result: CaseResult,
    snapshots: tuple[str, ...],
) -> People | None:
    """None where nothing may be known: no such text among the snapshots, or files are broken."""
    if case is None or result.output_hash is None or not snapshots:
        return None
    key = (result.id, result.output_hash)
    try:
        rounds = store.rounds()
        if rounds.problems:
            return None  # one that cannot be read may be open
        blind = blind_outputs(rounds.values)
        index = HumanIndex(store.rubric)
        if any((system, result.id) in blind for system in snapshots):
            return People(store.rubric.ref, hidden=True)
        for system in snapshots:
            labels = (store.label(who, system, result.id) for who in store.annotators)
            index.labels[key] += [label for label in labels if label is not None]
            path = paths.resolution_path(store.name, system, result.id)
            resolution = ctx.workspace.load(path, Resolution)
            index.resolutions[key] += [resolution] if resolution is not None else []
        return People(store.rubric.ref, index.score(*key[:1], input_hash(case.input), key[1]))
    except LabeltoolError:
        return None


def _other(
    head: Results, result: CaseResult, other: tuple[RunEntry, CaseRow] | None
) -> Other | None:
    if other is not None:
        entry, row = other
        there = entry.lookup().at(row.start, row.length)
        return Other(short_name(entry), there.output, there.scores, there.passed)
    before = head.baseline.before.get(result.id) if head.baseline is not None else None
    if head.baseline is None or before is None:
        return None
    name = f"baseline {head.baseline.name or head.baseline.run_id}"
    return Other(name, before.output, before.scores, passed=True)


def short_name(entry: RunEntry) -> str:
    """`lead 93b5cb`: the system, and the end of the run's id."""
    end = entry.id.rpartition("-")[2]
    return f"{entry.head.system.name} {end}" if entry.head is not None else end


def _again(ctx: Context, head: Results, result: CaseResult) -> str:
    said = f"--system {head.system.name}"
    if head.dataset != ctx.workspace.settings.dataset:
        said = f"--dataset {head.dataset} {said}"
    if head.scores == "human":
        said += " --scores human"
    return f"labeltool run {said} --case {result.id}"
