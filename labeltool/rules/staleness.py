"""What a person said of an output, and whether it still stands.

A score is stale when its criterion was amended after it was given, or when the text it speaks of
is another one now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric, ref_parts

Reason = Literal[
    "amended",
    "other_rubric",
    "newer_rubric",
    "input_changed",
    "output_changed",
    "not_in_rubric",
    "off_scale",
    "score_changed",
]


@dataclass(frozen=True, slots=True)
class Texts:
    """The hashes of the input and the output as they are now."""

    input_hash: str
    output_hash: str


def stale_label(label: Label, rubric: Rubric, texts: Texts) -> dict[str, Reason]:
    """Why each of the label's scores no longer stands; a criterion left out is current."""
    whole = _whole(label, rubric, texts)
    return {
        id: reason
        for id, score in label.scores.items()
        if (reason := whole or _one(label.rubric, rubric, id, score)) is not None
    }


def current_scores(label: Label, rubric: Rubric, texts: Texts) -> dict[str, Score]:
    """The scores of the label that still stand; none of a skipped one."""
    if label.status == "skipped":
        return {}
    stale = stale_label(label, rubric, texts)
    return {id: score for id, score in label.scores.items() if id not in stale}


def stale_resolution(
    resolution: Resolution, rubric: Rubric, texts: Texts, labels: Mapping[str, Label]
) -> dict[str, Reason]:
    """Why each settled score no longer stands. `labels` are this output's, by annotator.

    A score that it settled has changed when the annotator's file now says another one, or nothing.
    """
    whole = _whole(resolution, rubric, texts)
    stale: dict[str, Reason] = {}
    for id, score in resolution.scores.items():
        reason = whole or _one(resolution.rubric, rubric, id, score)
        if reason is None and _settled_changed(resolution, id, labels):
            reason = "score_changed"
        if reason is not None:
            stale[id] = reason
    return stale


def standing_scores(
    resolution: Resolution, rubric: Rubric, texts: Texts, labels: Mapping[str, Label]
) -> dict[str, Score]:
    """The settled scores that still stand."""
    stale = stale_resolution(resolution, rubric, texts, labels)
    return {id: score for id, score in resolution.scores.items() if id not in stale}


def _settled_changed(resolution: Resolution, id: str, labels: Mapping[str, Label]) -> bool:
    for annotator, scores in resolution.settles.items():
        if id not in scores:
            continue
        label = labels.get(annotator)
        if label is None or label.scores.get(id) != scores[id]:
            return True
    return False


def _whole(said: Label | Resolution, rubric: Rubric, texts: Texts) -> Reason | None:
    name, version = ref_parts(said.rubric)
    if name != rubric.name:
        return "other_rubric"
    if version > rubric.version:
        return "newer_rubric"
    if said.input_hash not in (None, texts.input_hash):
        return "input_changed"
    if said.output_hash not in (None, texts.output_hash):
        return "output_changed"
    return None


def _one(ref: str, rubric: Rubric, id: str, score: Score) -> Reason | None:
    criterion = rubric.criterion(id)
    if criterion is None or not criterion.by_hand:
        return "not_in_rubric"
    if id in rubric.changed_since(ref_parts(ref)[1]):
        return "amended"
    return None if criterion.allows(score) else "off_scale"
