"""`compare`: run the whole suite on each candidate, and lay out the decision matrix."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from labeltool.commands.compare_table import Question, same_family, tabulate
from labeltool.commands.context import Context
from labeltool.commands.run import CaseDone, Estimate, Finished, Request, Started, Stop, run
from labeltool.commands.run_setup import prepare
from labeltool.commands.saved_results import open_results, results_of
from labeltool.config import OpenAIJudge, OpenAISystem, Settings
from labeltool.errors import IncompleteError, UsageError
from labeltool.model.hashing import case_hash
from labeltool.model.result import CaseResult, Results
from labeltool.rules.candidates import Candidate
from labeltool.rules.compared import Compared
from labeltool.runner.build import system_name
from labeltool.runner.heads import cases_of, heads
from labeltool.store import paths

__all__ = [
    "Candidate",
    "Compared",
    "Question",
    "Reused",
    "Running",
    "compare",
    "compare_results",
]


@dataclass(frozen=True)
class Running:
    """A system is about to be run: number `n` of `of`."""

    system: str
    n: int
    of: int


@dataclass(frozen=True)
class Reused:
    """A system was run before, on the very same cases, rubric, system and judge."""

    system: str
    run_id: str


Event = Running | Reused | Estimate | Started | CaseDone


async def compare(
    ctx: Context,
    systems: Sequence[str],
    request: Request,
    question: Question,
    *,
    run_id: Callable[[], str],
    stop: Stop,
    clock: Callable[[], float],
) -> AsyncGenerator[Event | Compared, None]:
    """Events of each system's run, at last Compared. `request`: of each run, its system apart.

    What ran before is not run again, unless `request.cache` is off. Raises every LabeltoolError of
    a run, and IncompleteError where one was stopped.
    """
    store = ctx.workspace.dataset(request.dataset)
    names = [system_name(ctx.workspace, store, said) for said in systems]
    _named_once(names)
    candidates = []
    for n, name in enumerate(names, 1):
        asked = replace(request, system=name, out=None)
        known = await _known(ctx, asked, name, clock) if request.cache else None
        if known is not None:
            yield Reused(name, known.run_id)
            runs = _runs(ctx)
            candidates.append(Candidate.of(name, known, cases_of(runs, known)))
            continue
        yield Running(name, n, len(names))
        async with aclosing(run(ctx, asked, run_id=run_id(), stop=stop, clock=clock)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    candidates.append(_finished(name, event))
                elif isinstance(event, Estimate | Started | CaseDone):
                    yield event
    settings = ctx.workspace.settings
    yield with_families(tabulate(candidates, settings, question), settings)


def compare_results(ctx: Context, said: Sequence[str], base: Path, question: Question) -> Compared:
    """From results files alone, below `base`, or `REF:path` of a git commit.

    A system that stands in two of them is called by what was said. Raises UsageError, DataError.
    """
    found = [(one, *_read(ctx, one, base)) for one in said]
    names = [head.system.name for _, head, _ in found]
    candidates = [
        Candidate.of(name if names.count(name) == 1 else one, head, cases)
        for (one, head, cases), name in zip(found, names, strict=True)
    ]
    settings = ctx.workspace.settings
    return with_families(tabulate(candidates, settings, question), settings)


def with_families(compared: Compared, settings: Settings) -> Compared:
    """With a word about a judge that may favour its own family."""
    head = compared.entries[0].candidate.head
    judge = settings.judges.get(head.judge.name)
    if head.scores == "human" or not isinstance(judge, OpenAIJudge):
        return compared
    own = [
        entry.name
        for entry in compared.entries
        if isinstance(
            system := settings.systems.get(entry.candidate.head.system.name), OpenAISystem
        )
        and same_family(judge.model, system.model)
    ]
    if not own:
        return compared
    notice = (
        f"judge {head.judge.name} ({judge.model}) is of the family of {', '.join(own)}: "
        "judges favour their own; check with --scores human or another judge"
    )
    return replace(compared, notices=(*compared.notices, notice))


def _named_once(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name} is named twice", hint="name each system once")


async def _known(
    ctx: Context, request: Request, name: str, clock: Callable[[], float]
) -> Results | None:
    """A finished run of the very same inputs, the newest."""
    store = ctx.workspace.dataset(request.dataset)
    planned = prepare(ctx, store, request, name, run_id="", clock=clock)
    try:
        wanted = planned.identity.settings_hash
        same = [
            head
            for head in heads(_runs(ctx))
            if head.settings_hash == wanted and head.shard is None and _whole(head)
        ]
        cases = {case.id: case_hash(case) for case in planned.plan} if same else {}
    finally:
        await planned.close()
    for head in same:
        if {case.id: case.case_hash for case in cases_of(_runs(ctx), head)} == cases:
            return head
    return None


def _whole(head: Results) -> bool:
    return head.verdict != "incomplete" and not any(t.not_run for t in head.tiers.values())


def _runs(ctx: Context) -> Path:
    return ctx.workspace.root / paths.SCRATCH / "runs"


def _finished(name: str, finished: Finished) -> Candidate:
    results = finished.results
    not_run = sum(tier.not_run for tier in results.tiers.values())
    if finished.signum is not None or not_run:
        raise IncompleteError(
            f"the run of {name} was stopped with {not_run:,} cases to go: nothing was compared",
            hint=f"go on with it: labeltool run --system {name} --resume, then compare again",
        )
    return Candidate.of(name, results, finished.cases())


def _read(
    ctx: Context, said: str, base: Path
) -> tuple[Results, Iterator[CaseResult] | Sequence[CaseResult]]:
    path = base / said
    ref, colon, inside = said.partition(":")
    if path.exists() or not colon:
        saved = open_results(path)
        return saved.head, saved.cases()
    from labeltool.history.ancestor import commit_of, file_at

    repository = ctx.history.repository
    commit = commit_of(repository, ref)
    data = file_at(repository, commit, inside)
    if data is None:
        raise UsageError(
            f"{inside} is not in {ref} ({commit[:7]})", hint="say FILE, or REF:path/in/workspace"
        )
    results = results_of(data, Path(said))
    return results, results.cases
