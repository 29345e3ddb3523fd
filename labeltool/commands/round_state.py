"""What the annotators of a round have said so far. Counts and cases; scores only to be frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeltool.commands.context import Context
from labeltool.commands.label_view import texts_of
from labeltool.errors import LabeltoolError, UnknownName, UsageError
from labeltool.model.label import Label
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.round_scores import Frozen, blind_scores, is_done, people_of
from labeltool.rules.staleness import Texts
from labeltool.store.dataset import DatasetStore

TIMED = 30
"""An annotator's latest timed labels that say how fast they are."""


@dataclass(frozen=True)
class RoundWork:
    """done, lacks: {annotator: cases}, both in the order of the round. Outputs that are gone are in
    neither. scores: the blind ones, {annotator: {case: {criterion: score}}}. texts: {case: hashes}
    of the outputs that are there.
    """

    round: Round
    done: Mapping[str, tuple[str, ...]]
    lacks: Mapping[str, tuple[str, ...]]
    scores: Frozen
    texts: Mapping[str, Texts] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not any(self.lacks.values())

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(cases) for name, cases in self.done.items()}

    @property
    def missing(self) -> str:
        """`alice lacks 3, bob all 20`: who has how much left, without those who are done."""
        said = []
        for name, cases in self.lacks.items():
            if cases:
                every = "" if self.done[name] else "all "
                said.append(f"{name} {every}{len(cases)}")
        return ", ".join(said)


def read_work(ctx: Context, store: DatasetStore, rubric: Rubric, round: Round) -> RoundWork:
    """Broken labels count as missing: `check` says what is wrong with them."""
    texts = _texts(store, round)
    done: dict[str, tuple[str, ...]] = {}
    lacks: dict[str, tuple[str, ...]] = {}
    scores: Frozen = {}
    for name in people_of(round, ctx.workspace.settings.annotators or store.annotators):
        labels = {case: _label(store, name, round.system, case) for case in texts}
        finished = [c for c in texts if is_done(round, rubric, labels[c], texts[c])]
        done[name] = tuple(finished)
        lacks[name] = tuple(case for case in texts if case not in finished)
        scores[name] = {
            case: given
            for case, label in labels.items()
            if label is not None and (given := blind_scores(round, rubric, label, texts[case]))
        }
    return RoundWork(round, done, lacks, scores, texts)


def labelled_before(work: RoundWork) -> tuple[str, ...]:
    """Whom the round asks for less than all of it, since they labelled these outputs before."""
    total = len(work.round.outputs)
    said = [
        f"{name} has labelled {'all' if len(done) == total else len(done)} of it before"
        for name, done in work.done.items()
        if done
    ]
    return (f"{', '.join(said)}: nobody is asked again for a label that stands",) if said else ()


def find_round(store: DatasetStore, number: int | None, *, opened: bool = False) -> Round:
    """The round of that number; without one the latest, or with `opened` the latest open one.

    Raises UsageError, UnknownName, DataError.
    """
    rounds = store.rounds().require()
    if number is not None:
        found = next((one for one in rounds if one.number == number), None)
        if found is None:
            raise UnknownName("round", str(number), (str(one.number) for one in rounds))
        return found
    if not rounds:
        raise UsageError(f"{store.name} has had no round yet", hint="labeltool round open")
    still = [one for one in rounds if one.closed is None]
    if opened and not still:
        raise UsageError(
            f"no round of {store.name} is open: round {rounds[-1].number} is closed",
            hint="labeltool round open starts the next one",
        )
    return still[-1] if opened else rounds[-1]


def pace_of(store: DatasetStore, annotator: str) -> float | None:
    """The annotator's median seconds for one output, over the latest labels; None without any."""
    timed = [one for one in store.labels(annotator).values if one.seconds]
    timed.sort(key=lambda one: one.labeled_at or "")
    seconds = sorted(one.seconds or 0.0 for one in timed[-TIMED:])
    return seconds[len(seconds) // 2] if seconds else None


def _texts(store: DatasetStore, round: Round) -> dict[str, Texts]:
    found: dict[str, Texts] = {}
    for asked in round.outputs:
        try:
            output = store.output(round.system, asked.case)
            if output is not None:
                found[asked.case] = texts_of(store.case(asked.case), output)
        except LabeltoolError:
            continue
    return found


def _label(store: DatasetStore, annotator: str, system: str, case: str) -> Label | None:
    try:
        return store.label(annotator, system, case)
    except LabeltoolError:
        return None
