"""Results as one page that stands alone: no network, no markup of the data, nothing that runs but
its own hashed script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from labeltool.model.result import CaseResult, Results
from labeltool.report import charts
from labeltool.report.difference import pieces
from labeltool.report.highlights import Highlights
from labeltool.report.text import (
    MARKS,
    again,
    against,
    baseline_name,
    broken,
    errors,
    failing,
    failing_title,
    notes,
    passing_now,
    tier_rows,
)
from labeltool.report.why import before, reasons
from labeltool.template import Text

KINDS = ("broken", "failed", "error", "open", "passed")
"""In this order on the page: what needs somebody comes first."""
MOST_PASSED = 20_000
TEXT_CHARS = 64_000
IN_MEMORY, PIECE_BYTES = 4_000_000, 1 << 18
_PAGE = Path(__file__).with_name("page")
_SIGNS = {"broken": "✗", "failed": "✗", "error": "!", "open": "○", "passed": "✓"}


def html(
    results: Results, cases: Iterable[CaseResult], *, dataset: str | None = None
) -> Iterator[bytes]:
    """The page in pieces. `cases` is read once; what is kept of it in memory does not grow with
    the run. dataset: the default one, which commands need not name.
    """
    highlights = Highlights.empty(results)
    scores = charts.Distributions(results)
    counts = dict.fromkeys(KINDS, 0)
    with ExitStack() as stack:
        parts: dict[str, IO[bytes]] = {
            kind: stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY)) for kind in KINDS
        }
        for case in cases:
            highlights.add(case)
            scores.add(case)
            kind = _kind(case, highlights)
            counts[kind] += 1
            if kind != "passed" or counts[kind] <= MOST_PASSED:
                parts[kind].write(_case(case, kind, results, dataset).encode())
        top = _top(results, highlights, scores, counts, dataset)
        yield _template("top.html").fill(top).encode()
        for part in parts.values():
            part.seek(0)
            while piece := part.read(PIECE_BYTES):
                yield piece
    left = counts["passed"] - MOST_PASSED
    yield _template("end.html").fill({"left": max(left, 0), "js": _asset("page.js")}).encode()


def _kind(case: CaseResult, highlights: Highlights) -> str:
    if case.status == "open":
        return "open"
    if case.error is not None:
        return "error"
    if case.passed:
        return "passed"
    return "broken" if case.id in highlights.broken_ids else "failed"


def _top(
    results: Results,
    highlights: Highlights,
    scores: charts.Distributions,
    counts: Mapping[str, int],
    dataset: str | None,
) -> dict[str, Any]:
    tiers = zip(tier_rows(results), results.tiers.values(), strict=True)
    return {
        "run": results,
        "policy": _policy(),
        "css": _asset("page.css"),
        "sign": MARKS[results.verdict],
        "judge_notes": [note for note in results.notices if note.startswith("judge ")],
        "against": against(results),
        "tiers": [(row, tier, charts.interval(tier)) for row, tier in tiers],
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "broken": broken(results, highlights, dataset=dataset),
        "broken_total": highlights.broken_total,
        "failing": failing(results, highlights, dataset=dataset),
        "failing_title": failing_title(results),
        "failing_total": highlights.failed_total,
        "errors": errors(results, highlights, dataset=dataset),
        "errors_total": highlights.errors_total,
        "more": highlights.more,
        "open": passing_now(highlights),
        "notes": notes(results),
        "total": scores.total(),
        "criteria": scores.criteria(),
        "trust": results.judge.trust_by_criterion,
        "spend": [("system", results.usage.system), ("judge", results.usage.judge)],
        "counts": {kind: count for kind, count in counts.items() if count},
        "cases": sum(counts.values()),
        "tier_names": list(results.tiers),
    }


def _case(case: CaseResult, kind: str, results: Results, dataset: str | None) -> str:
    was = before(case, results)
    output = case.output
    known = was.output is not None and output is not None
    return _template("case.html").fill(
        {
            "case": case,
            "kind": kind,
            "sign": _SIGNS[kind],
            "find": " ".join((case.id, case.tier, kind, case.status, *case.tags)).lower(),
            "lost": [] if kind == "passed" else reasons(case, results),
            "scores": [_score(id, case, results, was.scores) for id in case.scores],
            "output": None if output is None else output[:TEXT_CHARS],
            "cut": 0 if output is None else max(len(output) - TEXT_CHARS, 0),
            "pieces": pieces(was.output or "", output or "") if known else [],
            "baseline": baseline_name(results.baseline) if results.baseline else "",
            "again": again(case, results, dataset),
        }
    )


def _score(
    id: str, case: CaseResult, results: Results, was: Mapping[str, int | str]
) -> dict[str, Any]:
    criterion = results.criteria.get(id)
    score = case.scores[id]
    met = criterion is None or not isinstance(score, int) or score >= criterion.pass_at
    human = case.human.scores.get(id) if case.human is not None else None
    return {
        "id": id,
        "score": score,
        "max": None if criterion is None else criterion.max,
        "met": met,
        "was": was.get(id) if was.get(id) != score else None,
        "human": human,
        "rationale": case.rationale.get(id, ""),
        "evidence": case.evidence.get(id, ()),
    }


@cache
def _asset(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Text:
    return Text(_asset(name), path=f"labeltool/report/page/{name}", html=True)


@cache
def _policy() -> str:
    """Of the page itself: nothing is loaded from anywhere, and only these two texts are code."""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash('page.css')}; "
        f"script-src {_hash('page.js')}; base-uri 'none'; form-action 'none'"
    )


def _hash(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()}'"
