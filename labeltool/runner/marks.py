"""The baseline of a run: what it is compared with, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from labeltool.model.base import Tier
from labeltool.model.baseline import BaselineFile
from labeltool.model.result import Baseline, Before, CaseResult
from labeltool.rules.baseline import Compared, Comparison, doubts

KEPT_TEXTS = 50
KEPT_CHARS = 20_000
HOLDS: frozenset[Tier] = frozenset({"regression"})
"""Tiers in which a case that passed at the baseline and fails now fails the run."""


@dataclass(frozen=True)
class Mark:
    """`texts(cases)`: the outputs that the baseline was made from, as far as they are kept."""

    name: str
    file: BaselineFile
    texts: Callable[[Collection[str]], Mapping[str, str]]


@dataclass
class Marks:
    """Compares a run with its mark as the results come; nothing where there is none, and `why`
    says so.
    """

    mark: Mark | None
    why: str
    comparison: Comparison = field(init=False)

    def __post_init__(self) -> None:
        self.comparison = Comparison(self.mark.file.cases if self.mark is not None else {})

    @property
    def name(self) -> str:
        return self.mark.name if self.mark is not None else ""

    def breaks(self, result: CaseResult) -> bool:
        """Whether this result alone would fail the run."""
        return result.tier in HOLDS and self.comparison.breaks(result)

    def add(self, result: CaseResult) -> None:
        if self.mark is not None:
            self.comparison.add(result)

    def broken(self, tier: Tier, compared: Compared) -> tuple[str, ...]:
        return compared.broken_by_tier.get(tier, ()) if tier in HOLDS else ()

    def part(self, compared: Compared) -> Baseline | None:
        """As the results have it."""
        if self.mark is None:
            return None
        file = self.mark.file
        return Baseline(
            run_id=file.run_id,
            name=self.mark.name,
            commit=file.git.commit,
            fixed=compared.fixed,
            broken=compared.broken,
            p_value=compared.p_value,
            pairs=compared.pairs,
            changed=compared.changed,
            new=compared.new,
            before=self._before(compared.broken[:KEPT_TEXTS]),
        )

    def doubts(self, *, system: str, judge: str) -> Iterator[str]:
        if self.mark is not None:
            yield from doubts(self.mark.file, system=system, judge=judge)

    def _before(self, broken: Collection[str]) -> dict[str, Before]:
        assert self.mark is not None
        texts = self.mark.texts(broken) if broken else {}
        return {
            id: Before(
                scores=self.mark.file.cases[id].scores,
                output=texts[id][:KEPT_CHARS] if id in texts else None,
            )
            for id in broken
        }
