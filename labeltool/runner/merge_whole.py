"""What the shards of one run amount to together: its sums, its tiers, its verdict."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labeltool.errors import DataError, Where
from labeltool.model.base import TIERS, Tier
from labeltool.model.dataset import Gate
from labeltool.model.result import (
    Baseline,
    CaseResult,
    Correction,
    GitState,
    HumanMeets,
    Latency,
    Results,
    ShardFacts,
    TierResult,
    Usage,
    Verdict,
)
from labeltool.rules.baseline import left_out
from labeltool.rules.corrected import without
from labeltool.rules.gate import Counts, Ruling
from labeltool.rules.shard import Shard
from labeltool.runner.marks import HOLDS, KEPT_TEXTS
from labeltool.runner.merge_sums import met, spent
from labeltool.runner.notices import Happened, notices
from labeltool.runner.outcome import decided, idle_tiers, stopped_early
from labeltool.runner.results import tier_result
from labeltool.runner.shard_file import ShardFile
from labeltool.runner.tally import TierTally, latency_of
from labeltool.stats.paired import mcnemar_exact


def place(head: Results, case: CaseResult) -> tuple[int, str]:
    """By tier, then by id where cases were named, by file where they were not."""
    return TIERS.index(case.tier), case.id if "case" in head.filters else f"{case.id}.yaml"


@dataclass
class Whole:
    """The sums over all shards."""

    files: tuple[ShardFile, ...]
    missing: tuple[str, ...]
    tiers: dict[Tier, TierTally] = field(default_factory=lambda: {t: TierTally() for t in TIERS})
    latencies: array[float] = field(default_factory=lambda: array("d"))
    held: set[str] = field(default_factory=set)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def head(self) -> Results:
        return self.files[0].head

    @property
    def heads(self) -> tuple[Results, ...]:
        return tuple(file.head for file in self.files)

    @property
    def facts(self) -> tuple[ShardFacts, ...]:
        return tuple(head.shard_facts for head in self.heads if head.shard_facts is not None)

    def read(self, file: ShardFile) -> None:
        """Raises DataError for a case that the shard cannot have taken."""
        shard = Shard.parse(file.head.shard or "")
        live = file.head.system.kind != "recorded"
        seen: set[str] = set()
        for _, case in file.cases():
            if case.id in seen or not shard.takes(case.id):
                why = "stands in it twice" if case.id in seen else f"is not of shard {shard}"
                raise DataError(
                    f"case {case.id} {why}",
                    hint="give the files as `labeltool run --shard` wrote them",
                    where=Where(str(file.path)),
                )
            seen.add(case.id)
            self.tiers[case.tier].add(case)
            if case.tier in HOLDS:
                self.held.add(case.id)
            self.places[case.id] = place(file.head, case)
            if live:
                asked = case.repeats or (case,)
                self.latencies.extend(a.latency_ms for a in asked if a.latency_ms is not None)

    def results(self, *, run_id: str, created_at: str) -> Results:
        head, baseline = self.head, self._baseline()
        counts = self._counts()
        idle = idle_tiers(counts, head.gates, head.filters.get("tier", ()))
        tiers, rulings = self._tiers(counts, idle, baseline)
        verdict, why = self._verdict(counts, tiers, rulings)
        filters = dict(head.filters)
        if self.missing:
            filters["shard"] = [one.shard for one in self.heads]
        return head.model_copy(
            update={
                "run_id": run_id,
                "created_at": created_at,
                "shard": None,
                "shard_facts": None,
                "git": self._git(),
                "filters": filters,
                "verdict": verdict,
                "why": why,
                "notices": tuple(self._notices(idle, baseline)),
                "tiers": tiers,
                "baseline": baseline,
                "human": self._human(),
                "usage": Usage(
                    system=spent([one.usage.system for one in self.heads]),
                    judge=spent([one.usage.judge for one in self.heads]),
                ),
                "latency_ms": self._latency(),
            }
        )

    def _counts(self) -> dict[Tier, Counts]:
        return {
            tier: self.tiers[tier].counts(
                not_run=self._sum(tier, "not_run"),
                left_out=self._sum(tier, "unverified") if self._verified_only(tier) else 0,
            )
            for tier in TIERS
            if any(tier in head.tiers for head in self.heads)
        }

    def _tiers(
        self, counts: Mapping[Tier, Counts], idle: frozenset[Tier], baseline: Baseline | None
    ) -> tuple[dict[Tier, TierResult], dict[Tier, Ruling]]:
        tiers: dict[Tier, TierResult] = {}
        rulings: dict[Tier, Ruling] = {}
        for tier, one in counts.items():
            broken = baseline.broken if baseline is not None and tier in HOLDS else ()
            result, ruling = tier_result(
                self.tiers[tier],
                one,
                self._gate(tier) if tier not in idle else None,
                skipped=self._sum(tier, "skipped"),
                unverified=self._sum(tier, "unverified"),
                broken=tuple(id for id in broken if id in self.held),
                baseline=(baseline.name or "") if baseline is not None else "",
                correction=self._correction(tier),
            )
            if ruling is not None:
                rulings[tier] = ruling
                if self.missing:
                    said = {"verdict": "incomplete", "why": self._missing_said()}
                    result = result.model_copy(update=said)
            tiers[tier] = result
        return tiers, rulings

    def _verdict(
        self,
        counts: Mapping[Tier, Counts],
        tiers: Mapping[Tier, TierResult],
        rulings: Mapping[Tier, Ruling],
    ) -> tuple[Verdict, str]:
        if self.missing:
            return "incomplete", self._missing_said()
        verdict, why = decided(counts, tiers, rulings)
        stopped = [f"shard {h.shard} {h.why}" for h in self.heads if h.verdict == "incomplete"]
        if not stopped:
            return verdict, why
        graded, of = len(self.places), sum(one.cases for one in self.facts)
        return stopped_early(verdict, why, graded=graded, of=of, why="; ".join(stopped))

    def _missing_said(self) -> str:
        name, are = ("shard", "is") if len(self.missing) == 1 else ("shards", "are")
        return f"{name} {', '.join(self.missing)} {are} missing"

    def _gate(self, tier: Tier) -> Gate | None:
        found = self.head.gates.get(tier)
        return None if found is None else Gate.model_validate(found)

    def _correction(self, tier: Tier) -> Correction:
        gate, judge = self._gate(tier), self.head.judge
        if gate is None or gate.untrusted != "drop":
            return judge.correction
        trusts = judge.trust_by_criterion.items()
        return without(judge.correction, [id for id, one in trusts if one.trust != "trusted"])

    def _verified_only(self, tier: Tier) -> bool:
        gate = self._gate(tier)
        return gate is not None and gate.verified_only

    def _sum(self, tier: Tier, name: str) -> int:
        return sum(getattr(head.tiers[tier], name) for head in self.heads if tier in head.tiers)

    def _baseline(self) -> Baseline | None:
        parts = [head.baseline for head in self.heads if head.baseline is not None]
        if not parts:
            return None
        broken = sorted(id for part in parts for id in part.broken)
        fixed = sorted(id for part in parts for id in part.fixed)
        before = {id: one for part in parts for id, one in part.before.items()}
        return parts[0].model_copy(
            update={
                "fixed": tuple(fixed),
                "broken": tuple(broken),
                "p_value": mcnemar_exact(len(broken), len(fixed)),
                "pairs": sum(part.pairs for part in parts),
                "changed": sum(part.changed for part in parts),
                "new": sum(part.new for part in parts),
                "before": {id: before[id] for id in broken[:KEPT_TEXTS] if id in before},
            }
        )

    def _notices(self, idle: frozenset[Tier], baseline: Baseline | None) -> Iterator[str]:
        yield from dict.fromkeys(notice for one in self.facts for notice in one.notices)
        if baseline is not None:
            yield from left_out(baseline.changed, baseline.new)
        human = self._human()
        back = sorted((id for one in self.facts for id in one.back), key=self._place_of)
        yield from notices(
            Happened(
                idle=idle,
                back=back,
                skipped=sum(one.skipped for one in self.facts),
                left_out=sum(one.left_out for one in self.facts),
                restored=sum(one.restored for one in self.facts),
                changed=sum(one.changed for one in self.facts),
                hidden=human.hidden,
                compared=human.compared,
                differ=human.passed_differs,
            )
        )

    def _place_of(self, id: str) -> tuple[int, str]:
        return self.places.get(id, (len(TIERS), id))

    def _human(self) -> HumanMeets:
        return met([head.human for head in self.heads])

    def _latency(self) -> Latency:
        return latency_of(self.latencies, max(h.latency_ms.concurrency for h in self.heads))

    def _git(self) -> GitState:
        dirty = [head.git.dirty for head in self.heads if head.git.dirty is not None]
        return self.head.git.model_copy(update={"dirty": any(dirty) if dirty else None})
