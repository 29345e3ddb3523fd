"""The comparison that the app shows: of the newest runs remembered here, without running any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from labeltool.commands.compare import with_families
from labeltool.commands.compare_table import Question, tabulate
from labeltool.commands.context import Context
from labeltool.commands.runs import RunEntry, runs
from labeltool.commands.runs_case import CaseDetail, detail
from labeltool.commands.runs_cases import CaseRow, RunCases
from labeltool.errors import DataError
from labeltool.model.result import CaseResult, Results
from labeltool.report.compare import (
    basis,
    handed_over,
    lost,
    name_of,
    noticed,
    sensitivities,
    shown,
    standing_of,
    verdict,
    weight_of,
)
from labeltool.rules.candidates import Candidate
from labeltool.rules.compared import Compared

MOST_SYSTEMS = 12


@dataclass(frozen=True)
class Parted:
    """A case where systems part: the first that fails it, and the first that passes it."""

    passes: tuple[str, ...]
    fails: tuple[str, ...]
    failed_in: RunEntry
    row: CaseRow
    passed_in: RunEntry
    there: CaseRow

    def read(self, ctx: Context) -> CaseDetail:
        """Where it fails, beside where it passes. Raises DataError."""
        return detail(ctx, self.failed_in, self.row, (self.passed_in, self.there))


@dataclass(frozen=True)
class ComparedView:
    """The answer in words, the matrix as texts (a head and lines), and where the systems part:
    first what the winner fails.
    """

    compared: Compared
    verdict: str
    basis: str
    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    changes: tuple[str, ...]
    notes: tuple[str, ...]
    parted: tuple[Parted, ...]
    pairwise: str | None


def compared_view(
    ctx: Context, dataset: str | None = None, *, read: Callable[[int], object] = lambda _: None
) -> ComparedView:
    """Of the newest whole run of each system that was graded as the newest one was. `read` is told
    how many cases were read. Raises UsageError, DataError.
    """
    entries = _newest(ctx, dataset)
    candidates, cases = [], {}
    for name, entry in entries.items():
        assert entry.head is not None
        kept = RunCases(entry)
        for many in kept.read():
            read(many)
        cases[name] = kept
        candidates.append(Candidate.of(name, entry.head, _results(entry)))
    settings = ctx.workspace.settings
    found = with_families(tabulate(candidates, settings, Question()), settings)
    return ComparedView(
        compared=found,
        verdict=verdict(found),
        basis=basis(found),
        head=("criterion", "weight", *(entry.name for entry in found.by_total)),
        lines=tuple(_lines(found)),
        changes=tuple(sensitivities(found)),
        notes=tuple(noticed(found)),
        parted=tuple(_parted(found, entries, cases)),
        pairwise=handed_over(found),
    )


def _newest(ctx: Context, dataset: str | None) -> dict[str, RunEntry]:
    alike: tuple[object, ...] | None = None
    found: dict[str, RunEntry] = {}
    for entry in runs(ctx, dataset=dataset).entries:
        if entry.head is None or not _whole(entry.head):
            continue
        alike = alike or _graded(entry.head)
        if _graded(entry.head) == alike and len(found) < MOST_SYSTEMS:
            found.setdefault(entry.head.system.name, entry)
    if len(found) < 2:
        ran = f"only {next(iter(found))} has run" if found else "no system has run"
        raise DataError(
            f"{ran} on the whole suite as it is graded now: there is nothing to compare",
            hint="type: labeltool compare SYSTEM SYSTEM",
        )
    return dict(sorted(found.items()))


def _whole(head: Results) -> bool:
    return (
        head.verdict != "incomplete"
        and head.shard is None
        and not head.filters
        and not any(tier.not_run for tier in head.tiers.values())
    )


def _graded(head: Results) -> tuple[object, ...]:
    judge = None if head.scores == "human" else head.judge.fingerprint
    return head.dataset, head.rubric, head.scores, judge


def _results(entry: RunEntry) -> list[CaseResult]:
    """Without the texts, which a comparison does not look at."""
    empty: dict[str, Any] = {"output": None, "rationale": {}, "evidence": {}}
    return [case.model_copy(update=empty) for case, _, _ in entry.lookup().cases()]


def _lines(found: Compared) -> list[tuple[str, ...]]:
    entries = found.by_total
    lines: list[tuple[str, ...]] = [
        (
            name_of(found, row),
            weight_of(found, row),
            *(shown(row, entry.values.get(row.key)) for entry in entries),
        )
        for row in found.rows
    ]
    standings = zip(*map(standing_of, entries), strict=True)
    for title, values in zip(("total", "95%", "best in"), standings, strict=True):
        lines.append((title, "", *values))
    return lines


def _parted(
    found: Compared, entries: dict[str, RunEntry], cases: dict[str, RunCases]
) -> list[Parted]:
    rows = []
    for id, passes, fails in lost(found):
        row, there = cases[fails[0]].rows[id], cases[passes[0]].rows[id]
        rows.append(
            Parted(
                passes, fails, entries[fails[0]], replace(row, side=None), entries[passes[0]], there
            )
        )
    return rows
