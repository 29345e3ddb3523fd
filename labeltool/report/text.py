"""What a person needs first of a run, as short texts without layout: the command line draws
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from labeltool.model.result import CaseResult, CriterionRef, Results, TierResult
from labeltool.safe_text import one_line, visible

SHOWN, SHOWN_GREEN = 10, 3
ERRORS_SHOWN, ERROR_IDS = 5, 3
MARKS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "incomplete": "!", None: "–"}
QUOTE_CHARS = 240

Lost = tuple[CriterionRef, str, int]


@dataclass(frozen=True, slots=True)
class TierRow:
    tier: str
    passed: str
    rate: str
    interval: str
    gate: str
    verdict: str
    more: str


@dataclass(frozen=True, slots=True)
class Failing:
    """One case that did not pass: `lost` are the reasons, the gravest first."""

    id: str
    tier: str
    what: str
    lost: tuple[str, ...]
    again: str


@dataclass(frozen=True, slots=True)
class Errors:
    """The cases that met with one and the same error; `ids` the first of them."""

    error: str
    count: int
    ids: tuple[str, ...]
    again: str


@dataclass
class Highlights:
    """The first failing cases and errors of a run, and how many there are of each.

    Fed case by case; what it keeps does not grow with the run. An open case is a known bug: it is
    only named when it passes.
    """

    shown: int = SHOWN
    failed: list[CaseResult] = field(default_factory=list)
    errors: dict[str, list[CaseResult]] = field(default_factory=dict)
    error_counts: Counter[str] = field(default_factory=Counter)
    failed_total: int = 0
    errors_total: int = 0
    fixed: list[str] = field(default_factory=list)

    def add(self, case: CaseResult) -> None:
        if case.status == "open":
            if case.passed:
                self.fixed.append(case.id)
        elif case.error is not None:
            self._add_error(f"{case.error.kind}: {case.error.message}", case)
        elif not case.passed:
            self.failed_total += 1
            if len(self.failed) < self.shown:
                self.failed.append(case)

    def _add_error(self, error: str, case: CaseResult) -> None:
        self.errors_total += 1
        if error not in self.errors:
            if len(self.errors) >= ERRORS_SHOWN:
                return
            self.errors[error] = []
        self.error_counts[error] += 1
        if len(self.errors[error]) < ERROR_IDS:
            self.errors[error].append(case)

    @classmethod
    def of(cls, cases: Iterable[CaseResult], shown: int = SHOWN) -> Highlights:
        found = cls(shown)
        for case in cases:
            found.add(case)
        return found

    @property
    def more(self) -> int:
        """Failing cases and errors that are not shown in any way."""
        told = len(self.failed) + self.error_counts.total()
        return self.failed_total + self.errors_total - told


def how_many(results: Results) -> int:
    """How many failing cases to show: where no gate was lost, a few."""
    return SHOWN_GREEN if results.verdict == "pass" else SHOWN


def headline(results: Results) -> str:
    """The verdict, why, and the judge's standing where it still counts."""
    judge = [note for note in results.notices if note.startswith("judge ")]
    return " · ".join([f"{results.verdict.upper()}  {visible(results.why)}", *map(visible, judge)])


def place(results: Results) -> str:
    """Which run this is: dataset, system, run."""
    return " · ".join(
        (
            results.dataset,
            results.system.name,
            results.rubric,
            f"run {results.run_id.rpartition('-')[2]}",
        )
    )


def notes(results: Results) -> list[str]:
    """What else was noticed; the judge's standing is in the headline."""
    found = [visible(note) for note in results.notices if not note.startswith("judge ")]
    if results.not_judged:
        found.append(f"not judged by machine: {', '.join(results.not_judged)}")
    human = results.human
    if human.outputs and results.scores == "machine":
        differ = sum(met["differ"] for met in human.criteria.values())
        of = sum(met["n"] for met in human.criteria.values())
        if of:
            scored = f"{human.outputs} outputs have human scores"
            found.append(f"{scored}: {differ} of {of} scores of criteria differ")
    return found


def tier_rows(results: Results) -> list[TierRow]:
    return [_tier_row(name, tier) for name, tier in results.tiers.items()]


def _tier_row(name: str, tier: TierResult) -> TierRow:
    counted = (
        (tier.errors, "error", "errors"),
        (tier.open, "open", "open"),
        (tier.skipped, "skipped", "skipped"),
        (tier.not_run, "not run", "not run"),
        (tier.unverified, "unverified", "unverified"),
    )
    return TierRow(
        tier=name,
        passed=f"{tier.passed}/{tier.cases}",
        rate="–" if tier.pass_rate is None else f"{tier.pass_rate:.2f}",
        interval=""
        if tier.interval is None
        else f"[{tier.interval[0]:.2f} {tier.interval[1]:.2f}]",
        gate=_gate(tier),
        verdict=f"{MARKS[tier.verdict]} {tier.verdict or 'no gate'}",
        more=", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counted if n),
    )


