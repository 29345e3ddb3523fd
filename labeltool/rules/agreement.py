"""How far the annotators of a dataset agree: by criterion, pair, tag and rubric version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.rules.by_text import Text, newest, newest_of_each
from labeltool.rules.ratings import (
    Disagreement,
    Measured,
    Output,
    current,
    disagreements,
    measure,
)
from labeltool.rules.stage import frozen
from labeltool.rules.staleness import Texts, stale_label, stale_resolution
from labeltool.stats.agreement import RESAMPLES

COPIED = 50
"""Outputs on which two people never differ by a level before that is worth a word."""


@dataclass(frozen=True, slots=True)
class Said:
    """What agreement is measured on.

    texts: of every output that counts; what is said of another one is left out. tags: {case: its
    tags}. hidden: outputs of open rounds that are left out, gone: those that are recorded no more.
    """

    rubric: Rubric
    labels: Sequence[Label]
    resolutions: Sequence[Resolution]
    rounds: Sequence[Round]
    texts: Mapping[Output, Texts]
    tags: Mapping[str, Collection[str]] = field(default_factory=dict)
    scope: str = ""
    hidden: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class AtVersion:
    """What a closed round froze of one criterion: `n` fresh outputs, labelled blindly."""

    round: int
    version: int
    at: str | None
    n: int | None
    alpha: float | None
    agreement: float | None
    holds: bool
    why: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of a dataset's current labels, whatever snapshot they speak of.

    annotators: who has a score that counts. labelled: outputs that have one, outputs: those that
    have scores of two annotators. disagreements: worst first, open ones before settled ones.
    versions: {criterion: closed rounds, oldest first}. tags: {tag: {criterion: measured}}. stale:
    scores left out because they no longer stand.
    """

    dataset: str
    rubric: Rubric
    annotators: tuple[str, ...]
    labelled: int
    outputs: int
    criteria: Mapping[str, Measured]
    disagreements: tuple[Disagreement, ...]
    versions: Mapping[str, tuple[AtVersion, ...]]
    tags: Mapping[str, Mapping[str, Measured]]
    scope: str = ""
    hidden: int = 0
    gone: int = 0
    stale: int = 0

    @property
    def open(self) -> tuple[Disagreement, ...]:
        return tuple(one for one in self.disagreements if one.difference.is_open)

    @property
    def nothing(self) -> str | None:
        """Why there is nothing to measure, and what to do; None where there is something."""
        if self.outputs:
            return None
        if not self.rubric.by_hand:
            return f"no criterion of {self.rubric.ref} is labelled by hand"
        if self.hidden and not self.labelled:
            return "all labels are of an open round: agreement is shown when it closes"
        of = f" ({self.scope})" if self.scope else ""
        if not self.annotators:
            return f"nobody has labelled an output{of} yet: labeltool label"
        if len(self.annotators) == 1:
            only = self.annotators[0]
            return f"only {only} has labels{of}: agreement takes two, ask by labeltool round open"
        return f"no output{of} has labels of two annotators: ask for them by labeltool round open"


def agreement(
    dataset: str, said: Said, *, resamples: int = RESAMPLES, tag_resamples: int = 0, seed: int = 0
) -> Agreement:
    """Measure it, the same text in two snapshots once. Intervals by tag are costly where there are
    many: `tag_resamples`.
    """
    said, rubric = _each_text_once(said), said.rubric
    scores = current(rubric, said.labels, said.texts)
    people = {name for one in scores.values() for given in one.values() for name in given}
    return Agreement(
        dataset=dataset,
        rubric=rubric,
        annotators=tuple(sorted(people)),
        labelled=len({output for one in scores.values() for output in one}),
        outputs=len({o for one in scores.values() for o, given in one.items() if len(given) > 1}),
        criteria={
            one.id: measure(one, scores[one.id], resamples=resamples, seed=seed)
            for one in rubric.by_hand
        },
        disagreements=disagreements(rubric, scores, _settled(said)),
        versions=over_versions(rubric, said.rounds),
        tags=_by_tag(said, scores, tag_resamples, seed),
        scope=said.scope,
        hidden=said.hidden,
        gone=said.gone,
        stale=_stale(said),
    )


