"""Settle what people disagree on, and write down why they did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from labeltool.commands.by_text import snapshots_of
from labeltool.commands.context import Context
from labeltool.commands.label import parse_scores
from labeltool.commands.resolve_plan import Amends, plan, reads_back, subject
from labeltool.errors import CommitHeld, LabeltoolError, UnknownName, UsageError
from labeltool.model.base import Score
from labeltool.model.hashing import input_hash
from labeltool.model.label import Label
from labeltool.model.resolution import Because, Resolution
from labeltool.rules.by_text import Text
from labeltool.rules.resolve import BECAUSE, Decision, Disagreement, disagreement, worst_first
from labeltool.rules.staleness import Texts
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True, slots=True)
class Settlement:
    """A resolution that is saved.

    commit: None where the same one stood before, or where it is `held`. open: criteria that people
    still differ on. annotated: whether the resolver labelled this output too.
    """

    resolution: Resolution
    path: str
    commit: str | None
    open: tuple[str, ...]
    annotated: bool
    held: CommitHeld | None = None


def disagreements(
    ctx: Context, dataset: str | None = None, system: str | None = None
) -> tuple[Disagreement, ...]:
    """What is open, the worst first, each text once; those of open rounds are left out, and so
    are files that cannot be read. Raises UnknownName, DataError for a broken rubric or round.
    """
    store = ctx.workspace.dataset(dataset)
    if system is not None and system not in store.systems:
        raise UnknownName("snapshot", system, store.systems)
    store.rounds().require()
    index = load_humans(store, store.rubric)
    found = []
    for text, labels in index.labels.items():
        if text not in index.hidden and _may_differ(labels):
            one = _disagreement(store, index, text, system)
            found += [one] if one is not None else []
    return worst_first(found, store.rubric)


def _may_differ(labels: Sequence[Label]) -> bool:
    """Before case and output are read: whether any two labels have different scores at all."""
    seen: dict[str, Score] = {}
    return any(
        seen.setdefault(id, score) != score
        for label in labels
        for id, score in label.scores.items()
    )


def _disagreement(
    store: DatasetStore, index: HumanIndex, text: Text, system: str | None
) -> Disagreement | None:
    """As it is seen in `system`, else in the snapshot where it was resolved or labelled."""
    labels, earlier = index.said(text)
    spoken = [one.system for one in ([earlier] if earlier else [])]
    spoken += sorted(label.system for label in labels)
    place = next(snapshots_of(store, text, [system] if system else spoken), None)
    if place is None or system not in (None, place):
        return None
    try:
        case = store.case(text[0])
    except LabeltoolError:
        return None
    texts = Texts(input_hash(case.input), text[1])
    return disagreement(store.rubric, texts, labels, earlier, system=place)


def settle(
    ctx: Context,
    case: str,
    scores: Iterable[str] = (),
    *,
    because: str | None,
    note: str | None = None,
    take: str | None = None,
    amendment: Amends | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
    system: str | None = None,
) -> Settlement:
    """Save and commit one resolution.

    scores: `criterion=score` pairs. take: the annotator whose scores are right where none of
    these says otherwise. Criteria that are not named stay open.

    Raises UsageError, UnknownName, DataError, RepositoryError.
    """
    store = ctx.workspace.dataset(dataset)
    resolver = ctx.annotator(annotator)
    given = parse_scores(scores, store.rubric)
    # First of all, so that what is read next is what a killed process meant to leave.
    ctx.history.recover()
    chosen = subject(ctx, store, system or _system(ctx, store, case), case)
    taken = {} if take is None else _taken(chosen.found, take)
    decision = Decision({**taken, **given}, reason(because), note or None)
    settling = plan(ctx, store, chosen, decision, resolver=resolver, amendment=amendment)
    settled = Settlement(
        settling.resolution,
        settling.path,
        None,
        tuple(
            one.criterion.id
            for one in chosen.found.open
            if one.criterion.id not in settling.resolution.scores
        ),
        resolver in chosen.found.annotators,
    )
    try:
        done = ctx.history.record(settling.changes, settling.message, reads_back(settling))
    except CommitHeld as held:
        return replace(settled, held=held)
    return replace(settled, commit=done.commit)


def reason(said: str | None) -> Because | None:
    """The reason by its id, or as it is read: `guideline gap`, `guideline-gap`."""
    if said is None:
        return None
    plain = said.strip().lower().replace(" ", "_").replace("-", "_")
    for one in BECAUSE:
        if one == plain:
            return one
    raise UnknownName("reason", said, BECAUSE)


def _taken(found: Disagreement, annotator: str) -> dict[str, Score]:
    """What one annotator said of all that is open; of all that differs where nothing is."""
    if annotator not in found.annotators:
        raise UnknownName("annotator of this output", annotator, found.annotators)
    return {
        one.criterion.id: one.scores[annotator]
        for one in found.open or found.differences
        if annotator in one.scores
    }


def _system(ctx: Context, store: DatasetStore, case: str) -> str:
    """The snapshot whose output of a case people disagree on, have settled, or have labelled."""
    store.case(case)
    spoken = [one.system for one in disagreements(ctx, store.name) if one.case == case]
    spoken = spoken or [one.system for one in store.resolutions().values if one.case == case]
    spoken = spoken or [
        system
        for system in store.systems
        if any(store.label(who, system, case) for who in store.annotators)
    ]
    if len(spoken) == 1:
        return spoken[0]
    if spoken:
        words = ", ".join(sorted(spoken))
        raise UsageError(f"{case} has labels in {words}", hint="say --system NAME")
    raise UsageError(
        f"{case} has no label", hint="`labeltool resolve --list` shows what people disagree on"
    )
