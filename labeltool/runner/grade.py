"""One case through the system and its graders, to one result. Nothing a case does ends the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from labeltool.config import Price
from labeltool.graders.checks import CheckResult, evaluate
from labeltool.model.base import Score, Tier
from labeltool.model.case import Case, Document
from labeltool.model.hashing import case_hash, input_hash, text_hash
from labeltool.model.result import CaseError, CaseResult, CheckOutcome, HumanOutcome
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.human import HumanScore
from labeltool.rules.scoring import normalised, output_passes
from labeltool.runner.answers import answered
from labeltool.runner.humans import HumanIndex
from labeltool.runner.replies import Replies
from labeltool.runner.spend import NONE, ONE, Calls
from labeltool.systems.base import Answer, System, SystemFailure


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says of one output. `error` says why there are no scores; `fatal`: no other
    output will get any.
    """

    scores: Mapping[str, Score] = field(default_factory=dict)
    rationale: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[str]] = field(default_factory=dict)
    error: str | None = None
    calls: Calls = ONE
    fatal: bool = False


class Judge(Protocol):
    """Scores the `judge` criteria of a rubric. `fingerprint` changes when something that
    shapes its scores does.
    """

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...

    async def judge(
        self, case: Case, output: str, context: Sequence[Document], *, repeat: int, fresh: bool
    ) -> Judgement:
        """`fresh`: not from a cache."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Graded:
    """A result, and what of it is counted but not kept: the calls it took, the latencies of the
    live ones in ms, and whether people's scores stay hidden. `ends`: why no further case can be
    answered. `restored`: it was graded before this process began.
    """

    n: int
    result: CaseResult
    answer: Answer | None = None
    system: Calls = NONE
    judge: Calls = NONE
    latencies: tuple[float, ...] = ()
    hidden: bool = False
    ends: str | None = None
    restored: bool = False


@dataclass(frozen=True)
class Grading:
    """How every case of one run is graded. `drop`: by tier, the criteria that leave the score.
    `replies`: None where nothing is kept. `price`: of the system's tokens.
    """

    rubric: Rubric
    system: System
    judge: Judge | None
    humans: HumanIndex
    scores: Literal["machine", "human"]
    drop: Mapping[Tier, frozenset[str]]
    replies: Replies | None = None
    price: Price | None = None

    async def grade(self, n: int, case: Case, *, repeat: int = 0, fresh: bool = False) -> Graded:
        """The result of one case; a fault of the system or a grader is its error.

        repeat: which of several answers of the same case this is, from 0. fresh: nothing comes from
        the cache.
        """
        try:
            answer = await answered(self.system, case, self.replies, repeat=repeat, fresh=fresh)
        except SystemFailure as failure:
            error = CaseError(kind=failure.kind, message=failure.message)
            return Graded(
                n,
                _failed(case, error, failure.attempts),
                system=Calls(live=int(self.system.live)),
                ends=failure.message if failure.fatal else None,
            )
        return await self._score(n, case, answer, repeat, fresh=fresh)

    async def _score(
        self, n: int, case: Case, answer: Answer, repeat: int, *, fresh: bool
    ) -> Graded:
        checks = [evaluate(c, answer.output, expected=case.acceptable) for c in case.checks]
        by_code = {
            c.id: evaluate(c.check, answer.output, expected=case.acceptable)
            for c in self.rubric.criteria
            if c.check is not None
        }
        hash = text_hash(answer.output)
        people = (
            self.humans.score(case.id, input_hash(case.input), hash) if self.humans.labels else None
        )
        judgement = await self._judged(case, answer, repeat, fresh=fresh)
        scores = _code_scores(self.rubric.criteria, by_code)
        human = None if people is None else self._human(people, scores, checks)
        error = _check_error([*checks, *by_code.values()])
        if self.scores == "human":
            scores = {**(people.scores if people else {}), **scores}
            error = error or self._unscored(people, hidden=self.humans.is_hidden(case.id, hash))
        else:
            scores = {**judgement.scores, **scores}
            if judgement.error is not None:
                error = error or CaseError(kind="judge", message=judgement.error)
        result = self._result(case, answer, hash=hash, scores=scores, checks=checks, error=error)
        found = result.model_copy(
            update={
                "human": human,
                "rationale": {
                    **judgement.rationale,
                    **{id: one.detail for id, one in by_code.items()},
                },
                "evidence": {id: tuple(quotes) for id, quotes in judgement.evidence.items()},
            }
        )
        live = self.system.live
        timed = live and answer.latency_ms is not None
        return Graded(
            n,
            found,
            answer,
            system=Calls.one(answer.usage, cached=answer.cached) if live else Calls(),
            judge=judgement.calls,
            latencies=(answer.latency_ms,) if timed and answer.latency_ms is not None else (),
            hidden=self.humans.is_hidden(case.id, hash),
            ends=judgement.error if judgement.fatal else None,
        )

    async def _judged(self, case: Case, answer: Answer, repeat: int, *, fresh: bool) -> Judgement:
        if self.judge is None:
            return Judgement(calls=Calls())
        return await self.judge.judge(
            case, answer.output, answer.context, repeat=repeat, fresh=fresh
        )

    def _result(
        self,
        case: Case,
        answer: Answer,
        *,
        hash: str,
        scores: dict[str, Score],
        checks: Sequence[CheckResult],
        error: CaseError | None,
    ) -> CaseResult:
        scored = normalised(self.rubric, scores, self.drop.get(case.tier, ()))
        passed = output_passes(
            self.rubric, scored, checks_pass=all(c.passed for c in checks), has_checks=bool(checks)
        )
        if error is None and passed is None:
            error = CaseError(
                kind="unscored", message="no criterion has a score and the case has no check"
            )
        return CaseResult(
            id=case.id,
            tier=case.tier,
            status=case.status,
            tags=case.tags,
            case_hash=case_hash(case),
            output_hash=hash,
            score=None if error else scored.score,
            passed=None if error else passed,
            scores=scores,
            checks=_outcomes(checks),
            output=answer.output,
            context=answer.context,
            finish_reason=answer.finish_reason,
            attempts=answer.attempts,
            latency_ms=_rounded(answer.latency_ms),
            list_cost_usd=self._cost(answer),
            error=error,
        )

    def _cost(self, answer: Answer) -> float | None:
        """USD of the one call, cached or not; None without a price, or where no tokens are told."""
        if self.price is None or answer.usage is None or not self.system.live:
            return None
        return Calls.one(answer.usage, cached=False).cost(self.price)

    def _human(
        self, people: HumanScore, by_code: Mapping[str, Score], checks: Sequence[CheckResult]
    ) -> HumanOutcome:
        missing = people.missing(self.rubric)
        scored = normalised(self.rubric, {**people.scores, **by_code})
        passed = output_passes(
            self.rubric, scored, checks_pass=all(c.passed for c in checks), has_checks=bool(checks)
        )
        return HumanOutcome(
            scores=people.scores,
            score=None if missing else scored.score,
            passed=None if missing else passed,
            single=people.single,
            unresolved=tuple(people.unresolved),
            missing=missing,
        )

    def _unscored(self, people: HumanScore | None, *, hidden: bool) -> CaseError | None:
        if hidden:
            message = "its labels stay hidden until the round is closed"
        elif people is None:
            message = "no human score of this very text"
        elif people.unresolved:
            message = f"annotators disagree on {', '.join(people.unresolved)}: resolve it"
        elif missing := people.missing(self.rubric):
            message = f"no current human score for {', '.join(missing)}"
        else:
            return None
        return CaseError(kind="unscored", message=message)


def _failed(case: Case, error: CaseError, attempts: int) -> CaseResult:
    return CaseResult(
        id=case.id,
        tier=case.tier,
        status=case.status,
        tags=case.tags,
        case_hash=case_hash(case),
        attempts=attempts,
        error=error,
    )


def _code_scores(
    criteria: Sequence[Criterion], by_code: Mapping[str, CheckResult]
) -> dict[str, Score]:
    return {
        c.id: c.max if by_code[c.id].passed else c.min
        for c in criteria
        if c.id in by_code and not by_code[c.id].error
    }


def _check_error(checks: Sequence[CheckResult]) -> CaseError | None:
    broken = next((check for check in checks if check.error), None)
    return None if broken is None else CaseError(kind="check", message=broken.detail)


def _outcomes(checks: Sequence[CheckResult]) -> tuple[CheckOutcome, ...]:
    return tuple(
        CheckOutcome(id=c.name, kind=c.kind, passed=c.passed, detail=c.detail) for c in checks
    )


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 3)
