"""What the rubric screen shows: each criterion's past, as values. Counts only, nobody's labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

from labeltool.commands.by_text import hear, recorded_by
from labeltool.commands.context import Context
from labeltool.commands.label_view import texts_of
from labeltool.commands.rubric import Compared, Edition, compared, is_shallow, past
from labeltool.errors import LabeltoolError
from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.resolution import Because, Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Change, Rubric
from labeltool.rules.agreement import AtVersion, over_versions
from labeltool.rules.by_text import Recorded, Text, blind_texts, newest_of_each, text_of
from labeltool.rules.human import blind_outputs
from labeltool.rules.rubric_diff import CriterionChange
from labeltool.rules.staleness import Texts, current_scores, stale_label, stale_resolution
from labeltool.store.dataset import DatasetStore

Output = tuple[str, str]
"""(system, case)."""


@dataclass(frozen=True, slots=True)
class Count:
    """Scores given for a criterion, everybody's together."""

    current: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """A resolution as far as one criterion goes."""

    case: str
    score: Score
    because: Because | None
    note: str | None
    resolver: str | None
    at: str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Amended:
    """One version that changed a criterion. `change` is None where git does not hold both sides,
    `entry` where the changelog does not speak of it.
    """

    version: int
    change: CriterionChange | None
    entry: Change | None


@dataclass(frozen=True, slots=True)
class RubricPast:
    """What is known beside the rubric itself, by criterion.

    steps: neighbouring versions compared, newest first. rounds: what closed rounds found, oldest
    first. hidden: resolutions of outputs in open
    rounds. missing: why older versions are not known, None where all are.
    """

    counts: Mapping[str, Count] = field(default_factory=dict)
    settled: Mapping[str, tuple[Settled, ...]] = field(default_factory=dict)
    amended: Mapping[str, tuple[Amended, ...]] = field(default_factory=dict)
    steps: tuple[Compared, ...] = ()
    rounds: Mapping[str, tuple[AtVersion, ...]] = field(default_factory=dict)
    hidden: int = 0
    missing: str | None = None


def rubric_past(ctx: Context, *, dataset: str | None = None) -> RubricPast:
    """Reads labels, resolutions and the rubric's versions. Raises LabeltoolError."""
    store = ctx.workspace.dataset(dataset)
    rubric = store.rubric
    steps, missing = _steps(ctx, rubric)
    labels = store.labels().values
    resolutions = store.resolutions().values
    spoken_of = {(one.system, one.case) for one in labels}
    texts = _texts(store, spoken_of | {(one.system, one.case) for one in resolutions})
    rounds = store.rounds().values
    shown = _shown(store, resolutions, rounds)
    return RubricPast(
        counts=_counts(rubric, labels, texts),
        settled=_settled(rubric, shown, labels, texts, recorded_by(store)),
        amended={one.id: _amended(rubric, one.id, steps) for one in rubric.criteria},
        steps=steps,
        rounds=over_versions(rubric, rounds),
        hidden=len(resolutions) - len(shown),
        missing=missing,
    )


def settled_past(ctx: Context, *, dataset: str | None = None) -> RubricPast:
    """As `rubric_past` without counts: of labels and outputs only those are read that a resolution
    rests on, so that it is quick beside thousands.
    """
    store = ctx.workspace.dataset(dataset)
    rubric = store.rubric
    steps, missing = _steps(ctx, rubric)
    resolutions = store.resolutions().values
    shown = _shown(store, resolutions, store.rounds().values)
    labels: list[Label] = []
    texts: dict[Output, Texts] = {}
    for one in shown:
        with suppress(LabeltoolError):  # a broken file: `check` says so, the resolution is stale
            output = store.output(one.system, one.case)
            if output is not None:
                here = texts_of(store.case(one.case), output)
                texts[one.system, one.case] = here
                labels += hear(store, (one.case, here.output_hash)).labels
    return RubricPast(
        settled=_settled(rubric, shown, labels, texts, recorded_by(store)),
        amended={one.id: _amended(rubric, one.id, steps) for one in rubric.criteria},
        steps=steps,
        hidden=len(resolutions) - len(shown),
        missing=missing,
    )


