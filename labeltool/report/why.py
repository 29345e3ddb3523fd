"""Why one case did not pass, in short lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from labeltool.model.base import Score
from labeltool.model.result import Before, CaseResult, CriterionRef, Results
from labeltool.safe_text import one_line

QUOTE_CHARS = 240
NOTHING_BEFORE = Before()


class Lost(NamedTuple):
    """One criterion that a case lost; `was` is its score at the baseline, None where not known."""

    id: str
    criterion: CriterionRef
    score: int
    was: Score | None

    @property
    def missed(self) -> bool:
        return self.score < self.criterion.pass_at

    @property
    def fell(self) -> bool:
        return isinstance(self.was, int) and self.score < self.was


def before(case: CaseResult, results: Results) -> Before:
    """What the case was at the baseline, as far as the results keep it."""
    if results.baseline is None:
        return NOTHING_BEFORE
    return results.baseline.before.get(case.id, NOTHING_BEFORE)


def reasons(case: CaseResult, results: Results) -> list[str]:
    """Why the case did not pass: the error, the checks missed, the criteria lost, those that fell
    since the baseline and the gravest first.
    """
    if case.error is not None:
        return [f"{case.error.kind}: {one_line(case.error.message, QUOTE_CHARS)}"]
    told = [f"check {c.id}: {one_line(c.detail, QUOTE_CHARS)}" for c in case.checks if not c.passed]
    # What was said of several criteria is told once; where nothing was, each has its line.
    alike: dict[str, list[Lost]] = {}
    for one in lost(case, results):
        alike.setdefault(_said(one.id, case) or f"\0{one.id}", []).append(one)
    for said, of in alike.items():
        levels = _levels(of)
        told.append(levels if said.startswith("\0") else f"{levels}: {said}")
    return told


def lost(case: CaseResult, results: Results) -> list[Lost]:
    """The criteria that cost the case its pass, those that fell since the baseline first."""
    was = before(case, results).scores
    below_max = [
        Lost(id, criterion, score, was.get(id))
        for id, score in case.scores.items()
        if (criterion := results.criteria.get(id)) is not None
        and isinstance(score, int)
        and score < criterion.max
    ]
    missed = [one for one in below_max if one.missed]
    below_mark = case.score is not None and case.score < results.pass_mark - 1e-9
    blamed = (missed or below_max) if below_mark else [m for m in missed if m.criterion.required]
    blamed += [one for one in below_max if one.fell and one not in blamed]
    return sorted(blamed, key=_gravity)


def _gravity(one: Lost) -> tuple[bool, bool, float]:
    criterion = one.criterion
    return not one.fell, not criterion.required, -criterion.weight * (criterion.max - one.score)


def _levels(lost: Iterable[Lost]) -> str:
    """The scores, and from which level each is met: once for those that have it in common."""
    by_demand: dict[str, list[str]] = {}
    for one in lost:
        demand = [f"met from {one.criterion.pass_at}"] if one.missed else []
        demand += ["required"] if one.criterion.required else []
        score = f"{one.was} → {one.score}" if one.fell else str(one.score)
        level = f"{one.id} {score}" if one.missed else f"{one.id} {score} of {one.criterion.max}"
        by_demand.setdefault(", ".join(demand), []).append(level)
    return " · ".join(
        ", ".join(levels) + (f"{'; ' if len(levels) > 1 else ', '}{demand}" if demand else "")
        for demand, levels in by_demand.items()
    )


def _said(id: str, case: CaseResult) -> str:
    """Why a grader gave that score, with its first quote."""
    quotes = [f"“{one_line(quote, 120)}”" for quote in case.evidence.get(id, ())[:1]]
    return " ".join([one_line(case.rationale.get(id, ""), QUOTE_CHARS), *quotes]).strip()
