"""A case graded more than once, as one result: pass^k, and what is only flaky."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from labeltool.model.case import Case
from labeltool.model.result import CaseResult, Repeat
from labeltool.runner.grade import Graded, Grading
from labeltool.runner.spend import Calls

RERUNS = 2


@dataclass(frozen=True)
class Repeats:
    """Every case `times` times; it passes when all of them pass (pass^k).

    breaks: whether a result loses what the baseline had, in the tier where that fails the run. Such
    a case is asked twice more without the cache, and stays broken unless it passed once and failed
    fewer than two times of three.
    """

    grading: Grading
    times: int = 1
    breaks: Callable[[CaseResult], bool] | None = None

    async def grade(self, planned: tuple[int, Case]) -> Graded:
        """The one result of a case, whatever it took."""
        n, case = planned
        first = await self.grading.grade(n, case)
        if self.times == 1:
            if self.breaks is None or not self.breaks(first.result):
                return first
            return await self._again(case, first)
        tries = [first]
        while len(tries) < self.times and tries[-1].ends is None:
            tries.append(await self.grading.grade(n, case, repeat=len(tries)))
        return _together(tries, _weakest(tries))

    async def _again(self, case: Case, first: Graded) -> Graded:
        tries = [first]
        for repeat in range(1, RERUNS + 1):
            tries.append(await self.grading.grade(first.n, case, repeat=repeat, fresh=True))
            if tries[-1].ends is not None:
                break
        passed = [one for one in tries if one.result.passed]
        failed = sum(one.result.passed is False for one in tries)
        return _together(tries, passed[0] if passed and failed < 2 else first)


def is_flaky(result: CaseResult) -> bool:
    """Whether the same case passed and failed in one run."""
    seen = {one.passed for one in result.repeats}
    return True in seen and False in seen


def _weakest(tries: Sequence[Graded]) -> Graded:
    """The one that decides: a failure, else an error, else the lowest score."""
    return min(
        tries,
        key=lambda one: (
            one.result.passed is not False,
            one.result.error is None,
            one.result.score if one.result.score is not None else 1.0,
        ),
    )


def _together(tries: Sequence[Graded], decides: Graded) -> Graded:
    """`decides` as the result, with all that the others were and cost."""
    scores = [one.result.score for one in tries if one.result.score is not None]
    result = decides.result
    mean = sum(scores) / len(scores) if scores and result.score is not None else result.score
    repeats = tuple(
        Repeat(
            passed=one.result.passed,
            score=one.result.score,
            output_hash=one.result.output_hash,
            latency_ms=one.result.latency_ms,
            error=one.result.error,
        )
        for one in tries
    )
    return replace(
        decides,
        result=result.model_copy(update={"repeats": repeats, "score": mean}),
        system=reduce(add, (one.system for one in tries), Calls()),
        judge=reduce(add, (one.judge for one in tries), Calls()),
        latencies=tuple(ms for one in tries for ms in one.latencies),
        ends=next((one.ends for one in tries if one.ends is not None), None),
    )
