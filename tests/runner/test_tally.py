from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.model.result import CaseResult
from labeltool.model.rubric import Rubric
from labeltool.runner.grade import Graded
from labeltool.runner.tally import Tally, nearest_rank

RUBRIC = Rubric.model_validate(
    {"name": "r", "version": 1, "criteria": [{"id": "tone", "text": "t", "max": 2}]}
)


def graded(**changes: Any) -> Graded:
    fields = {"id": "c", "tier": "golden", "status": "active", "case_hash": "x", "passed": True}
    return Graded(0, CaseResult.model_validate({**fields, **changes}))


def tally(*results: Graded) -> Tally:
    found = Tally(RUBRIC)
    for one in results:
        found.add(one)
    return found


def test_passed_failed_and_errors_are_all_the_cases_and_open_ones_are_apart() -> None:
    found = tally(
        graded(score=0.9),
        graded(passed=False, score=0.5),
        graded(passed=None, error={"kind": "timeout", "message": "m"}),
        graded(status="open", passed=False),
        graded(status="open"),
    ).tiers["golden"]
    counts = found.counts()
    assert (counts.passed, counts.failed, counts.errors, counts.cases) == (1, 1, 1, 3)
    assert (found.open, found.open_passed) == (2, 1)
    assert counts.mean_score == pytest.approx(0.7)


def test_a_repeat_that_passes_and_one_that_fails_make_a_case_flaky() -> None:
    both = graded(passed=False, repeats=[{"passed": True}, {"passed": False}])
    error = {"kind": "timeout", "message": "m"}
    broken = graded(id="e", passed=None, error=error, repeats=[{"passed": True}, {"error": error}])
    found = tally(both, broken).tiers["golden"]
    assert found.flaky == ["c"]
    assert found.repeat_pass_rate == 0.5
    assert tally(graded()).tiers["golden"].repeat_pass_rate is None


def test_people_and_machine_are_compared_where_both_said_something() -> None:
    found = tally(
        graded(scores={"tone": 2}, human={"scores": {"tone": 0}, "passed": False}),
        graded(scores={"tone": 2}, human={"scores": {"tone": 2}, "passed": True}),
        graded(scores={"tone": 2}, human={"unresolved": ["tone"]}),
        graded(scores={"tone": "na"}, human={"scores": {"tone": 1}}),
    ).human_meets()
    assert (found.outputs, found.compared, found.passed_differs) == (4, 2, 1)
    assert found.criteria == {"tone": {"n": 3, "differ": 2}}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], share: float
) -> None:
    ordered = sorted(round(value, 3) for value in values)
    found = nearest_rank(ordered, share)
    assert found in ordered
    assert sum(value <= found for value in ordered) >= share * len(ordered) - 1e-9
