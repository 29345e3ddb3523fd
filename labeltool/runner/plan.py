"""Which cases a run takes, read one at a time, so that their number costs no memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from labeltool.errors import DataError, Problem, UnknownName, UsageError, Where
from labeltool.model.base import TIERS, Tier
from labeltool.model.case import Case
from labeltool.model.dataset import Gate
from labeltool.rules.eligible import is_verified, quarantine_over, sits_out
from labeltool.rules.shard import Shard
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore

KEPT_IN_MEMORY = 2_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for; empty means all. Tags are alternatives, and so are cases and
    tiers. `shard`: one part of what is left, which never stands for the whole.
    """

    tiers: tuple[Tier, ...] = ()
    cases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shard: Shard | None = None

    @property
    def is_filter(self) -> bool:
        return bool(self.cases or self.tags)


@dataclass
class Plan:
    """The cases of one run, in tier and id order, and how many were left out and why.

    `expected` is exact once the cases were read ahead, else it still counts those that will be
    skipped. The counters are whole when the iteration is.
    """

    store: DatasetStore
    selection: Selection
    tiers: tuple[Tier, ...]
    gates: Mapping[Tier, Gate]
    now: datetime
    expected: int = 0
    skipped: Counter[Tier] = field(default_factory=Counter)
    unverified: Counter[Tier] = field(default_factory=Counter)
    back: list[str] = field(default_factory=list)
    kept: list[Case] | None = None

    def __iter__(self) -> Iterator[Case]:
        """Cases to run. Raises DataError with every broken file, after the last."""
        if self.kept is not None:
            yield from self.kept
            return
        for counter in (self.skipped, self.unverified, self.back):
            counter.clear()
        problems: list[Problem] = []
        for found in self._found():
            if isinstance(found, Problem):
                problems.append(found)
            elif not problems and self._takes(found):
                yield found
        if problems:
            raise DataError.of(problems)

    def _found(self) -> Iterator[Case | Problem]:
        found = self._named() if self.selection.cases else self.store.iter_cases(self.tiers)
        shard = self.selection.shard
        if shard is None:
            return found
        return (one for one in found if isinstance(one, Problem) or shard.takes(one.id))

    def _named(self) -> Iterator[Case]:
        found = [self.store.case(id) for id in dict.fromkeys(self.selection.cases)]
        for case in found:
            if case.tier not in self.tiers:
                raise UsageError(
                    f"case {case.id} is in tier {case.tier}, which was not asked for",
                    hint=f"leave --tier out, or say --tier {case.tier}",
                )
            why = sits_out(case, self.now)
            if why is not None:
                raise UsageError(f"case {case.id} does not run: {why}", hint="set `status: active`")
        yield from sorted(found, key=lambda case: (TIERS.index(case.tier), case.id))

    def _takes(self, case: Case) -> bool:
        tags = self.selection.tags
        if tags and not any(tag in case.tags for tag in tags):
            return False
        if sits_out(case, self.now) is not None:
            self.skipped[case.tier] += 1
            return False
        gate = self.gates.get(case.tier)
        if gate is not None and gate.verified_only and not is_verified(case):
            self.unverified[case.tier] += 1
            return False
        if quarantine_over(case, self.now):
            self.back.append(case.id)
        return True


def make_plan(
    store: DatasetStore,
    selection: Selection,
    gates: Mapping[Tier, Gate],
    *,
    now: datetime,
    read_ahead: bool,
) -> Plan:
    """The plan, with every name in it checked.

    With `read_ahead` every file is read before the first case runs, so that a broken one costs no
    call; a small set is always read ahead, and kept. Raises UnknownName, UsageError, DataError.
    """
    counts = {tier: len(store.case_ids((tier,))) for tier in selection.tiers or TIERS}
    for tier in selection.tiers:
        if not counts[tier]:
            where = Where(f"{paths.DATASETS}/{store.name}/cases/{tier}")
            raise DataError(
                f"tier {tier} has no case", hint="add one, or leave it out", where=where
            )
    tiers = tuple(tier for tier, count in counts.items() if count)
    if not tiers:
        raise DataError(
            f"dataset {store.name} has no case",
            hint="write cases/golden/<id>.yaml, or `labeltool import FILE --as cases`",
            where=Where(f"{paths.DATASETS}/{store.name}/cases"),
        )
    _unique(store.case_ids(tiers))
    total = sum(counts.values())
    plan = Plan(store, selection, tiers, gates, now, expected=total)
    if selection.is_filter or read_ahead or total <= KEPT_IN_MEMORY:
        _read_ahead(plan, keep=selection.is_filter or total <= KEPT_IN_MEMORY)
    return plan


def _read_ahead(plan: Plan, *, keep: bool) -> None:
    kept: list[Case] = []
    plan.expected = 0
    for case in plan:
        plan.expected += 1
        if keep:
            kept.append(case)
    if plan.selection.tags:
        _check_tags(plan, kept)
    if not plan.expected and plan.selection.is_filter and plan.selection.shard is None:
        raise UsageError(
            "no case is left to run: a run of nothing is never green",
            hint="widen --tier, --case or --tag",
        )
    if keep:
        plan.kept = kept


def _check_tags(plan: Plan, kept: list[Case]) -> None:
    used = {tag for case in kept for tag in case.tags}
    for tag in plan.selection.tags:
        if tag not in used:
            known = {
                name
                for found in plan.store.iter_cases(plan.tiers)
                if isinstance(found, Case)
                for name in found.tags
            }
            if tag not in known:
                raise UnknownName("tag", tag, known)


def _unique(ids: list[str]) -> None:
    if len(set(ids)) == len(ids):
        return
    twice = sorted(id for id, count in Counter(ids).items() if count > 1)
    raise DataError(
        f"case {twice[0]} stands in two tiers",
        hint="a case id is unique over the tiers of its dataset: delete or rename one",
        where=Where(paths.DATASETS),
    )
