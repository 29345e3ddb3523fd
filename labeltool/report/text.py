"""What a person needs first of a run, as short texts without layout: the command line draws
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from labeltool.model.result import CaseResult, CriterionRef, Results, TierResult
from labeltool.safe_text import one_line, visible

SHOWN = 10
MARKS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "incomplete": "!", None: "–"}
QUOTE_CHARS = 240


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


@dataclass
class Highlights:
    """The first failing cases and the first errors of a run, and how many there are of each.

    Fed case by case, so that a run of any size costs no memory. Open cases are known bugs: they
    are counted.
    """

    shown: int = SHOWN
    failed: list[CaseResult] = field(default_factory=list)
    errors: list[CaseResult] = field(default_factory=list)
    failed_total: int = 0
    errors_total: int = 0
    fixed: list[str] = field(default_factory=list)

    def add(self, case: CaseResult) -> None:
        if case.status == "open":
            if case.passed:
                self.fixed.append(case.id)
        elif case.error is not None:
            self.errors_total += 1
            if len(self.errors) < self.shown:
                self.errors.append(case)
        elif not case.passed:
            self.failed_total += 1
            if len(self.failed) < self.shown:
                self.failed.append(case)

    @classmethod
    def of(cls, cases: Iterable[CaseResult]) -> Highlights:
        found = cls()
        for case in cases:
            found.add(case)
        return found

    @property
    def listed(self) -> list[CaseResult]:
        """Failing cases, then errors, in all at most `shown`; some of each where there are both."""
        room = max(self.shown - len(self.errors), self.shown - 3)
        failed = self.failed[:room]
        return [*failed, *self.errors[: self.shown - len(failed)]]

    @property
    def more(self) -> int:
        return self.failed_total + self.errors_total - len(self.listed)


def headline(results: Results) -> str:
    """The verdict, why, and the judge's standing where it still counts."""
    judge = [note for note in results.notices if note.startswith("judge ")]
    return " · ".join([f"{results.verdict.upper()}  {visible(results.why)}", *map(visible, judge)])


def place(results: Results) -> str:
    """Which run this is: dataset, system, run."""
    return " · ".join(
        (results.dataset, results.system.name, results.rubric, f"run {results.run_id}")
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
    """The listed cases with their reasons. `dataset` is the default one, which need not be
    named.
    """
    options = f"--system {results.system.name}"
    if dataset is not None and dataset != results.dataset:
        options = f"--dataset {results.dataset} {options}"
    if results.scores == "human":
        options += " --scores human"
    return [
        Failing(
            id=case.id,
            tier=case.tier,
            what=_what(case, results),
            lost=tuple(reasons(case, results)),
            again=f"labeltool run {options} --case {case.id}",
        )
        for case in highlights.listed
    ]


def _what(case: CaseResult, results: Results) -> str:
    if case.error is not None:
        return "error"
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
    for criterion, id, score in sorted(
        (missed or criteria) if below_mark else [one for one in missed if one[0].required],
        key=lambda one: (not one[0].required, -one[0].weight * (one[0].max - int(one[2]))),
    ):
        lost.append(_lost(criterion, id, int(score), case))
    return lost


def _lost(criterion: CriterionRef, id: str, score: int, case: CaseResult) -> str:
    if score < criterion.pass_at:
        level = f"{id} {score} → {criterion.pass_at} is met"
    else:
        level = f"{id} {score} of {criterion.max}"
    if criterion.required:
        level += ", required"
    why = case.rationale.get(id, "")
    quotes = case.evidence.get(id, ())
    said = " ".join(
        [one_line(why, QUOTE_CHARS), *(f"“{one_line(q, 120)}”" for q in quotes[:1])]
    ).strip()
    return f"{level}: {said}" if said else level
