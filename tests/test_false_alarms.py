"""Systems that did not change, run again and again: how often is somebody woken for nothing?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import cast

import pytest

from labeltool.model.base import Tier
from labeltool.model.baseline import BlessedCase
from labeltool.model.case import Case
from labeltool.model.dataset import Gate
from labeltool.model.result import CaseResult
from labeltool.rules.baseline import Comparison
from labeltool.rules.gate import Counts, Ruling, judge_tier
from labeltool.runner.grade import Graded, Grading
from labeltool.runner.repeats import Repeats

RUNS = 4_000
FEW = 0.05


@cache
def ruled(threshold: float, passed: int, cases: int) -> Ruling:
    gate = Gate(threshold=threshold, rule="confident")
    return judge_tier(gate, Counts(passed=passed, failed=cases - passed, score_sum=passed))


@pytest.mark.parametrize("threshold", [0.5, 0.85, 0.95])
@pytest.mark.parametrize("cases", [30, 100, 400])
def test_a_system_that_is_just_good_enough_seldom_fails_a_confident_gate(
    threshold: float, cases: int
) -> None:
    """Its true rate is a hundredth above the threshold. (On the threshold itself there is no right
    answer; Wilson's bound then fails 6% of runs of 30 cases at 0.95, 3% of longer ones.)
    """
    draw = Random(f"{threshold} {cases}")
    alarms = 0
    for _ in range(RUNS):
        passed = sum(draw.random() < threshold + 0.01 for _ in range(cases))
        alarms += ruled(threshold, passed, cases).verdict == "fail"
    assert alarms / RUNS < FEW


def test_a_system_that_is_too_bad_seldom_passes_one() -> None:
    draw = Random(3)
    passes = 0
    for _ in range(RUNS):
        passed = sum(draw.random() < 0.849 for _ in range(100))
        passes += ruled(0.85, passed, 100).passes
    assert passes / RUNS < FEW


@dataclass(frozen=True)
class Flaky:
    """Every case passes, but for this share of the calls."""

    draw: Random
    share: float

    async def grade(self, n: int, case: Case, *, repeat: int = 0, fresh: bool = False) -> Graded:
        return Graded(n, outcome(case.id, passed=self.draw.random() >= self.share))


def outcome(id: str, *, passed: bool, tier: Tier = "regression") -> CaseResult:
    return CaseResult(id=id, tier=tier, status="active", case_hash="x", passed=passed)


CASES = [
    Case.model_validate({"id": f"r{n}", "tier": "regression", "input": "x"}) for n in range(40)
]
MARK = {
    case.id: BlessedCase(tier="regression", case_hash="x", passed=True, score=1.0, output_hash="y")
    for case in CASES
}


async def broken(draw: Random, share: float) -> int:
    """Cases that a run of an unchanged, flaky system loses against its own baseline."""
    comparison = Comparison(MARK)
    repeats = Repeats(cast("Grading", Flaky(draw, share)), breaks=comparison.breaks)
    for n, case in enumerate(CASES):
        comparison.add((await repeats.grade((n, case))).result)
    return len(comparison.done().broken)


async def test_one_per_cent_of_flake_seldom_breaks_a_regression_tier() -> None:
    draw = Random(5)
    alarms = sum([await broken(draw, 0.01) > 0 for _ in range(1_000)])
    assert alarms / 1_000 < FEW


async def test_without_the_reruns_it_would_break_every_third_run() -> None:
    """What the rule is for: the same flake, each case asked once."""
    draw = Random(5)
    alarms = sum(any(draw.random() < 0.01 for _ in CASES) for _ in range(1_000))
    assert alarms / 1_000 > 0.25


async def test_a_case_that_is_really_lost_is_never_called_flaky() -> None:
    assert await broken(Random(7), 1.0) == len(CASES)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_two_runs_of_a_flaky_system_seldom_differ_for_sure(share: float) -> None:
    """McNemar's p under 0.05 between a run and the next of the same system."""
    draw = Random(f"mcnemar {share}")
    alarms, runs = 0, 1_000
    for _ in range(runs):
        mark = {
            f"c{n}": BlessedCase(
                tier="golden", case_hash="x", passed=draw.random() >= share, score=None
            )
            for n in range(60)
        }
        comparison = Comparison(mark)
        for id in mark:
            comparison.add(outcome(id, passed=draw.random() >= share, tier="golden"))
        p_value = comparison.done().p_value
        alarms += p_value is not None and p_value < 0.05
    assert alarms / runs < FEW
