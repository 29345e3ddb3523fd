"""A run held against a baseline, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labeltool.model.base import Tier
from labeltool.model.baseline import BaselineFile, BlessedCase
from labeltool.model.result import CaseResult
from labeltool.stats.paired import mcnemar_exact


@dataclass(frozen=True, slots=True)
class Compared:
    """fixed, broken: ids of cases that failed there and pass here, and the other way round.

    pairs: cases with a verdict on both sides and the same content. p_value: exact McNemar over
    them, None where nothing changed. changed, new: cases of this run whose content is another one,
    or that the baseline does not know.
    """

    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    broken_by_tier: Mapping[Tier, tuple[str, ...]]
    pairs: int
    changed: int
    new: int
    p_value: float | None


@dataclass
class Comparison:
    """Fed with a run's results one by one; keeps the ids that changed sides and counts the rest.

    A case with an error on either side is in no pair: an error is no verdict. Open cases set no
    mark.
    """

    baseline: Mapping[str, BlessedCase]
    fixed: list[str] = field(default_factory=list)
    broken: dict[str, Tier] = field(default_factory=dict)
    pairs: int = 0
    changed: int = 0
    new: int = 0

    def breaks(self, result: CaseResult) -> bool:
        """Whether this very case passed there and fails here."""
        old = self.baseline.get(result.id)
        return (
            old is not None
            and old.case_hash == result.case_hash
            and old.passed is True
            and result.passed is False
            and result.status != "open"
        )

    def add(self, result: CaseResult) -> None:
        if result.status == "open":
            return
        old = self.baseline.get(result.id)
        if old is None:
            self.new += 1
        elif old.case_hash != result.case_hash:
            self.changed += 1
        elif old.passed is not None and result.passed is not None:
            self.pairs += 1
            if result.passed and not old.passed:
                self.fixed.append(result.id)
            elif old.passed and not result.passed:
                self.broken[result.id] = result.tier

    def done(self) -> Compared:
        by_tier: dict[Tier, tuple[str, ...]] = {}
        for id, tier in sorted(self.broken.items()):
            by_tier[tier] = (*by_tier.get(tier, ()), id)
        return Compared(
            fixed=tuple(sorted(self.fixed)),
            broken=tuple(sorted(self.broken)),
            broken_by_tier=by_tier,
            pairs=self.pairs,
            changed=self.changed,
            new=self.new,
            p_value=mcnemar_exact(len(self.broken), len(self.fixed)),
        )


def incomparable(baseline: BaselineFile, *, dataset: str, rubric: str, scores: str) -> str | None:
    """Why nothing can be said against this baseline of a run under `rubric`; None where it can."""
    if baseline.dataset != dataset:
        return f"it is of dataset {baseline.dataset}"
    if baseline.rubric != rubric:
        return f"it was made under {baseline.rubric}, this run under {rubric}"
    if baseline.scores != scores:
        return f"it rests on {baseline.scores} scores, this run on {scores} scores"
    return None


def doubts(baseline: BaselineFile, *, system: str, judge: str) -> Iterator[str]:
    """What a reader of any comparison with it should know; nothing where both runs were made alike.

    system: name; judge: fingerprint.
    """
    if baseline.system.name != system:
        yield f"the baseline is of system {baseline.system.name}"
    if baseline.judge.fingerprint != judge:
        yield "the judge has changed since the baseline: a difference may be the judge's"


def left_out(changed: int, new: int) -> Iterator[str]:
    """The cases of a run that no comparison is about."""
    if changed:
        yield f"{_cases(changed)} changed since the baseline, and left out of it"
    if new:
        yield f"{_cases(new)} not in the baseline"


def _cases(count: int) -> str:
    return "1 case is" if count == 1 else f"{count} cases are"
