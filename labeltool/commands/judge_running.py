"""A judge held against what people have said since it was calibrated, without having seen it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labeltool.model.base import Score
from labeltool.model.calibration import Calibration
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.output import Output
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.rules.by_text import newest_of_each
from labeltool.rules.calibrate import judge_criteria
from labeltool.rules.eligible import moment
from labeltool.rules.human import human_score
from labeltool.rules.spot import Running, fallen, is_spot, running
from labeltool.rules.staleness import Texts
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class JudgeRunning:
    """since: when the judge was calibrated. asked: outputs of its spot checks; labelled: those of
    them that count.
    """

    judge: str
    since: str | None
    asked: int
    labelled: int
    criteria: Mapping[str, Running]

    @property
    def fallen(self) -> tuple[str, ...]:
        return fallen(self.criteria)


def judges_running(store: DatasetStore, rubric: Rubric) -> tuple[JudgeRunning, ...]:
    """Of each calibrated judge that was spot-checked since. Broken files are left out: `check`
    names them.
    """
    spots = [one for system in filter(is_spot, store.systems) for one in _spots(store, system)]
    if not spots:
        return ()
    index = load_humans(store, rubric)
    inputs = {case.id: input_hash(case.input) for case in store.cases().values}
    found = (
        _one(calibration, rubric, spots, index, inputs)
        for calibration in store.calibrations().values
    )
    return tuple(one for one in found if one.asked)


def _spots(store: DatasetStore, system: str) -> Iterator[Output]:
    return (one for one in store.outputs(system).values if one.judged is not None)


def _one(
    calibration: Calibration,
    rubric: Rubric,
    spots: list[Output],
    index: HumanIndex,
    inputs: Mapping[str, str],
) -> JudgeRunning:
    pairs: dict[str, list[tuple[Score, Score]]] = defaultdict(list)
    asked = labelled = 0
    for output in spots:
        judged = output.judged
        if judged is None or output.case not in inputs:
            continue
        if (judged.judge, judged.fingerprint) != (calibration.judge, calibration.fingerprint):
            continue
        asked += 1
        texts = Texts(inputs[output.case], text_hash(output.output))
        human = _said(index, rubric, (output.case, texts.output_hash), texts, calibration)
        amended = rubric.changed_since(ref_parts(judged.rubric)[1])
        shared = (human.keys() & judged.scores.keys()) - amended
        labelled += bool(shared)
        for id in shared:
            pairs[id].append((human[id], judged.scores[id]))
    criteria = {one.id: running(one, pairs[one.id]) for one in judge_criteria(rubric)}
    return JudgeRunning(calibration.judge, calibration.calibrated_at, asked, labelled, criteria)


def _said(
    index: HumanIndex, rubric: Rubric, text: tuple[str, str], texts: Texts, since: Calibration
) -> Mapping[str, Score]:
    """The human scores of labels that were given since, blind to the judge."""
    if text in index.hidden:
        return {}
    labels = newest_of_each(
        one
        for one in index.labels.get(text, ())
        if not one.after_judge and _later(one.labeled_at, since.calibrated_at)
    )
    return human_score(rubric, texts, labels, index.said(text)[1] if labels else None).scores


def _later(given: str | None, since: str | None) -> bool:
    if since is None:
        return True
    return given is not None and moment(given) > moment(since)
