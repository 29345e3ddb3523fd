"""Cases asked more than once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from labeltool.model.case import Case
from labeltool.model.result import CaseError, CaseResult
from labeltool.runner.grade import Graded, Grading
from labeltool.runner.repeats import Repeats, is_flaky
from labeltool.runner.spend import Calls

CASE = Case.model_validate({"id": "a", "tier": "regression", "input": "x"})


@dataclass
class Answers:
    """Passes and fails as told, one after the other."""

    verdicts: Sequence[bool | None]
    asked: list[tuple[int, bool]] = field(default_factory=list)

    async def grade(self, n: int, case: Case, *, repeat: int = 0, fresh: bool = False) -> Graded:
        passed = self.verdicts[len(self.asked)]
        self.asked.append((repeat, fresh))
        result = CaseResult(
            id=case.id,
            tier=case.tier,
            status="active",
            case_hash="x",
            passed=passed,
            score=None if passed is None else float(passed),
            latency_ms=1.0,
            error=CaseError(kind="timeout", message="m") if passed is None else None,
        )
        return Graded(n, result, system=Calls(live=1), latencies=(1.0,))


async def grade(verdicts: Sequence[bool | None], **said: Any) -> tuple[Graded, Answers]:
    answers = Answers(verdicts)
    graded = await Repeats(cast("Grading", answers), **said).grade((0, CASE))
    return graded, answers


async def test_once_is_once() -> None:
    graded, answers = await grade([True])
    assert graded.result.repeats == ()
    assert answers.asked == [(0, False)]


@pytest.mark.parametrize(
    ("verdicts", "passed", "flaky", "error"),
    [
        ([True, True, True], True, False, False),
        ([True, False, True], False, True, False),
        ([False, False, False], False, False, False),
        ([True, None, True], None, False, True),
        ([True, None, False], False, True, False),
    ],
)
async def test_a_case_passes_when_every_repeat_does(
    verdicts: list[bool | None], passed: bool | None, flaky: bool, error: bool
) -> None:
    graded, answers = await grade(verdicts, times=3)
    assert graded.result.passed is passed
    assert (graded.result.error is not None) == error
    assert is_flaky(graded.result) == flaky
    assert [one.passed for one in graded.result.repeats] == verdicts
    assert [repeat for repeat, _ in answers.asked] == [0, 1, 2]
    assert graded.system.live == 3
    assert len(graded.latencies) == 3


def fails(result: CaseResult) -> bool:
    return result.passed is False


@pytest.mark.parametrize(
    ("verdicts", "passed", "flaky"),
    [
        ([False, False, False], False, False),
        ([False, False, True], False, True),
        ([False, True, False], False, True),
        ([False, True, True], True, True),
        ([False, True, None], True, True),
        ([False, None, None], False, False),
    ],
)
async def test_a_broken_case_is_asked_twice_more_without_the_cache(
    verdicts: list[bool | None], passed: bool, flaky: bool
) -> None:
    graded, answers = await grade(verdicts, breaks=fails)
    assert answers.asked == [(0, False), (1, True), (2, True)]
    assert graded.result.passed is passed
    assert is_flaky(graded.result) == flaky


async def test_what_breaks_nothing_is_not_asked_again() -> None:
    _, answers = await grade([True], breaks=fails)
    assert len(answers.asked) == 1
