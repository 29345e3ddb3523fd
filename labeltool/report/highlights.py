"""The first cases of a run that somebody should look at, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from labeltool.model.result import CaseResult, Results

SHOWN, SHOWN_GREEN = 10, 3
SHOWN_BESIDE_BROKEN = 3
ERRORS_SHOWN, ERROR_IDS = 5, 3
OPEN_SHOWN = 100


@dataclass
class Highlights:
    """Fed case by case; what it keeps does not grow with the run.

    broken: passed at the baseline and fail now (`broken_ids` are all of those). failed: the others
    that fail. open_passed: an open case is a known bug, and only named when it passes.
    """

    shown: int = SHOWN
    broken_ids: frozenset[str] = frozenset()
    broken: list[CaseResult] = field(default_factory=list)
    failed: list[CaseResult] = field(default_factory=list)
    errors: dict[str, list[CaseResult]] = field(default_factory=dict)
    error_counts: Counter[str] = field(default_factory=Counter)
    broken_total: int = 0
    failed_total: int = 0
    errors_total: int = 0
    open_passed: list[str] = field(default_factory=list)
    open_passed_total: int = 0

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
        return cls(SHOWN_GREEN if results.verdict == "pass" else SHOWN, frozenset(broken))

    def add(self, case: CaseResult) -> None:
        if case.status == "open":
            if case.passed:
                self.open_passed_total += 1
                if len(self.open_passed) < OPEN_SHOWN:
                    self.open_passed.append(case.id)
        elif case.error is not None:
            self._add_error(f"{case.error.kind}: {case.error.message}", case)
        elif not case.passed and case.id in self.broken_ids:
            self.broken_total += 1
            if len(self.broken) < self.shown:
                self.broken.append(case)
        elif not case.passed:
            self.failed_total += 1
            if len(self.failed) < self._shown_failed:
                self.failed.append(case)

    @property
    def _shown_failed(self) -> int:
        return min(self.shown, SHOWN_BESIDE_BROKEN) if self.broken_ids else self.shown

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
