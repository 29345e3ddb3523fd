"""What a comparison found: the decision matrix, who leads, how surely, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeltool.rules.candidates import Candidate, Paired
from labeltool.rules.matrix import Measure
from labeltool.stats.ranking import Flip, Gap, Standing


@dataclass(frozen=True)
class Entry:
    """One system. `values`: by row, as people read them. `standing` is None where `excluded`."""

    candidate: Candidate
    values: Mapping[str, float | None]
    excluded: str | None = None
    standing: Standing | None = None

    @property
    def name(self) -> str:
        return self.candidate.name


@dataclass(frozen=True)
class Compared:
    """measures: the rows that count. aside: rows that do not, because a system has no value there:
    {row: {system: why}}. ranked: the systems in the running, in the order of `gaps` and `flips`.
    """

    paired: Paired
    measures: tuple[Measure, ...]
    aside: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    ranked: tuple[str, ...]
    winner: str | None
    gaps: tuple[Gap, ...] = ()
    flips: tuple[Flip, ...] = ()
    differ: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    notices: tuple[str, ...] = ()
    untrusted: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0

    def entry(self, name: str) -> Entry:
        return next(one for one in self.entries if one.name == name)

    def weight(self, measure: Measure) -> float:
        """The row's share of all weights, 0..1."""
        return measure.weight / sum(one.weight for one in self.measures)
