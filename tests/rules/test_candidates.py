"""What each candidate did, on the cases that all of them ran."""

from __future__ import annotations

import random
from typing import Any

import pytest

from labeltool.model.result import CaseResult
from labeltool.rules.candidates import Candidate, Paired
from labeltool.rules.matrix import Measure
from tests.report.samples import case, results

SLOW = Measure("latency_p95_ms", 1, target=0, limit=1000)


def cases(count: int, **more: Any) -> list[CaseResult]:
    """The first ten calls are slow."""
    return [
        CaseResult.model_validate(
            case(f"c-{n:03}", passed=True, score=1.0, latency_ms=900.0 if n < 10 else 100.0, **more)
        )
        for n in range(count)
    ]


def candidate(found: list[CaseResult], concurrency: int, n: int | None = None) -> Candidate:
    live = len(found) if n is None else n
    head = results(cases=[], latency_ms={"n": live, "concurrency": concurrency})
    return Candidate.of("a", head, found)


def test_the_calls_that_warm_up_do_not_count_where_there_are_enough_others() -> None:
    long = candidate(cases(100), 10)
    assert (long.timed, Paired.of([long]).value(SLOW, long)) == (90, 100)
    short = candidate(cases(40), 10)
    assert (short.timed, Paired.of([short]).value(SLOW, short)) == (40, 900)


def test_the_order_of_the_file_changes_nothing() -> None:
    """A log stands in the order in which calls ended, a results file in that of the plan."""
    mixed = cases(100)
    random.Random(3).shuffle(mixed)
    assert candidate(mixed, 10).facts == candidate(cases(100), 10).facts
    assert list(candidate(mixed, 10).facts) == list(candidate(cases(100), 10).facts)


def test_what_was_read_and_not_called_has_no_latency() -> None:
    recorded = candidate(cases(100), 10, n=0)
    assert Paired.of([recorded]).value(SLOW, recorded) is None
    assert recorded.latency_why


def test_the_mean_cost_is_of_the_cases_that_are_compared() -> None:
    found = cases(2, list_cost_usd=0.002)
    one = candidate(found, 1)
    assert Paired.of([one]).value(Measure("cost_per_1k", 1), one) == pytest.approx(2.0)
