"""Which human scores a judge is measured on, and from its figures to a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Literal

from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.human import HumanScore
from labeltool.rules.scoring import is_met
from labeltool.stats.calibration import Figures
from labeltool.stats.intervals import cases_to_settle

LEAST = 30
LEAST_SIDE = 5
LEAST_AGREEMENT = 0.80
MOST_WORTH_ASKING = 5_000
_EPSILON = 1e-9

Why = Literal["quoted", "hidden", "after_judge", "unsettled", "sits_out"]
LEFT_OUT: dict[str, str] = {
    "hidden": "in an open round",
    "after_judge": "labelled after the judge's score was seen",
    "quoted": "quoted in the judge's template",
    "unsettled": "without a settled score",
    "sits_out": "of a case that is retired or quarantined",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """One output that people scored. labels: {annotator: {criterion: current score}}.

    system: the first snapshot that holds the text.
    """

    case: Case
    system: str
    output: Output
    output_hash: str
    human: HumanScore
    labels: Mapping[str, Mapping[str, Score]]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The outputs that are judged. weights: how many eligible outputs each stands for, relative to
    the others; all 1 where nothing was stratified. of: how many were eligible.
    """

    outputs: tuple[Scored, ...]
    weights: tuple[float, ...]
    of: int
    seed: int

    @property
    def stratified(self) -> bool:
        return len(set(self.weights)) > 1


def draw(rubric: Rubric, eligible: Sequence[Scored], count: int | None, *, seed: int) -> Sample:
    """All of them, or `count` by `seed`: half of them outputs that miss a criterion, as far as
    there are, since those are few and say most; the weights undo that.
    """
    ordered = sorted(eligible, key=lambda one: (one.case.id, one.output_hash))
    if count is None or count >= len(ordered):
        return Sample(tuple(ordered), (1.0,) * len(ordered), len(ordered), seed)
    missing = [one for one in ordered if misses(rubric, one.human)]
    meeting = [one for one in ordered if not misses(rubric, one.human)]
    few = min(len(missing), max(count // 2, count - len(meeting)))
    rng = Random(seed)  # noqa: S311 - a sample that can be drawn again
    chosen = [
        (one, len(side) / size)
        for side, size in ((missing, few), (meeting, count - few))
        for one in rng.sample(side, size)
    ]
    chosen.sort(key=lambda pair: (pair[0].case.id, pair[0].output_hash))
    scale = sum(weight for _, weight in chosen) / len(chosen)
    weights = tuple(round(weight / scale, 6) for _, weight in chosen)
    return Sample(tuple(one for one, _ in chosen), weights, len(ordered), seed)


def misses(rubric: Rubric, human: HumanScore) -> bool:
    """Whether people say that a criterion of the judge's is not met."""
    return any(
        is_met(criterion, human.settled[criterion.id].score) is False
        for criterion in judge_criteria(rubric)
        if criterion.id in human.settled
    )


def judge_criteria(rubric: Rubric) -> tuple[Criterion, ...]:
    return tuple(criterion for criterion in rubric.criteria if criterion.grader == "judge")


def people_agree(criterion: Criterion, outputs: Sequence[Scored]) -> float | None:
    """The share (0..1) of pairs of annotators' current scores of one output that say the same of
    met or not met; None where no output has two.
    """
    same = pairs = 0
    for one in outputs:
        given = [
            is_met(criterion, scores[criterion.id])
            for scores in one.labels.values()
            if criterion.id in scores
        ]
        for first, second in combinations(given, 2):
            pairs += 1
            same += first == second
    return same / pairs if pairs else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason`: why it is (not) trusted. `change`: what would change that, or make it surer."""

    trusted: bool
    reason: str
    change: str | None = None


def verdict(found: Figures) -> Verdict:
    """Trusted from 30 outputs, 5 on each side, agreement of 0.80, and above the best constant."""
    lacking = _lacking(found)
    if found.n < LEAST:
        of_them = " and ".join(f"{count} of them {side}" for side, count in lacking.items())
        change = f"label {_more(LEAST - found.n)}{f', at least {of_them}' if of_them else ''}"
        return Verdict(False, f"{found.n} human scores, {LEAST} are asked", change)
    if lacking:
        sides = " and ".join(lacking)
        change = " and ".join(f"{count} more on the {side} side" for side, count in lacking.items())
        return Verdict(False, f"not enough variation: label {sides} outputs", change)
    agreement, constant = found.agreement or 0.0, found.constant_agreement or 0.0
    if agreement < LEAST_AGREEMENT - _EPSILON:
        reason = f"agrees with people on {agreement:.2f}, {LEAST_AGREEMENT:.2f} is asked"
        return Verdict(False, reason, _if_it_stays(found))
    if agreement <= constant + _EPSILON:
        common, rare = ("met", "failing") if found.met >= found.not_met else ("not met", "passing")
        reason = f"no better than always saying {common} ({constant:.2f})"
        return Verdict(False, reason, f"a judge that tells them apart; label more {rare} outputs")
    return Verdict(True, f"agrees with people on {agreement:.2f}", _surer(found))


def _lacking(found: Figures) -> dict[str, int]:
    """{side: how many outputs it lacks}."""
    sides = {"failing": found.not_met, "passing": found.met}
    return {side: LEAST_SIDE - n for side, n in sides.items() if n < LEAST_SIDE}


def _if_it_stays(found: Figures) -> str:
    """Whether more labels of the same kind could still lift it."""
    if found.interval is not None and found.interval[1] >= LEAST_AGREEMENT:
        return "more labels may tell: its interval reaches the bar"
    return "a better judge or a clearer criterion: more labels will not help"


def _surer(found: Figures) -> str | None:
    """How many labels would put the whole interval above the bar, where it is not yet."""
    if found.agreement is None or found.interval is None or found.interval[0] >= LEAST_AGREEMENT:
        return None
    wanted = cases_to_settle(found.agreement, LEAST_AGREEMENT, more_than=found.n)
    if wanted is None or wanted - found.n > MOST_WORTH_ASKING:
        return "it stands on the bar: no number of labels will make it sure"
    return f"label {_more(wanted - found.n)} to be sure of {LEAST_AGREEMENT:.2f}"


def _more(count: int) -> str:
    return "1 more output" if count == 1 else f"{count:,} more outputs"