def _gate(tier: TierResult) -> str:
    if tier.threshold is None:
        return "–"
    sign = ">=" if tier.rule == "observed" else "low >="
    mean = "" if tier.metric in (None, "pass_rate") else f"{tier.metric} "
    return f"{mean.replace('_', ' ')}{sign} {tier.threshold:g}"


def failing(
    results: Results, highlights: Highlights, *, dataset: str | None = None
) -> list[Failing]:
    """The failing cases to show. `dataset` is the default one, which need not be named."""
    return [
        Failing(
            id=case.id,
            tier=case.tier,
            what=_what(case, results),
            lost=tuple(reasons(case, results)),
            again=_again(case, results, dataset),
        )
        for case in highlights.failed
    ]


def errors(results: Results, highlights: Highlights, *, dataset: str | None = None) -> list[Errors]:
    """The errors to show, those that say the same as one."""
    return [
        Errors(
            error=one_line(error, QUOTE_CHARS),
            count=highlights.error_counts[error],
            ids=tuple(case.id for case in cases),
            again=_again(cases[0], results, dataset),
        )
        for error, cases in highlights.errors.items()
    ]


def _again(case: CaseResult, results: Results, dataset: str | None) -> str:
    options = f"--system {results.system.name}"
    if dataset is not None and dataset != results.dataset:
        options = f"--dataset {results.dataset} {options}"
    if results.scores == "human":
        options += " --scores human"
    return f"labeltool run {options} --case {case.id}"


def _what(case: CaseResult, results: Results) -> str:
    if case.score is None:
        return "checks only"
    mark = f"{results.pass_mark:g}"
    side = "under" if case.score < results.pass_mark - 1e-9 else "reaches"
    return f"score {_short_of(case.score, results.pass_mark)} {side} {mark}"


def _short_of(score: float, mark: float) -> str:
    """Two decimals, or more where two would look like the mark that it misses."""
    return next(
        (
            text
            for places in (2, 3, 4)
            if float(text := f"{score:.{places}f}") != mark or abs(score - mark) <= 1e-9
        ),
        f"{score:.6f}",
    )


def reasons(case: CaseResult, results: Results) -> list[str]:
    """Why the case did not pass: the error, the checks missed, the criteria lost, the gravest
    first.
    """
    if case.error is not None:
        return [f"{case.error.kind}: {one_line(case.error.message, QUOTE_CHARS)}"]
    lost = [f"check {c.id}: {one_line(c.detail, QUOTE_CHARS)}" for c in case.checks if not c.passed]
    criteria = [
        (criterion, id, score)
        for id, score in case.scores.items()
        if (criterion := results.criteria.get(id)) is not None
        and score != "na"
        and score < criterion.max
    ]
    missed = [one for one in criteria if one[2] < one[0].pass_at]
    below_mark = case.score is not None and case.score < results.pass_mark - 1e-9
    alike: dict[str, list[Lost]] = {}
    for criterion, id, score in sorted(
        (missed or criteria) if below_mark else [one for one in missed if one[0].required],
        key=lambda one: (not one[0].required, -one[0].weight * (one[0].max - int(one[2]))),
    ):
        # What was said of several criteria is told once; where nothing was, each has its line.
        said = _said(id, case)
        alike.setdefault(said or f"\0{id}", []).append((criterion, id, int(score)))
    for said, of in alike.items():
        levels = _levels(of)
        lost.append(levels if said.startswith("\0") else f"{levels}: {said}")
    return lost


def _levels(lost: Iterable[Lost]) -> str:
    """The scores, and from which level each is met: once for those that have it in common."""
    by_demand: dict[str, list[str]] = {}
    for criterion, id, score in lost:
        under = score < criterion.pass_at
        demand = [f"met from {criterion.pass_at}"] if under else []
        demand += ["required"] if criterion.required else []
        level = f"{id} {score}" if under else f"{id} {score} of {criterion.max}"
        by_demand.setdefault(", ".join(demand), []).append(level)
    return " · ".join(
        ", ".join(levels) + (f"{'; ' if len(levels) > 1 else ', '}{demand}" if demand else "")
        for demand, levels in by_demand.items()
    )


def _said(id: str, case: CaseResult) -> str:
    """Why a grader gave that score, with its first quote."""
    quotes = [f"“{one_line(quote, 120)}”" for quote in case.evidence.get(id, ())[:1]]
    return " ".join([one_line(case.rationale.get(id, ""), QUOTE_CHARS), *quotes]).strip()
