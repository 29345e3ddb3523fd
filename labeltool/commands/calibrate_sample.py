"""Whom a judge is measured against: the outputs that people scored and that may count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labeltool.errors import DataError, Where
from labeltool.graders.checks import evaluate
from labeltool.model.case import Case
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.by_text import newest_of_each
from labeltool.rules.calibrate import LEFT_OUT, Scored, Why, judge_criteria
from labeltool.rules.calibration import Coded
from labeltool.rules.eligible import sits_out
from labeltool.rules.human import human_score
from labeltool.rules.staleness import Texts, current_scores
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class Eligible:
    """outputs: those that may be judged. talked: all that people may be compared with each other
    on, unsettled ones too. left_out: how many outputs with labels do not count, by reason.
    """

    outputs: tuple[Scored, ...]
    talked: tuple[Scored, ...]
    left_out: Mapping[str, int]

    def told(self) -> str:
        """Why others do not count, in words; empty where all do."""
        return ", ".join(f"{n} {LEFT_OUT[why]}" for why, n in self.left_out.items())

    def nothing(self, dataset: str) -> DataError:
        """What to say, and to do, where no output may be judged."""
        labelled = f" ({self.told()})" if self.left_out else ""
        hint = "label some: `labeltool label` opens the app"
        if self.left_out.get("hidden"):
            hint = "close the round first: `labeltool round close`"
        elif self.left_out.get("unsettled"):
            hint = "settle what people disagree on: `labeltool resolve`"
        return DataError(
            f"no output has a human score that a judge could be measured on{labelled}",
            hint=hint,
            where=Where(f"{paths.DATASETS}/{dataset}/labels"),
        )


def read(
    store: DatasetStore, rubric: Rubric, *, quoted: Collection[str] = (), now: datetime
) -> Eligible:
    """The outputs with labels or a resolution, each text once. `quoted`: cases that a judge's
    template holds. Raises DataError where a file cannot be read: its scores are missing.
    """
    index = load_humans(store, rubric)
    if index.problems:
        raise DataError.of(index.problems)
    cases = {case.id: case for case in store.cases().require()}
    judged = {criterion.id for criterion in judge_criteria(rubric)}
    left_out: Counter[str] = Counter()
    outputs: list[Scored] = []
    talked: list[Scored] = []
    for case, system, output in _spoken_of(store, index, cases):
        found = _scored(index, rubric, case, system, output)
        why: Why | None = None
        if index.is_hidden(case.id, found.output_hash):
            why = "hidden"
        elif sits_out(case, now) is not None:
            why = "sits_out"
        elif case.id in quoted:
            why = "quoted"
        elif judged.isdisjoint(found.human.settled):
            seen = any(one.after_judge for one in index.labels.get(_key(found), ()))
            why = "after_judge" if seen else "unsettled"
        if why in (None, "unsettled"):
            talked.append(found)
        if why is None:
            outputs.append(found)
        else:
            left_out[why] += 1
    return Eligible(tuple(outputs), tuple(talked), dict(left_out))


def coded(rubric: Rubric, one: Scored) -> Coded:
    """What checks say of that output: the case's own, and the rubric's criteria that are checks."""
    text, expected = one.output.output, one.case.acceptable
    own = [evaluate(check, text, expected=expected) for check in one.case.checks]
    ruled = [
        (c, evaluate(c.check, text, expected=expected))
        for c in rubric.criteria
        if c.check is not None
    ]
    return Coded(
        scores={c.id: c.max if found.passed else c.min for c, found in ruled},
        checks_pass=all(found.passed for found in own),
        has_checks=bool(own),
        broken=any(found.error for found in (*own, *(found for _, found in ruled))),
    )


def _spoken_of(
    store: DatasetStore, index: HumanIndex, cases: Mapping[str, Case]
) -> Iterator[tuple[Case, str, Output]]:
    """Recorded outputs that somebody scored; of the same text in two snapshots the first."""
    wanted = {*index.labels, *index.resolutions}
    for system in store.systems if wanted else ():
        for output in store.outputs(system).require():
            key = (output.case, text_hash(output.output))
            if key in wanted and output.case in cases:
                wanted.discard(key)
                yield cases[output.case], system, output


def _scored(index: HumanIndex, rubric: Rubric, case: Case, system: str, output: Output) -> Scored:
    """What people say of it without those who had seen the judge's score.

    A resolution that settled such a score goes with it: its `settles` finds no label any more.
    """
    texts = Texts(input_hash(case.input), text_hash(output.output))
    key = (case.id, texts.output_hash)
    labels = newest_of_each(one for one in index.labels.get(key, ()) if not one.after_judge)
    resolution = index.said(key)[1]
    return Scored(
        case=case,
        system=system,
        output=output,
        output_hash=texts.output_hash,
        human=human_score(rubric, texts, labels, resolution),
        labels={one.annotator: current_scores(one, rubric, texts) for one in labels},
        note=_notes(labels, resolution),
    )


def _notes(labels: Sequence[Label], resolution: Resolution | None) -> str | None:
    """What people wrote beside their scores; a resolution's note says the last word."""
    said = [f"settled: {resolution.note}"] if resolution and resolution.note else []
    said += [f"{one.annotator}: {one.notes}" for one in labels if one.notes]
    return "; ".join(said) or None


def _key(one: Scored) -> tuple[str, str]:
    return one.case.id, one.output_hash
