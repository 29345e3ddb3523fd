"""What a comparison found: the decision matrix, who leads, how surely, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeltool.rules.candidates import Candidate, Paired, Split
from labeltool.rules.matrix import Measure
from labeltool.stats.ranking import Gap, Standing
from labeltool.stats.tradeoff import Flip, Stretch


@dataclass(frozen=True)
class Entry:
    """One system. `values`: by row, as people read them. total: 0..1 over the rows that count, None
    where it lacks a value. `standing` is None where `excluded`. quality: the weighted mean of the
    rates alone, for a plot against what they cost.
    """

    candidate: Candidate
    values: Mapping[str, float | None]
    excluded: str | None = None
    standing: Standing | None = None
    total: float | None = None
    quality: float | None = None

    @property
    def name(self) -> str:
        return self.candidate.name


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A row with weight that does not count, since `missing` have no value there. turns: whether
    some value of theirs would make another system win, then `to`. breaks_at: that value, where the
    leader alone has none.
    """

    measure: Measure
    missing: Mapping[str, str]
    turns: bool
    to: str | None = None
    breaks_at: float | None = None


@dataclass(frozen=True)
class Compared:
    """measures: the rows that count. aside: rows with weight that do not. informing: rows without
    weight. ranked: the systems in the running, in the order of `gaps`, `flips` and `stretches` (of
    each row that counts, who wins at which share). rival: who is nearest to the winner. splits:
    winner and rival by tag. fronts: by row that costs something, whom nobody outdoes.
    """

    paired: Paired
    measures: tuple[Measure, ...]
    aside: tuple[Unmeasured, ...]
    informing: tuple[Measure, ...]
    entries: tuple[Entry, ...]
    ranked: tuple[str, ...]
    winner: str | None
    rival: str | None = None
    gaps: tuple[Gap, ...] = ()
    flips: tuple[Flip, ...] = ()
    stretches: tuple[tuple[Stretch, ...], ...] = ()
    differ: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    splits: tuple[Split, ...] = ()
    fronts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    untrusted: Mapping[str, str] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()
    seed: int = 0

    def entry(self, name: str) -> Entry:
        return next(one for one in self.entries if one.name == name)

    def weight(self, measure: Measure) -> float:
        """The row's share of all weights that count, 0..1."""
        return measure.weight / sum(one.weight for one in self.measures)

    @property
    def rows(self) -> tuple[Measure, ...]:
        """Every row of the table: those that count first."""
        return (*self.measures, *(one.measure for one in self.aside), *self.informing)

    @property
    def by_total(self) -> tuple[Entry, ...]:
        """The best first; who is ruled out last."""

        def place(entry: Entry) -> tuple[bool, float]:
            return entry.standing is None, -(entry.total or 0.0)

        return tuple(sorted(self.entries, key=place))

    @property
    def is_human(self) -> bool:
        return self.entries[0].candidate.head.scores == "human"


def unmeasured(
    paired: Paired,
    measure: Measure,
    missing: Mapping[str, str],
    totals: Mapping[str, float],
    weight: float,
) -> Unmeasured:
    """What a row could do that some system has no value in. totals: those in the running, over rows
    of `weight` together; the best of them leads.
    """
    leader = max(totals, key=totals.__getitem__)
    candidates = {one.name: one for one in paired.candidates}
    values = {
        name: None if name in missing else paired.value(measure, candidates[name])
        for name in totals
    }

    def whole(name: str, share: float) -> float:
        return weight * totals[name] + measure.weight * share

    def at(name: str, unknown: float) -> float:
        value = values[name]
        return whole(name, unknown if value is None else measure.scaled(value))

    worst = at(leader, 0.0)
    rivals = {name: at(name, 1.0) for name in totals if name != leader}
    best = max(rivals, key=rivals.__getitem__, default=None)
    if best is None or rivals[best] <= worst + 1e-9:
        return Unmeasured(measure, missing, False)
    breaks = None
    if values[leader] is None and all(values[name] is not None for name in rivals):
        share = (rivals[best] - weight * totals[leader]) / measure.weight
        if 0 < share < 1:
            breaks = measure.limit + share * (measure.target - measure.limit)
    return Unmeasured(measure, missing, True, best, breaks)
