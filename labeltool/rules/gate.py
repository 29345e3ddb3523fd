"""Gates: from a tier's counts to a verdict that says why, and from tiers to the run's verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from labeltool.model.dataset import Gate
from labeltool.model.result import Correction
from labeltool.rules.corrected import NOTHING_GRADED, corrected
from labeltool.rules.scoring import EPSILON
from labeltool.stats.intervals import cases_to_settle, quantile, wilson

Verdict = Literal["pass", "fail", "inconclusive", "incomplete"]
ORDER: tuple[Verdict, ...] = ("fail", "incomplete", "inconclusive", "pass")
UNGATED_ERROR_RATE = 0.02
NOT_ASKED = Correction(why="no judge was asked")


@dataclass(frozen=True, slots=True)
class Counts:
    """One tier's results: passed + failed + errors = cases.

    `score_sum` is the sum of the scores (0..1) of the passed and failed; one that only its checks
    decide adds 1 or 0. `not_run` cases were planned and never graded, because the run was
    stopped. `left_out` were not verified, under a gate that counts verified ones only.
    """

    passed: int = 0
    failed: int = 0
    errors: int = 0
    score_sum: float = 0.0
    not_run: int = 0
    left_out: int = 0

    @property
    def cases(self) -> int:
        return self.passed + self.failed + self.errors

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.passed, self.cases) if self.cases else None

    @property
    def mean_score(self) -> float | None:
        graded = self.passed + self.failed
        return self.score_sum / graded if graded else None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A tier's verdict and the sentence that explains it. `passes`: whether the run may still
    pass.
    """

    verdict: Verdict
    why: str
    passes: bool


def judge_tier(gate: Gate, counts: Counts, correction: Correction = NOT_ASKED) -> Ruling:
    """Fail (even if every error had passed), incomplete, inconclusive, pass: in this order.

    correction: for a gate on the corrected pass rate; where it has none, nothing was measured.
    """
    planned = counts.cases + counts.not_run
    if planned < gate.min_cases:
        return _ruling("fail", _too_few(gate, counts, planned))
    bounds = _bounds(gate, counts, correction)
    if isinstance(bounds, str):
        return _ruling("incomplete", f"there is no corrected pass rate: {bounds}")
    worst, best = bounds
    if _outcome(gate, best) == "fail":
        return _ruling("fail", _below(gate, worst, best))
    if counts.not_run:
        return _ruling("incomplete", f"stopped: {counts.not_run} of {planned} cases were not run")
    if counts.errors > gate.max_error_rate * counts.cases + EPSILON:
        share = f"{_count(counts.errors, 'error')} in {_count(counts.cases, 'case')}"
        return _ruling(
            "incomplete", f"{share}: more than {gate.max_error_rate:.0%} measures nothing"
        )
    outcome = _outcome(gate, worst)
    if counts.errors and outcome != _outcome(gate, best):
        return _ruling("incomplete", f"{_count(counts.errors, 'error')} would decide it")
    if outcome == "inconclusive":
        return _inconclusive(gate, worst, _settles(gate, worst, counts, correction))
    return _ruling("pass", _above(gate, worst))


def lost(broken: Sequence[str], baseline: str) -> Ruling:
    """Of the tier that may lose nothing: these cases passed at the baseline and fail now."""
    shown = ", ".join(broken[:3]) + (f" and {len(broken) - 3} more" if len(broken) > 3 else "")
    fails = "fails" if len(broken) == 1 else "fail"
    return _ruling("fail", f"{shown} passed at {baseline} and {fails} now")


def judge_run(rulings: Iterable[Ruling]) -> Verdict:
    """The run's verdict: the worst of its tiers'; an inconclusive tier that may pass counts as
    a pass.
    """
    verdicts = {"pass" if ruling.passes else ruling.verdict for ruling in rulings}
    return next((verdict for verdict in ORDER if verdict in verdicts), "pass")


def judge_ungated(counts: Iterable[Counts]) -> Ruling:
    """A run in which no tier has a gate passes, unless its errors say that it measured nothing."""
    counts = tuple(counts)
    cases, errors = sum(c.cases for c in counts), sum(c.errors for c in counts)
    if any(c.not_run for c in counts):
        return _ruling("incomplete", "stopped")
    if not cases:
        return _ruling("incomplete", "no case counts: a run of nothing is never green")
    if errors > UNGATED_ERROR_RATE * cases + EPSILON:
        return _ruling("incomplete", f"{_count(errors, 'error')} in {_count(cases, 'case')}")
    return _ruling("pass", "no gate")


def all_passing_needed(gate: Gate) -> int:
    """The fewest cases, all passing, with which the gate can be met at all."""
    if gate.rule == "observed":
        return gate.min_cases
    if gate.threshold >= 1:
        raise ValueError("no number of cases puts a lower bound at 1")
    z = quantile()
    return max(gate.min_cases, ceil(gate.threshold * z * z / (1 - gate.threshold) - EPSILON))