def _shown(
    store: DatasetStore, resolutions: Iterable[Resolution], rounds: Sequence[Round]
) -> list[Resolution]:
    """Without those of a text that an open round asks for, in whatever snapshot it was settled."""
    recorded = recorded_by(store)
    asked, blind = blind_outputs(rounds), blind_texts(rounds, recorded)
    return [
        one
        for one in resolutions
        if (one.system, one.case) not in asked and text_of(one, recorded) not in blind
    ]


def _steps(ctx: Context, rubric: Rubric) -> tuple[tuple[Compared, ...], str | None]:
    try:
        found = [one for one in past(ctx, rubric) if one.rubric.version < rubric.version]
        shallow = is_shallow(ctx)
    except LabeltoolError as error:
        return (), error.message
    found.sort(key=lambda one: -one.rubric.version)
    editions = [Edition(rubric), *found]
    steps = tuple(compared(b, a) for a, b in pairwise(editions))
    first = editions[-1].rubric.version
    if first == 1:
        return steps, None
    if shallow:
        return steps, f"before version {first}: this clone is shallow, git fetch --unshallow"
    return steps, f"before version {first}: not in git"


def _texts(store: DatasetStore, wanted: set[Output]) -> dict[Output, Texts]:
    """The hashes of each output that somebody spoke of; without those that are gone."""
    cases = {case.id: case for case in store.cases().values}
    found: dict[Output, Texts] = {}
    for system in {system for system, _ in wanted}:
        for output in store.outputs(system).values:
            key = (system, output.case)
            if key in wanted and output.case in cases:
                found[key] = texts_of(cases[output.case], output)
    return found


def _counts(
    rubric: Rubric, labels: Iterable[Label], texts: Mapping[Output, Texts]
) -> dict[str, Count]:
    current: dict[str, int] = defaultdict(int)
    stale: dict[str, int] = defaultdict(int)
    for label in labels:
        here = texts.get((label.system, label.case))
        if here is None or label.status == "skipped":
            continue
        for id in current_scores(label, rubric, here):
            current[id] += 1
        for id in stale_label(label, rubric, here):
            stale[id] += 1
    return {one.id: Count(current[one.id], stale[one.id]) for one in rubric.by_hand}


def _settled(
    rubric: Rubric,
    resolutions: Iterable[Resolution],
    labels: Iterable[Label],
    texts: Mapping[Output, Texts],
    recorded: Recorded,
) -> dict[str, tuple[Settled, ...]]:
    said: dict[Text | None, list[Label]] = defaultdict(list)
    for label in labels:
        said[text_of(label, recorded)].append(label)
    by_text = {text: {one.annotator: one for one in newest_of_each(said[text])} for text in said}
    found: dict[str, list[Settled]] = {one.id: [] for one in rubric.criteria}
    for one in sorted(resolutions, key=lambda one: str(one.resolved_at or ""), reverse=True):
        key = (one.system, one.case)
        stale = (
            stale_resolution(one, rubric, texts[key], by_text.get(text_of(one, recorded), {}))
            if key in texts
            else one.scores
        )
        for id, score in one.scores.items():
            if id in found:
                found[id].append(
                    Settled(
                        case=one.case,
                        score=score,
                        because=one.because,
                        note=one.note,
                        resolver=one.resolver,
                        at=one.resolved_at,
                        stale=id in stale,
                    )
                )
    return {id: tuple(settled) for id, settled in found.items()}


def _amended(rubric: Rubric, id: str, steps: Iterable[Compared]) -> tuple[Amended, ...]:
    """Versions that changed the criterion, newest first: as git has them, else as the changelog
    names them.
    """
    entries = {one.version: one for one in rubric.changelog if id in one.changed}
    found: dict[int, Amended] = {}
    for step in steps:
        change = step.diff.criterion(id)
        if change is not None:
            version = step.after.rubric.version
            # Where versions were skipped in git, the entry may speak of one in between.
            between = range(step.before.rubric.version + 1, version + 1)
            entry = next((entries.pop(v) for v in reversed(between) if v in entries), None)
            found[version] = Amended(version, change, entry)
    for version, entry in entries.items():
        found.setdefault(version, Amended(version, None, entry))
    return tuple(found[version] for version in sorted(found, reverse=True))
