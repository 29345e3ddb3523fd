"""What people disagree on, which disagreement comes first, and what settling it writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from labeltool.errors import UnknownName, UsageError
from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.resolution import Because, Resolution
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.human import human_score
from labeltool.rules.staleness import Reason, Texts, current_scores, stale_resolution

BECAUSE: tuple[Because, ...] = get_args(Because)


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion that current labels differ on by more than its tolerance.

    scores: {annotator: score}. settled: what a current resolution says, None while it is open.
    came_back: why an earlier resolution of it no longer stands.
    """

    criterion: Criterion
    scores: Mapping[str, Score]
    settled: Score | None = None
    came_back: Reason | None = None

    @property
    def is_open(self) -> bool:
        return self.settled is None

    @property
    def spread(self) -> float:
        """How far apart, 0..1 of the scale; `na` beside a number is as far as can be."""
        numbers = [score for score in self.scores.values() if score != "na"]
        if len(numbers) < len(self.scores):
            return 1.0
        return (max(numbers) - min(numbers)) / (self.criterion.max - self.criterion.min)

    @property
    def decides(self) -> bool:
        """Whether one of them says met and another one not."""
        met = {score != "na" and score >= self.criterion.met_at for score in self.scores.values()}
        return len(met) > 1


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One output whose current labels differ.

    sides: the labels with a score that stands, in an order that a hash chose, so that A and B tell
    nobody's name. differences: what they differ on, open ones first, the worst first. agreed:
    {criterion: {annotator: score}} of the rest. earlier: the resolution on file, if any, and
    standing: what of it still stands, also where labels are being asked again.
    """

    system: str
    case: str
    texts: Texts
    sides: tuple[Label, ...]
    differences: tuple[Difference, ...]
    agreed: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)
    earlier: Resolution | None = None
    standing: Mapping[str, Score] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if one.is_open)

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who said something that stands, by name."""
        return tuple(sorted(label.annotator for label in self.sides))

    def difference(self, criterion: str) -> Difference | None:
        return next((one for one in self.differences if one.criterion.id == criterion), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody settles: scores by criterion, why people differed, and a note."""

    scores: Mapping[str, Score]
    because: Because | None = None
    note: str | None = None


def disagreement(
    rubric: Rubric,
    texts: Texts,
    labels: Sequence[Label],
    resolution: Resolution | None = None,
    *,
    system: str | None = None,
) -> Disagreement | None:
    """What the labels of one output differ on, settled or not; None where they agree.

    labels: at most one of each annotator; stale ones may be among them. system: where the output
    is looked at, for labels may speak of the same text in several snapshots.
    """
    differ = human_score(rubric, texts, labels).unresolved
    if not differ:
        return None
    first = labels[0]
    stands = {label.annotator: current_scores(label, rubric, texts) for label in labels}
    stale = _stale(resolution, rubric, texts, labels)
    found = [
        Difference(criterion, differ[criterion.id], *_settled(resolution, stale, criterion.id))
        for criterion in rubric.by_hand
        if criterion.id in differ
    ]
    agreed = {
        c.id: {name: scores[c.id] for name, scores in stands.items() if c.id in scores}
        for c in rubric.by_hand
        if c.id not in differ
    }
    return Disagreement(
        system=system or first.system,
        case=first.case,
        texts=texts,
        sides=_sides([label for label in labels if stands[label.annotator]], texts),
        differences=tuple(sorted(found, key=lambda one: (not one.is_open, *_worst(rubric, one)))),
        agreed={id: said for id, said in agreed.items() if said},
        earlier=resolution,
        standing=_standing(resolution, stale),
    )


def worst_first(found: Iterable[Disagreement], rubric: Rubric) -> tuple[Disagreement, ...]:
    """Open ones, in this order: where a pass hangs on it, the farthest apart, the most of the
    score; equals by name.
    """

    def rank(one: Disagreement) -> tuple[object, ...]:
        worst = min(_worst(rubric, difference) for difference in one.open)
        total = sum(-_worst(rubric, difference)[-1] for difference in one.open)
        return (*worst[:-1], -total, one.system, one.case)

    return tuple(sorted((one for one in found if one.open), key=rank))


def _worst(rubric: Rubric, one: Difference) -> tuple[bool, bool, float, float]:
    """Smaller is worse. The last is the share of the score that hangs on it, negative."""
    weights = sum(criterion.weight for criterion in rubric.criteria) or 1.0
    weighs = one.criterion.weight / weights * one.spread
    required = one.criterion.required and one.decides
    return not required, not one.decides, -one.spread, -weighs


def _sides(labels: Iterable[Label], texts: Texts) -> tuple[Label, ...]:
    def shuffled(label: Label) -> str:
        salt = f"{label.system}/{label.case}/{texts.output_hash}/{label.annotator}"
        return hashlib.sha256(salt.encode()).hexdigest()

    return tuple(sorted(labels, key=shuffled))


def _stale(
    resolution: Resolution | None, rubric: Rubric, texts: Texts, labels: Iterable[Label]
) -> Mapping[str, Reason]:
    if resolution is None:
        return {}
    by_annotator = {label.annotator: label for label in labels}
    return stale_resolution(resolution, rubric, texts, by_annotator)


def _standing(resolution: Resolution | None, stale: Mapping[str, Reason]) -> dict[str, Score]:
    if resolution is None:
        return {}
    return {id: score for id, score in resolution.scores.items() if id not in stale}


def _settled(
    resolution: Resolution | None, stale: Mapping[str, Reason], id: str
) -> tuple[Score | None, Reason | None]:
    if resolution is None or id not in resolution.scores:
        return None, None
    return (None, stale[id]) if id in stale else (resolution.scores[id], None)


def resolve(
    found: Disagreement,
    decision: Decision,
    rubric: Rubric,
    *,
    resolver: str,
    at: str,
    amended: Rubric | None = None,
) -> Resolution:
    """The resolution as its file shall hold it.

    What an earlier one settled and still stands is kept with its reason; what is settled anew
    supersedes it. `amended`: the rubric's next version where it lands in the same commit; the
    decision is made under it as far as its scales hold every score.

    Raises UsageError for a score off its scale, a criterion that nobody differs on, no reason.
    """
    refuse(found, decision, rubric, amended)
    settles = {
        id: dict(one.scores) for id in decision.scores if (one := found.difference(id)) is not None
    }
    kept = _kept(found, decision, rubric, amended)
    scores = {**kept, **decision.scores}
    earlier = found.earlier.settles if found.earlier is not None else {}
    return Resolution(
        case=found.case,
        system=found.system,
        rubric=_under(scores, settles, rubric, amended).ref,
        input_hash=found.texts.input_hash,
        output_hash=found.texts.output_hash,
        scores={c.id: scores[c.id] for c in rubric.by_hand if c.id in scores},
        settles=_settles(settles, {id: _of(earlier, id) for id in kept}, rubric),
        resolver=resolver,
        because=decision.because,
        note=_note(found.earlier, decision, kept),
        resolved_at=at,
    )


def refuse(
    found: Disagreement, decision: Decision, rubric: Rubric, amended: Rubric | None = None
) -> None:
    """UsageError where the decision cannot be: what is wrong, and what can be said instead."""
    if not decision.scores:
        words = ", ".join(one.criterion.id for one in found.differences)
        raise UsageError("nothing is settled yet", hint=f"people differ on {words}")
    for id, score in decision.scores.items():
        criterion = rubric.criterion(id)
        if criterion is None:
            raise UnknownName("criterion", id, (c.id for c in rubric.by_hand))
        if found.difference(id) is None:
            words = ", ".join(one.criterion.id for one in found.differences)
            raise UsageError(
                f"nobody disagrees on {id} of {found.case}", hint=f"people differ on {words}"
            )
        scale = criterion if amended is None else amended.criterion(id) or criterion
        if not scale.allows(score):
            also = ", or na" if scale.na else ""
            hint = f"it goes from {scale.min} to {scale.max}{also}"
            raise UsageError(f"{id}={score} is off its scale", hint=hint)
    if decision.because is None:
        raise UsageError("a resolution says why people differed", hint=f"one of {_reasons()}")


def _reasons() -> str:
    return ", ".join(BECAUSE)


def _kept(
    found: Disagreement, decision: Decision, rubric: Rubric, amended: Rubric | None
) -> dict[str, Score]:
    """What stays of the earlier resolution. An amendment does not revive what it makes stale."""
    again = amended.changed_since(rubric.version) if amended is not None else frozenset[str]()
    return {
        id: score
        for id, score in found.standing.items()
        if id not in decision.scores and id not in again
    }


def _under(
    scores: Mapping[str, Score],
    settles: Mapping[str, Mapping[str, Score]],
    rubric: Rubric,
    amended: Rubric | None,
) -> Rubric:
    """The version that the resolution is written under."""
    if amended is None:
        return rubric
    said = {id: (score, *settles.get(id, {}).values()) for id, score in scores.items()}
    holds = all(
        (criterion := amended.criterion(id)) is not None
        and all(criterion.allows(score) for score in values)
        for id, values in said.items()
    )
    return amended if holds else rubric


def _of(settles: Mapping[str, Mapping[str, Score]], id: str) -> dict[str, Score]:
    return {name: scores[id] for name, scores in settles.items() if id in scores}


def _settles(
    new: Mapping[str, Mapping[str, Score]], kept: Mapping[str, Mapping[str, Score]], rubric: Rubric
) -> dict[str, dict[str, Score]]:
    """{annotator: {criterion: score}}, by name and in the rubric's order."""
    by_criterion = {**kept, **new}
    names = sorted({name for said in by_criterion.values() for name in said})
    return {
        name: {
            c.id: by_criterion[c.id][name]
            for c in rubric.by_hand
            if name in by_criterion.get(c.id, {})
        }
        for name in names
    }


def _note(earlier: Resolution | None, decision: Decision, kept: Mapping[str, Score]) -> str | None:
    """The note; what was said of criteria that stay settled stands below it."""
    note = (decision.note or "").strip()
    if earlier is None or not kept or not (earlier.note or earlier.because):
        return note or None
    because = f" ({earlier.because.replace('_', ' ')})" if earlier.because else ""
    before = f"{', '.join(kept)}{because}: {(earlier.note or '').strip()}".rstrip(": ")
    return f"{note}\n{before}" if note else before