def _ruling(verdict: Verdict, why: str) -> Ruling:
    return Ruling(verdict, why, passes=verdict == "pass")


@dataclass(frozen=True, slots=True)
class _Rate:
    """Of what the gate looks at, with its interval."""

    rate: float
    low: float
    high: float

    def raised(self, by: float) -> _Rate:
        return _Rate(*(min(1.0, share + by) for share in (self.rate, self.low, self.high)))


def _bounds(gate: Gate, counts: Counts, correction: Correction) -> tuple[_Rate, _Rate] | str:
    """What it comes to if no error and no case that was not run had passed, and if all had; why
    nothing can be said.
    """
    unknown = counts.errors + counts.not_run
    planned = counts.cases + counts.not_run
    if gate.metric != "corrected_pass_rate":
        good = counts.score_sum if gate.metric == "mean_score" else counts.passed
        return _rate(good, planned), _rate(good + unknown, planned)
    graded = counts.passed + counts.failed
    found = corrected(correction, counts.passed, graded, planned)
    if found.rate is None or found.interval is None:
        if found.why == NOTHING_GRADED:
            return _Rate(0.0, 0.0, 0.0), _Rate(1.0, 1.0, 1.0)
        return str(found.why)
    worst = _Rate(found.rate, *found.interval)
    return worst, worst.raised(unknown / planned)


def _rate(good: float, n: int) -> _Rate:
    return _Rate(good / n, *wilson(good, n))


def _outcome(gate: Gate, found: _Rate) -> Verdict:
    if gate.rule == "observed":
        return "pass" if found.rate >= gate.threshold - EPSILON else "fail"
    if found.low >= gate.threshold - EPSILON:
        return "pass"
    return "fail" if found.high < gate.threshold - EPSILON else "inconclusive"


def _settles(gate: Gate, found: _Rate, counts: Counts, correction: Correction) -> str:
    """What would settle it if the rate stays."""
    n = counts.cases
    if gate.metric != "corrected_pass_rate":
        needed = cases_to_settle(found.rate, gate.threshold, more_than=n)
        if needed is None:
            return "it stands on the threshold"
        return f"about {needed:,} cases at this rate would settle it"

    def interval(passed: float, n: int) -> tuple[float, float]:
        return corrected(correction, passed, n, n).interval or (0.0, 1.0)

    needed = cases_to_settle(counts.passed / n, gate.threshold, more_than=n, interval=interval)
    if needed is None:
        return "more cases alone would not settle it: calibrate the judge on more human scores"
    return f"about {needed:,} cases at this rate would settle it"


def _inconclusive(gate: Gate, found: _Rate, settles: str) -> Ruling:
    why = f"{_shown(gate, found)} {_interval(found)} spans {gate.threshold:g}: {settles}"
    if gate.inconclusive == "pass":
        return Ruling("inconclusive", f"{why}; this gate lets that pass", passes=True)
    return _ruling("inconclusive", why)


def _too_few(gate: Gate, counts: Counts, planned: int) -> str:
    why = f"{_count(planned, 'case')}; the gate asks for at least {gate.min_cases}"
    return f"{why} ({counts.left_out} not verified)" if counts.left_out else why


def _below(gate: Gate, worst: _Rate, best: _Rate) -> str:
    even = " even if every error had passed" if best.rate > worst.rate else ""
    bound = f"{_named(gate)}upper bound {best.high:.2f}" if gate.rule == "confident" else ""
    said = bound or f"{_shown(gate, worst)} {_interval(worst)}"
    return f"{said} is under {gate.threshold:g}{even}"


def _above(gate: Gate, found: _Rate) -> str:
    if gate.rule == "confident":
        return f"{_named(gate)}lower bound {found.low:.2f} clears {gate.threshold:g}"
    return f"{_shown(gate, found)} clears {gate.threshold:g}"


def _shown(gate: Gate, found: _Rate) -> str:
    name = "mean score " if gate.metric == "mean_score" else _named(gate)
    return f"{name}{_two(found.rate, gate.threshold)}"


def _named(gate: Gate) -> str:
    return "corrected " if gate.metric == "corrected_pass_rate" else ""


def _interval(found: _Rate) -> str:
    return f"[{found.low:.2f} {found.high:.2f}]"


def _two(value: float, threshold: float) -> str:
    """Two decimals, or as many as it takes not to look like the threshold that it misses."""
    for places in (2, 3, 4):
        if round(value, places) != round(threshold, places) or abs(value - threshold) < EPSILON:
            return f"{value:.{places}f}"
    return f"{value:.6f}"


def _count(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"
