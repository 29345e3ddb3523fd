"""A judge's scores beside people's: the figures, criterion by criterion and of the whole output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labeltool.model.base import Score
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.calibrate import (
    Sample,
    Scored,
    Verdict,
    judge_criteria,
    people_agree,
    verdict,
)
from labeltool.rules.scoring import is_met, normalised, output_passes
from labeltool.stats.calibration import Figures, Level, Pair, measure

_DIGITS = 6
_NUMBERS = (
    "agreement", "exact", "within_one", "kappa", "weighted_kappa", "spearman", "tpr", "tnr",
    "constant_agreement",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a judge says of one output; `error` is why it says nothing."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    rationale: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    evidence: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coded:
    """What code says of one output, whoever judges it. broken: a check could not be evaluated."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    checks_pass: bool = True
    has_checks: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """errors: outputs with a human score that the judge gave none. notes: what else is to be
    known of it, such as how a fit came out.
    """

    figures: Figures
    human_agreement: float | None
    errors: int
    verdict: Verdict
    pass_at: int | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)

    def noted(self, notes: Mapping[str, Any]) -> Measured:
        return replace(self, notes=notes)

    def document(self) -> dict[str, Any]:
        """As the calibration file and the JSON hold it. `why`: of each null."""
        found = self.figures
        why = dict(found.why)
        if self.human_agreement is None:
            why["human_agreement"] = "no output has the scores of two annotators"
        return {
            "n": found.n,
            "met": found.met,
            "not_met": found.not_met,
            **{name: _rounded(getattr(found, name)) for name in _NUMBERS[:1]},
            "interval": None if found.interval is None else [*map(_rounded, found.interval)],
            **{name: _rounded(getattr(found, name)) for name in _NUMBERS[1:]},
            "human_agreement": _rounded(self.human_agreement),
            "errors": self.errors,
            "trusted": self.verdict.trusted,
            "reason": self.verdict.reason,
            **({} if self.verdict.change is None else {"change": self.verdict.change}),
            **self._effective(),
            **({} if self.pass_at is None else {"pass_at": self.pass_at}),
            "confusion": {
                "levels": ["na" if level is None else level for level in found.levels],
                "counts": [list(row) for row in found.table],
            },
            **self.notes,
            **({"why": why} if why else {}),
        }

    def _effective(self) -> dict[str, Any]:
        """Where outputs weigh differently: what the two sides tell as much as, in equal ones."""
        met, not_met = (round(size, 3) for size in self.figures.effective)
        if (met, not_met) == (self.figures.met, self.figures.not_met):
            return {}
        return {"effective": {"met": met, "not_met": not_met}}


@dataclass(frozen=True, slots=True)
class Differs:
    """People and judge apart on one criterion of one output; `apart` in levels."""

    scored: Scored
    criterion: Criterion
    human: Score
    judge: Score
    rationale: str | None
    apart: int
    evidence: tuple[str, ...] = ()

    @property
    def flips(self) -> bool:
        """Whether one of them says met and the other does not."""
        return is_met(self.criterion, self.human) != is_met(self.criterion, self.judge)


def by_criterion(
    rubric: Rubric, sample: Sample, said: Sequence[Said], talked: Sequence[Scored]
) -> dict[str, Measured]:
    """What is measured of each criterion of the judge's. talked: all outputs that people may be
    compared on, beyond the sample.
    """
    found = {}
    for criterion in judge_criteria(rubric):
        id = criterion.id
        pairs, errors = [], 0
        for one, answer, weight in zip(sample.outputs, said, sample.weights, strict=True):
            if id not in one.human.settled:
                continue
            if id not in answer.scores:
                errors += 1
                continue
            human, judge = one.human.settled[id].score, answer.scores[id]
            pairs.append(Pair(_level(human), _level(judge), weight))
        figures = measure(pairs, criterion.scale, criterion.met_at)
        people = people_agree(criterion, talked)
        found[id] = Measured(figures, people, errors, verdict(figures), criterion.met_at)
    return found


def overall(
    rubric: Rubric, sample: Sample, said: Sequence[Said], coded: Sequence[Coded]
) -> Measured:
    """Passed or not, as the code decides it from people's scores and from the judge's."""
    pairs, errors = [], 0
    by_annotator: list[list[bool]] = []
    for one, answer, code, weight in zip(sample.outputs, said, coded, sample.weights, strict=True):
        if code.broken:
            continue
        by_annotator.append(_passes_each(rubric, one, code))
        human = passes(rubric, one.human.scores, code) if not one.human.missing(rubric) else None
        if human is None:
            continue
        complete = all(c.id in answer.scores for c in judge_criteria(rubric))
        judge = passes(rubric, answer.scores, code) if complete else None
        if judge is None:
            errors += 1
            continue
        pairs.append(Pair(int(human), int(judge), weight))
    figures = measure(pairs, (0, 1), 1)
    return Measured(figures, _same(by_annotator), errors, verdict(figures))


def passes(rubric: Rubric, scores: Mapping[str, Score], code: Coded) -> bool | None:
    """Whether an output of these scores passes; None where nothing scores it."""
    scored = normalised(rubric, {**scores, **code.scores})
    return output_passes(rubric, scored, checks_pass=code.checks_pass, has_checks=code.has_checks)


def differing(rubric: Rubric, sample: Sample, said: Sequence[Said]) -> list[Differs]:
    """Where people and judge differ, the worst first: those that flip met or not met, then by
    distance; the criteria take turns.
    """
    found = [
        Differs(
            one,
            c,
            human,
            judge,
            answer.rationale.get(c.id),
            _apart(c, _level(human), _level(judge)),
            tuple(answer.evidence.get(c.id, ())),
        )
        for one, answer in zip(sample.outputs, said, strict=True)
        for c in judge_criteria(rubric)
        if c.id in one.human.settled
        and (judge := answer.scores.get(c.id)) is not None
        and (human := one.human.settled[c.id].score) != judge
    ]
    found.sort(key=lambda one: (not one.flips, -one.apart / len(one.criterion.scale)))
    turns: Counter[str] = Counter()
    ranked = []
    for one in found:
        ranked.append((not one.flips, turns[one.criterion.id], one))
        turns[one.criterion.id] += 1
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:2])]


def _passes_each(rubric: Rubric, one: Scored, code: Coded) -> list[bool]:
    """Of each annotator who scored every criterion: whether the output passes by that alone."""
    wanted = {c.id for c in rubric.by_hand}
    found = (
        passes(rubric, scores, code) for scores in one.labels.values() if wanted <= scores.keys()
    )
    return [passed for passed in found if passed is not None]


def _same(given: Sequence[Sequence[bool]]) -> float | None:
    same = pairs = 0
    for passed in given:
        yes, many = sum(passed), len(passed)
        pairs += many * (many - 1) // 2
        same += (yes * (yes - 1) + (many - yes) * (many - yes - 1)) // 2
    return same / pairs if pairs else None


def _apart(criterion: Criterion, human: Level, judge: Level) -> int:
    if human is None or judge is None:
        return len(criterion.scale)
    return abs(human - judge)


def _level(score: Score) -> Level:
    return None if score == "na" else score


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
