"""The blind scores of a round: which of what people said was said in it, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.round import Round, RoundOutput
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.rules.staleness import Texts

Frozen = dict[str, dict[str, dict[str, Score]]]
"""{annotator: {case: {criterion: score}}}."""


def blind_scores(round: Round, rubric: Rubric, label: Label, texts: Texts) -> dict[str, Score]:
    """The scores of `label` that count in the round.

    Not those that speak of another text, that were given under another wording of the criterion
    than the round's, or after their annotator had the others' labels shown (`unblinded`).
    """
    name, asked = ref_parts(round.rubric)
    said_in, given = ref_parts(label.rubric)
    if label.status == "skipped" or said_in != name or rubric.name != name:
        return {}
    if label.input_hash not in (None, texts.input_hash):
        return {}
    if label.output_hash not in (None, texts.output_hash) or not _blind(round, label):
        return {}
    reworded = _changed(rubric, *sorted((asked, given)))
    found: dict[str, Score] = {}
    for criterion in rubric.by_hand:
        score = label.scores.get(criterion.id)
        if score is not None and criterion.id not in reworded and criterion.allows(score):
            found[criterion.id] = score
    return found


def is_done(round: Round, rubric: Rubric, label: Label | None, texts: Texts) -> bool:
    """Whether the label says all that the round asks of an output, or skips it.

    A criterion that was amended while the round was open is asked for again in the next one.
    """
    if label is None:
        return False
    if label.status == "skipped":
        return label.output_hash in (None, texts.output_hash)
    return asked_of(round, rubric) <= _told(round, rubric, label, texts).keys()


def asked_of(round: Round, rubric: Rubric) -> frozenset[str]:
    """The criteria that the round can settle: those that were not amended since it was opened."""
    amended = rubric.changed_since(ref_parts(round.rubric)[1])
    return frozenset(c.id for c in rubric.by_hand if c.id not in amended)


def people_of(round: Round, everybody: Iterable[str]) -> tuple[str, ...]:
    """Who takes part; a round that names nobody asks `everybody`."""
    return tuple(round.annotators) or tuple(everybody)


def as_scores(
    frozen: Mapping[str, Mapping[str, Mapping[str, Score]]],
    outputs: Iterable[RoundOutput],
    criterion: str,
) -> dict[str, dict[str, Score]]:
    """{case: {annotator: score}} of one criterion, over the fresh outputs alone: who has labelled
    an output before has had time to hear what others think of it.
    """
    return {
        output.case: {
            name: by_case[output.case][criterion]
            for name, by_case in frozen.items()
            if criterion in by_case.get(output.case, {})
        }
        for output in outputs
        if output.fresh
    }


def _told(round: Round, rubric: Rubric, label: Label, texts: Texts) -> dict[str, Score]:
    """As `blind_scores`, those said with the others' in sight included: they are said all the
    same.
    """
    blindly = round.model_copy(update={"unblinded": {}})
    return blind_scores(blindly, rubric, label, texts)


def _blind(round: Round, label: Label) -> bool:
    seen = round.unblinded.get(label.annotator)
    if seen is None:
        return True
    return label.labeled_at is not None and _moment(label.labeled_at) < _moment(seen)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _changed(rubric: Rubric, older: int, newer: int) -> frozenset[str]:
    return frozenset(
        id
        for change in rubric.changelog
        if older < change.version <= newer
        for id in change.changed
    )