def _each_text_once(said: Said) -> Said:
    """All that was said of a text, under the first of its outputs."""
    first: dict[Text, Output] = {}
    for output in said.texts:
        first.setdefault((output[1], said.texts[output].output_hash), output)
    if len(first) == len(said.texts):
        return said
    at = {output: first[output[1], texts.output_hash] for output, texts in said.texts.items()}
    labels: dict[Output, list[Label]] = defaultdict(list)
    settled: dict[Output, list[Resolution]] = defaultdict(list)
    for label in said.labels:
        labels[at.get((label.system, label.case), (label.system, label.case))].append(label)
    for one in said.resolutions:
        settled[at.get((one.system, one.case), (one.system, one.case))].append(one)
    return replace(
        said,
        labels=[
            label.model_copy(update={"system": output[0]})
            for output, found in labels.items()
            for label in newest_of_each(found)
        ],
        resolutions=[
            counts.model_copy(update={"system": output[0]})
            for output, found_here in settled.items()
            if (counts := newest(found_here)) is not None
        ],
        texts={output: said.texts[output] for output in first.values()},
    )


def over_versions(rubric: Rubric, rounds: Iterable[Round]) -> dict[str, tuple[AtVersion, ...]]:
    """{criterion: what each closed round found}, oldest first: does the tightening work?"""
    closed = [
        one
        for one in sorted(rounds, key=lambda one: one.number)
        if one.closed is not None and ref_parts(one.rubric)[0] == rubric.name
    ]
    return {
        criterion.id: tuple(
            found for one in closed if (found := _at_version(rubric, one, criterion.id)) is not None
        )
        for criterion in rubric.by_hand
    }


def notes(found: Agreement) -> list[str]:
    """What else a reader should know, a sentence each."""
    said = []
    if found.hidden:
        many = _many(found.hidden, "output")
        said.append(f"left out: {many} of an open round, whose labels stay hidden until it closes")
    if found.stale:
        stand = "stands and is" if found.stale == 1 else "stand and are"
        said.append(f"left out: {_many(found.stale, 'score')} that no longer {stand} asked again")
    if found.gone:
        said.append(f"left out: labels of {_many(found.gone, 'output')} recorded no more")
    for id, one in found.criteria.items():
        measures = (("alpha", one.alpha), ("kappa", one.kappa), ("weighted", one.weighted_kappa))
        whys: dict[str, list[str]] = defaultdict(list)
        for name, estimate in measures:
            if estimate.why is not None and found.outputs:
                whys[estimate.why].append(name)
        said += [f"{id}: {', '.join(names)}: {why}" for why, names in whys.items()]
        said += [
            f"{id}: {a} and {b} gave the very same score {pair.percent.n} times: independently?"
            for (a, b), pair in one.pairs.items()
            if pair.same and pair.percent.n >= COPIED and pair.kappa.value is not None
        ]
    return said


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _by_tag(
    said: Said,
    scores: Mapping[str, Mapping[Output, Mapping[str, Score]]],
    resamples: int,
    seed: int,
) -> dict[str, dict[str, Measured]]:
    tags: dict[str, set[Output]] = defaultdict(set)
    for output in {output for one in scores.values() for output in one}:
        for tag in said.tags.get(output[1], ()):
            tags[tag].add(output)
    return {
        tag: {
            one.id: measure(
                one,
                {o: given for o, given in scores[one.id].items() if o in tags[tag]},
                resamples=resamples,
                seed=seed,
            )
            for one in said.rubric.by_hand
        }
        for tag in sorted(tags)
    }


def _settled(said: Said) -> dict[Output, dict[str, Score]]:
    labels: dict[Output, dict[str, Label]] = defaultdict(dict)
    for label in said.labels:
        labels[label.system, label.case][label.annotator] = label
    found: dict[Output, dict[str, Score]] = {}
    for one in said.resolutions:
        key = (one.system, one.case)
        if key in said.texts:
            stale = stale_resolution(one, said.rubric, said.texts[key], labels[key])
            found[key] = {id: score for id, score in one.scores.items() if id not in stale}
    return found


def _stale(said: Said) -> int:
    """Scores that would be asked again; those of criteria that are gone would not."""
    return sum(
        reason != "not_in_rubric"
        for label in said.labels
        if label.status != "skipped" and (label.system, label.case) in said.texts
        for reason in stale_label(label, said.rubric, said.texts[label.system, label.case]).values()
    )


def _at_version(rubric: Rubric, round: Round, criterion: str) -> AtVersion | None:
    found = rubric.criterion(criterion)
    assert found is not None
    assert round.closed is not None
    entry = round.closed.agreement.get(criterion)
    given = [by.get(criterion) for one in round.closed.scores.values() for by in one.values()]
    if entry is None and all(score is None for score in given):
        return None  # it was not yet in the rubric
    stands = frozen(round, found, rubric)
    n = entry.get("n") if isinstance(entry, dict) else None
    return AtVersion(
        round=round.number,
        version=ref_parts(round.rubric)[1],
        at=round.closed.at,
        n=n if isinstance(n, int) else None,
        alpha=stands.alpha,
        agreement=stands.agreement,
        holds=stands.holds,
        why=stands.why,
    )
