"""What a person needs first of a run, as short texts without layout: the command line draws
them.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labeltool.model.result import Baseline, CaseResult, Results, TierResult
from labeltool.report.difference import Change, changes
from labeltool.report.highlights import Highlights
from labeltool.report.why import QUOTE_CHARS, before, reasons
from labeltool.safe_text import one_line, visible

MARKS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "incomplete": "!", None: "–"}
NAMED = 5
TELLS_NOTHING = 0.9
"""Width of an interval of a rate from which on the rate is not worth a line."""
UNASKED = "no baseline was asked for"


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
    """One case that did not pass: `lost` are the reasons, the gravest first; `changes` what is
    different from the baseline's output, where that is kept.
    """

    id: str
    tier: str
    what: str
    lost: tuple[str, ...]
    changes: tuple[Change, ...]
    again: str


@dataclass(frozen=True, slots=True)
class Errors:
    """The cases that met with one and the same error; `ids` the first of them."""

    error: str
    count: int
    ids: tuple[str, ...]
    again: str


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


def against(results: Results) -> str | None:
    """What changed sides since the baseline; why nothing can be said, where one was asked for."""
    baseline = results.baseline
    if baseline is None:
        why = results.baseline_why
        return None if why in (None, UNASKED) else f"no baseline: {visible(str(why))}"
    return f"against {baseline_name(baseline)}: {_sides(baseline)}"


def baseline_name(baseline: Baseline) -> str:
    """What the user called it, and its commit."""
    name = visible(baseline.name or f"run {baseline.run_id.rpartition('-')[2]}")
    return f"{name} ({baseline.commit[:7]})" if baseline.commit else name


def _sides(baseline: Baseline) -> str:
    if not baseline.pairs and not (baseline.broken or baseline.fixed):
        return "no case to compare"
    of = f" of {_many(baseline.pairs, 'case')}" if baseline.pairs else ""
    if not baseline.broken and not baseline.fixed:
        return f"none broken, none fixed{of}"
    p = "" if baseline.p_value is None else f" (p {_p(baseline.p_value)})"
    return f"{len(baseline.broken)} broken, {len(baseline.fixed)} fixed{of}{p}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.2g}"


def notes(results: Results) -> list[str]:
    """What else was noticed; the judge's standing is in the headline."""
    return [
        *(visible(note) for note in results.notices if not note.startswith("judge ")),
        *_corrected(results),
        *_flaky(results),
        *_repeated(results),
        *_not_judged(results),
        *_human(results),
    ]


def _corrected(results: Results) -> Iterator[str]:
    rates = [
        f"{tier} {one.corrected_pass_rate:.2f} [{low:.2f} {high:.2f}]"
        for tier, one in results.tiers.items()
        if one.corrected_pass_rate is not None and one.corrected_interval is not None
        for low, high in (one.corrected_interval,)
        if high - low < TELLS_NOTHING
    ]
    for tier, one in results.tiers.items():
        if one.corrected_pass_rate is not None and one.corrected_why is not None:
            yield f"no corrected rate to go by in {tier}: {one.corrected_why}"
    if rates:
        yield f"pass rate corrected for the judge's known errors: {', '.join(rates)}"


def _flaky(results: Results) -> Iterator[str]:
    for tier, one in results.tiers.items():
        if one.flaky:
            yield f"flaky in {tier}: {named(one.flaky)} passed and failed in this very run"


def _repeated(results: Results) -> Iterator[str]:
    if results.repeat > 1:
        rates = [
            f"{tier} {one.repeat_pass_rate:.2f}"
            for tier, one in results.tiers.items()
            if one.repeat_pass_rate is not None
        ]
        of_all = f"; of all answers there passed: {', '.join(rates)}" if rates else ""
        yield f"each case was asked {results.repeat} times, and every answer has to pass{of_all}"


def _not_judged(results: Results) -> Iterator[str]:
    if results.not_judged:
        yield f"not judged by machine: {', '.join(results.not_judged)}"


def _human(results: Results) -> Iterator[str]:
    human = results.human
    of = sum(met["n"] for met in human.criteria.values())
    if not of or results.scores != "machine":
        return
    differ = {id: (met["differ"], met["n"]) for id, met in human.criteria.items() if met["differ"]}
    total = sum(count for count, _ in differ.values())
    each = ", ".join(f"{id} {count} of {n}" for id, (count, n) in differ.items())
    where = f" ({each})" if len(human.criteria) > 1 and each else ""
    scored = f"{_many(human.outputs, 'output')} {'has' if human.outputs == 1 else 'have'}"
    yield f"{scored} human scores: {total} of {of} scores of criteria differ{where}"


def named(ids: Sequence[str], total: int | None = None) -> str:
    """The first few of them, and how many more there are."""
    left = (len(ids) if total is None else total) - len(ids[:NAMED])
    return ", ".join(ids[:NAMED]) + (f" and {left} more" if left else "")


def passing_now(highlights: Highlights) -> tuple[str, str] | None:
    """The open cases that pass now, and the line that makes the first of them count."""
    if not highlights.open_passed:
        return None
    first, total = highlights.open_passed[0], highlights.open_passed_total
    what = f"open, and passing now: {named(highlights.open_passed, total)}"
    return what, f"labeltool promote --close {shlex.quote(one_line(first))}"


def tier_rows(results: Results) -> list[TierRow]:
    return [_tier_row(name, tier) for name, tier in results.tiers.items()]


def _tier_row(name: str, tier: TierResult) -> TierRow:
    counted = (
        (tier.errors, "error", "errors"),
        (len(tier.flaky), "flaky", "flaky"),
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


def broken(
    results: Results, highlights: Highlights, *, dataset: str | None = None
) -> list[Failing]:
    """The cases to show that passed at the baseline. `dataset` is the default one, which need not
    be named.
    """
    return [_failing(case, results, dataset) for case in highlights.broken]


def failing(
    results: Results, highlights: Highlights, *, dataset: str | None = None
) -> list[Failing]:
    """The other failing cases to show."""
    return [_failing(case, results, dataset) for case in highlights.failed]


def failing_title(results: Results) -> str:
    """What the cases are called that fail and did not break since the baseline."""
    baseline = results.baseline
    if baseline is None:
        return "failed"
    return "also failing" if baseline.changed or baseline.new else "failing before, too"


def _failing(case: CaseResult, results: Results, dataset: str | None) -> Failing:
    was = before(case, results).output
    known = was is not None and case.output is not None
    return Failing(
        id=visible(case.id),
        tier=case.tier,
        what=_what(case, results),
        lost=tuple(reasons(case, results)),
        changes=changes(was or "", case.output or "") if known else (),
        again=again(case, results, dataset),
    )


def errors(results: Results, highlights: Highlights, *, dataset: str | None = None) -> list[Errors]:
    """The errors to show, those that say the same as one."""
    return [
        Errors(
            error=one_line(error, QUOTE_CHARS),
            count=highlights.error_counts[error],
            ids=tuple(case.id for case in cases),
            again=again(cases[0], results, dataset),
        )
        for error, cases in highlights.errors.items()
    ]


def again(case: CaseResult, results: Results, dataset: str | None) -> str:
    """The line that runs just that case."""
    words = ["labeltool", "run"]
    if dataset is not None and dataset != results.dataset:
        words += ["--dataset", results.dataset]
    words += ["--system", results.system.name]
    if results.scores == "human":
        words += ["--scores", "human"]
    return shlex.join(map(one_line, [*words, "--case", case.id]))


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


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
