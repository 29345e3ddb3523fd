"""The first cases of a run that somebody should look at, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from labeltool.model.result import CaseResult, Results

SHOWN, SHOWN_GREEN = 10, 3
SHOWN_BESIDE_BROKEN = 3
ERRORS_SHOWN, ERROR_IDS = 5, 3
OPEN_SHOWN = 100


@dataclass
class Kept:
    """The first `most` cases of each tier, and how many there are of all."""

    most: int
    by_tier: dict[str, list[CaseResult]] = field(default_factory=dict)
    total: int = 0

    def add(self, case: CaseResult) -> None:
        self.total += 1
        kept = self.by_tier.setdefault(case.tier, [])
        if len(kept) < self.most:
            kept.append(case)

    def chosen(self, red: Collection[str]) -> list[CaseResult]:
        """`most` of them: those of the tiers whose gate was lost first, and some of each such tier,
        so that no lost gate goes without its cases.
        """
        found: list[CaseResult] = []
        for lost in (True, False):
            tiers = [kept for tier, kept in self.by_tier.items() if (tier in red) == lost]
            if not tiers or len(found) >= self.most:
                continue
            share = -(-(self.most - len(found)) // len(tiers))
            first = [case for kept in tiers for case in kept[:share]]
            rest = [case for kept in tiers for case in kept[share:]]
            chosen = {case.id for case in [*first, *rest][: self.most - len(found)]}
            found += [case for kept in tiers for case in kept if case.id in chosen]
        return found


@dataclass
class Highlights:
    """Fed case by case; what it keeps does not grow with the run.

    broken: passed at the baseline and fail now (`broken_ids` are all of those). failed: the others
    that fail. red: the tiers whose gate was lost. open_passed: an open case is a known bug, and
    only named when it passes.
    """

    shown: int = SHOWN
    broken_ids: frozenset[str] = frozenset()
    red: frozenset[str] = frozenset()
    errors: dict[str, list[CaseResult]] = field(default_factory=dict)
    error_counts: Counter[str] = field(default_factory=Counter)
    errors_total: int = 0
    open_passed: list[str] = field(default_factory=list)
    open_passed_total: int = 0
    _broken: Kept = field(init=False)
    _failed: Kept = field(init=False)

    def __post_init__(self) -> None:
        self._broken = Kept(self.shown)
        others = min(self.shown, SHOWN_BESIDE_BROKEN) if self.broken_ids else self.shown
        self._failed = Kept(others)

    @classmethod
    def of(cls, results: Results, cases: Iterable[CaseResult]) -> Highlights:
        """Those of a run's `cases`; more of them where a gate was lost."""
        found = cls.empty(results)
        for case in cases:
            found.add(case)
        return found

    @classmethod
    def empty(cls, results: Results) -> Highlights:
        broken = results.baseline.broken if results.baseline is not None else ()
        red = (tier for tier, one in results.tiers.items() if one.verdict not in ("pass", None))
        shown = SHOWN_GREEN if results.verdict == "pass" else SHOWN
        return cls(shown, frozenset(broken), frozenset(red))

    @property
    def broken(self) -> list[CaseResult]:
        return self._broken.chosen(self.red)

    @property
    def failed(self) -> list[CaseResult]:
        return self._failed.chosen(self.red)

    @property
    def broken_total(self) -> int:
        return self._broken.total

    @property
    def failed_total(self) -> int:
        return self._failed.total

    def add(self, case: CaseResult) -> None:
        if case.status == "open":
            if case.passed:
                self.open_passed_total += 1
                if len(self.open_passed) < OPEN_SHOWN:
                    self.open_passed.append(case.id)
        elif case.error is not None:
            self._add_error(f"{case.error.kind}: {case.error.message}", case)
        elif not case.passed and case.id in self.broken_ids:
            self._broken.add(case)
        elif not case.passed:
            self._failed.add(case)

    def _add_error(self, error: str, case: CaseResult) -> None:
        self.errors_total += 1
        if error not in self.errors:
            if len(self.errors) >= ERRORS_SHOWN:
                return
            self.errors[error] = []
        self.error_counts[error] += 1
        if len(self.errors[error]) < ERROR_IDS:
            self.errors[error].append(case)

    @property
    def more(self) -> int:
        """Broken and failing cases and errors that are not shown in any way."""
        told = len(self.broken) + len(self.failed) + self.error_counts.total()
        return self.broken_total + self.failed_total + self.errors_total - told
