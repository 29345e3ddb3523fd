"""From the sums of a run to its results, verdict and notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from labeltool.config import Price
from labeltool.model.base import TIERS, Tier
from labeltool.model.case import Case
from labeltool.model.result import (
    CriterionTrust,
    JudgeRef,
    Results,
    ShardFacts,
    SystemRef,
    TierResult,
    Usage,
    Verdict,
)
from labeltool.rules.baseline import Compared, left_out
from labeltool.rules.corrected import without
from labeltool.rules.eligible import is_verified
from labeltool.rules.gate import Counts, Ruling, judge_run, judge_ungated
from labeltool.runner.notices import Happened, notices
from labeltool.runner.plan import Plan
from labeltool.runner.results import criteria_of, run_why, tier_result
from labeltool.runner.tally import Tally

if TYPE_CHECKING:
    from labeltool.runner.engine import Run


class Outcome:
    """What one run has found so far, and at its end what that amounts to."""

    def __init__(self, run: Run):
        self.run = run
        self.tally = Tally(run.grading.rubric)
        self.seen = Seen()

    def results(self, *, stopped: bool, why: str | None = None) -> Results:
        """The document without its cases. `why`: what ended the run before its time."""
        run, tally, seen = self.run, self.tally, self.seen
        if stopped:
            seen.rest(run.plan)
        compared = run.marks.comparison.done()
        counts = self._counts()
        idle = idle_tiers(counts, run.gates, run.plan.selection.tiers)
        tiers, rulings = self._tiers(counts, idle, compared)
        verdict, said = self._verdict(counts, tiers, rulings)
        if stopped:
            verdict, said = stopped_early(
                verdict, said, graded=tally.graded, of=seen.total, why=why
            )
        identity, rubric, system = run.identity, run.grading.rubric, run.grading.system
        name = system.name
        standing = (
            *run.notices,
            *run.marks.doubts(system=name, judge=run.judge.fingerprint),
        )
        return Results(
            run_id=identity.run_id,
            created_at=identity.created_at,
            labeltool_version=identity.version,
            settings_hash=identity.settings_hash,
            repeat=run.repeat,
            shard=None if run.plan.selection.shard is None else str(run.plan.selection.shard),
            shard_facts=self._for_merge(standing, idle),
            git=identity.git,
            dataset=run.plan.store.name,
            rubric=rubric.ref,
            pass_mark=rubric.pass_mark,
            criteria=criteria_of(rubric),
            not_judged=self._not_judged(),
            scores=run.grading.scores,
            filters=self._filters(),
            gates={tier: gate.model_dump(mode="json") for tier, gate in run.gates.items()},
            system=SystemRef(name=name, kind=system.kind, fingerprint=system.fingerprint),
            judge=self._judge(),
            verdict=verdict,
            why=said,
            notices=(
                *standing,
                *left_out(compared.changed, compared.new),
                *notices(self._happened(idle)),
            ),
            tiers=tiers,
            baseline=run.marks.part(compared),
            baseline_why=None if run.marks.mark is not None else run.marks.why,
            human=tally.human_meets(),
            usage=Usage(
                system=tally.system.spend(run.price, why="no price is set for this system"),
                judge=tally.judge.spend(
                    Price() if run.judge.kind == "reference" else run.judge.price,
                    why="no price is set for this judge",
                ),
            ),
            latency_ms=tally.latency(run.concurrency),
        )

    def _verdict(
        self,
        counts: Mapping[Tier, Counts],
        tiers: Mapping[Tier, TierResult],
        rulings: Mapping[Tier, Ruling],
    ) -> tuple[Verdict, str]:
        shard = self.run.plan.selection.shard
        if shard is not None:
            return "pass", f"shard {shard} gates nothing: `labeltool merge` does"
        return decided(counts, tiers, rulings)

    def _counts(self) -> dict[Tier, Counts]:
        """Of the tiers that this run is about."""
        plan, ran, seen = self.run.plan, self.tally.tiers, self.seen
        return {
            tier: ran[tier].counts(
                not_run=seen.not_run(tier, ran[tier].ran), left_out=plan.unverified[tier]
            )
            for tier in TIERS
            if tier in plan.tiers and (seen.cases[tier] or not plan.selection.is_filter)
        }

    def _tiers(
        self, counts: Mapping[Tier, Counts], idle: Set[Tier], compared: Compared
    ) -> tuple[dict[Tier, TierResult], dict[Tier, Ruling]]:
        tiers: dict[Tier, TierResult] = {}
        rulings: dict[Tier, Ruling] = {}
        run, whole = self.run, self.run.plan.selection.shard is None
        for tier, one in counts.items():
            result, ruling = tier_result(
                self.tally.tiers[tier],
                one,
                run.gates.get(tier) if whole and tier not in idle else None,
                skipped=run.plan.skipped[tier],
                unverified=one.left_out or self.seen.unverified[tier],
                broken=run.marks.broken(tier, compared) if whole else (),
                baseline=run.marks.name,
                correction=without(run.judge.correction, run.grading.drop.get(tier, ())),
            )
            tiers[tier] = result
            if ruling is not None:
                rulings[tier] = ruling
        return tiers, rulings

    def _judge(self) -> JudgeRef:
        judge = self.run.judge
        trust = judge.trust
        return JudgeRef(
            name=judge.name,
            kind=judge.kind,
            fingerprint=judge.fingerprint,
            trust=trust.trust,
            trust_by_criterion={
                id: CriterionTrust(trust=one.trust, agreement=one.agreement, n=one.n, why=one.why)
                for id, one in trust.criteria.items()
            },
            correction=judge.correction,
        )

    def _not_judged(self) -> tuple[str, ...]:
        grading = self.run.grading
        if grading.scores == "human":
            return ()
        return tuple(c.id for c in grading.rubric.criteria if c.grader == "human")

    def _filters(self) -> dict[str, Any]:
        selection = self.run.plan.selection
        named = {"tier": selection.tiers, "case": selection.cases, "tag": selection.tags}
        return {name: list(values) for name, values in named.items() if values}

    def _happened(self, idle: Set[Tier]) -> Happened:
        tally, plan, resumed = self.tally, self.run.plan, self.run.resumed
        return Happened(
            idle=idle,
            back=plan.back,
            skipped=plan.skipped.total(),
            left_out=plan.unverified.total(),
            restored=tally.restored,
            changed=0 if resumed is None else resumed.changed,
            hidden=tally.hidden,
            compared=tally.compared,
            differ=tally.passed_differs,
        )

    def _for_merge(self, standing: Sequence[str], idle: Set[Tier]) -> ShardFacts | None:
        """Of a shard, what only the whole can say."""
        if self.run.plan.selection.shard is None:
            return None
        happened = self._happened(idle)
        return ShardFacts(
            notices=tuple(standing),
            cases=self.seen.total,
            skipped=happened.skipped,
            left_out=happened.left_out,
            back=tuple(happened.back),
            restored=happened.restored,
            changed=happened.changed,
        )


def idle_tiers(
    counts: Mapping[Tier, Counts], gated: Collection[Tier], named: Collection[str]
) -> frozenset[Tier]:
    """Tiers whose gate is skipped: every case is open, retired or quarantined, nobody named the
    tier, and some other gate holds: a run in which nothing counts is never green.
    """
    held = {tier: one for tier, one in counts.items() if tier in gated}
    empty = {t for t, one in held.items() if not one.cases + one.not_run + one.left_out}
    if len(empty) == len(held):
        return frozenset()
    return frozenset(empty.difference(named))


def decided(
    counts: Mapping[Tier, Counts],
    tiers: Mapping[Tier, TierResult],
    rulings: Mapping[Tier, Ruling],
) -> tuple[Verdict, str]:
    """The verdict of the whole run, and the sentence that decides it."""
    if rulings:
        verdict = judge_run(rulings.values())
        return verdict, run_why(tiers, rulings, verdict)
    ruling = judge_ungated(counts.values())
    return ruling.verdict, ruling.why


def stopped_early(
    verdict: Verdict, said: str, *, graded: int, of: int, why: str | None
) -> tuple[Verdict, str]:
    """The verdict of a run that did not get to its end; one that fails anyway fails."""
    if verdict in ("pass", "inconclusive") or (why and verdict != "fail"):
        ended = f": {why}" if why else ""
        return "incomplete", f"stopped after {graded} of {of} cases{ended}"
    return verdict, said


class Seen:
    """What the plan gave out, and what it would have given."""

    def __init__(self) -> None:
        self.cases: Counter[Tier] = Counter()
        self.gating: Counter[Tier] = Counter()
        self.unverified: Counter[Tier] = Counter()

    @property
    def total(self) -> int:
        return self.cases.total()

    def count(self, cases: Iterable[Case]) -> Iterator[Case]:
        for case in cases:
            self.add(case)
            yield case

    def add(self, case: Case) -> None:
        self.cases[case.tier] += 1
        self.gating[case.tier] += case.status != "open"
        self.unverified[case.tier] += not is_verified(case)

    def rest(self, plan: Plan) -> None:
        """Counts the whole plan anew after a stop, so that what was not run is known."""
        self.cases.clear()
        self.gating.clear()
        self.unverified.clear()
        for case in plan:
            self.add(case)

    def not_run(self, tier: Tier, ran: int) -> int:
        """Of the cases that gate; `ran` of them were graded."""
        return max(self.gating[tier] - ran, 0)
