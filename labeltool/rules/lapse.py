"""What no longer stands after an amendment or a changed score, so that none passes for settled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from labeltool.model.label import Label
from labeltool.rules.agreement import Said
from labeltool.rules.ratings import Output, current
from labeltool.rules.staleness import Reason, stale_label, stale_resolution


@dataclass(frozen=True, slots=True)
class Lapse:
    """Of one criterion. labels: {annotator: scores to give again}; resolutions that do not stand;
    disagreements: open before, never settled, and open no more only because too few of their scores
    still stand.
    """

    labels: Mapping[str, int] = field(default_factory=dict)
    resolutions: int = 0
    disagreements: int = 0

    def __bool__(self) -> bool:
        return bool(self.labels or self.resolutions or self.disagreements)


def lapses(before: Said, after: Said, was_open: Iterable[tuple[str, Output]]) -> dict[str, Lapse]:
    """{criterion: what `after` made lapse}, of those where something did. was_open: (criterion,
    output) of the disagreements that were open before.
    """
    labels = _labels(before, after)
    resolutions = Counter(id for _, id in _unsettled(after).keys() - _unsettled(before).keys())
    scores = current(after.rubric, after.labels, after.texts)
    ended = {(id, (one.system, one.case)) for one in after.resolutions for id in one.scores}
    lost = Counter(
        id
        for id, output in was_open
        if output in after.texts
        and len(scores.get(id, {}).get(output, {})) < 2
        and (id, output) not in ended
    )
    found = {
        one.id: Lapse(labels[one.id], resolutions[one.id], lost[one.id])
        for one in after.rubric.by_hand
    }
    return {id: one for id, one in found.items() if one}


def stale_settled(said: Said) -> dict[Output, dict[str, Reason]]:
    """{output: {criterion: why its resolution no longer stands}}."""
    labels: dict[Output, dict[str, Label]] = defaultdict(dict)
    for label in said.labels:
        labels[label.system, label.case][label.annotator] = label
    return {
        key: stale_resolution(one, said.rubric, said.texts[key], labels[key])
        for one in said.resolutions
        if (key := (one.system, one.case)) in said.texts
    }


def _labels(before: Said, after: Said) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for id, annotator, _ in set(_stale(after)) - set(_stale(before)):
        found[id][annotator] += 1
    return found


def _stale(said: Said) -> Iterator[tuple[str, str, Output]]:
    for label in said.labels:
        output = (label.system, label.case)
        if label.status != "skipped" and output in said.texts:
            for id in stale_label(label, said.rubric, said.texts[output]):
                yield id, label.annotator, output


def _unsettled(said: Said) -> dict[tuple[Output, str], Reason]:
    return {
        (output, id): reason
        for output, stale in stale_settled(said).items()
        for id, reason in stale.items()
    }
