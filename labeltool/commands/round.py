"""`round`: one pass of blind hand-labelling, from opening to what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from labeltool.commands.context import Context
from labeltool.commands.label_next import Humans, read_humans
from labeltool.commands.round_prospect import Prospect, last_people, prospect
from labeltool.commands.round_reach import Elsewhere, elsewhere, not_done, reaches
from labeltool.commands.round_state import (
    RoundWork,
    find_round,
    labelled_before,
    pace_of,
    read_work,
)
from labeltool.commands.rubric_status import step_of
from labeltool.errors import UsageError
from labeltool.history import CommitMessage
from labeltool.model.base import is_id
from labeltool.model.label import Label
from labeltool.model.round import Closed, Round
from labeltool.model.rubric import Rubric
from labeltool.rules.human import agreed
from labeltool.rules.round_plan import OUTPUTS, Estimate, estimate
from labeltool.rules.round_scores import as_scores
from labeltool.rules.stage import Standing, frozen
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class Opened:
    """A round that is open now. estimate: for the labels that are still to be given. `doubts`:
    what makes it worth less than it could be. next: what to do, with the command. reach: how the
    others come to have it, None without a remote.
    """

    dataset: str
    round: Round
    path: str
    estimate: Estimate
    doubts: tuple[str, ...]
    commit: str | None
    next: str
    reach: str | None


@dataclass(frozen=True)
class ClosedRound:
    """A round that is closed now.

    criteria: how each stands by it. elsewhere: where labels lie that it lacks. disagreed: {case:
    criteria} of its outputs that its people differ on; waiting: outputs that wait to be resolved,
    others included. next: what to do, with the command. reach: how the others come to have it,
    None without a remote.
    """

    dataset: str
    round: Round
    path: str
    criteria: Mapping[str, Standing]
    lacks: Mapping[str, tuple[str, ...]]
    disagreed: Mapping[str, tuple[str, ...]]
    next: str
    commit: str | None
    elsewhere: tuple[Elsewhere, ...] = ()
    waiting: int = 0
    reach: str | None = None


@dataclass(frozen=True)
class Shown:
    """A round as it stands. While it is open, of others only counts.

    criteria: how each stands by it, empty while it is open. estimate: for what is left, None once
    closed. others: what the others said, where somebody insisted on seeing it.
    """

    dataset: str
    round: Round
    work: RoundWork
    criteria: Mapping[str, Standing]
    estimate: Estimate | None
    disagreed: Mapping[str, tuple[str, ...]]
    others: tuple[Label, ...]
    next: str


def open_round(
    ctx: Context,
    *,
    dataset: str | None = None,
    system: str | None = None,
    outputs: int = OUTPUTS,
    annotators: Sequence[str] = (),
    seed: int | None = None,
    annotator: str | None = None,
) -> Opened:
    """Choose outputs and open a round over them, in one commit.

    Raises UsageError where it cannot be opened, UnknownName, DataError, CommitHeld.
    """
    ctx.history.recover()
    for name in annotators:
        if not is_id(name):
            raise UsageError(
                f"{name!r} is not a legal annotator name",
                hint="use a-z, 0-9, dot, dash, underscore",
            )
    by = ctx.annotator(annotator)
    annotators = tuple(annotators) or last_people(ctx, dataset)
    if not annotators and not ctx.workspace.settings.annotators:
        raise UsageError(
            "it is not known who takes part",
            hint="say --annotators alice,bob, or list them in labeltool.yaml under annotators:",
        )
    found = prospect(ctx, dataset=dataset, system=system, annotators=annotators)
    return open_planned(ctx, found, found.people, outputs=outputs, seed=seed, by=by)


def open_planned(
    ctx: Context,
    found: Prospect,
    annotators: Sequence[str],
    *,
    outputs: int,
    by: str,
    seed: int | None = None,
) -> Opened:
    """Open the round that a prospect proposes. Raises as `open_round`; Conflict where another
    round took its number meanwhile.
    """
    refused = found.refuses(annotators, outputs)
    if refused is not None:
        raise refused
    seed = found.number if seed is None else seed
    chosen = found.plan(annotators, outputs, seed)
    opened = Round(
        number=found.number,
        rubric=found.rubric.ref,
        system=found.system,
        annotators=tuple(sorted(set(annotators))),
        outputs=chosen.outputs,
        seed=seed,
        opened_by=by,
        opened_at=ctx.iso_now(),
    )
    many = f"{len(opened.outputs)} output{'' if len(opened.outputs) == 1 else 's'}"
    subject = (
        f"open round {opened.number} of {found.dataset}: {many} of {found.system} "
        f"for {', '.join(opened.annotators)}"
    )
    commit = _record(ctx, found.dataset, opened, subject, by=by)
    store = ctx.workspace.dataset(found.dataset)
    work = read_work(ctx, store, found.rubric, opened)
    asked = sum(bool(cases) for cases in work.lacks.values())
    next = "labeltool label" if asked else "nobody is asked: labeltool round close"
    return Opened(
        dataset=found.dataset,
        round=opened,
        path=paths.round_path(found.dataset, opened.number),
        estimate=_left(store, found.rubric, work),
        doubts=(*found.doubts(chosen, outputs), *labelled_before(work)),
        commit=commit,
        next=next,
        reach=reaches(ctx, [name for name in opened.annotators if name != by]),
    )


def close_round(
    ctx: Context,
    *,
    dataset: str | None = None,
    number: int | None = None,
    anyway: bool = False,
    annotator: str | None = None,
) -> ClosedRound:
    """Freeze the first blind scores and how far they agree, in one commit. The latest open round,
    unless `number` says which; `anyway` closes with what there is.

    Raises UsageError where somebody lacks labels or the round is closed, DataError, CommitHeld.
    """
    ctx.history.recover()
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    opened = find_round(store, number, opened=True)
    if opened.closed is not None:
        raise UsageError(
            f"round {opened.number} is closed already",
            hint=f"labeltool round show --number {opened.number}",
        )
    rubric = store.rubric
    work = read_work(ctx, store, rubric, opened)
    there = elsewhere(ctx, store.name, work)
    if not work.complete and not anyway:
        raise not_done(ctx, work, there)
    agreement = _agreement(opened, work, rubric)
    closed = Closed(at=ctx.iso_now(), agreement=agreement, scores=work.scores)
    done = opened.model_copy(update={"closed": closed})
    holding = [id for id, one in agreement.items() if one["holds"]]
    subject = (
        f"close round {done.number} of {store.name}: "
        f"{len(holding)} of {len(agreement)} criteria hold"
    )
    body = "\n".join(f"{id}: {one['why']}" for id, one in agreement.items())
    commit = _record(ctx, store.name, done, subject, by=by, body=body)
    humans = read_humans(store, rubric)
    return ClosedRound(
        dataset=store.name,
        round=done,
        path=paths.round_path(store.name, done.number),
        criteria=_criteria(done, rubric),
        lacks={name: cases for name, cases in work.lacks.items() if cases},
        disagreed=_disagreed(humans, rubric, work),
        next=step_of(ctx, store),
        commit=commit,
        elsewhere=there,
        waiting=humans.disagreements,
        reach=reaches(ctx, [name for name in work.lacks if name != by]),
    )


def show_round(
    ctx: Context,
    *,
    dataset: str | None = None,
    number: int | None = None,
    unblind: bool = False,
    annotator: str | None = None,
) -> Shown:
    """The latest round, or that of the number. `unblind` shows what the others said while it is
    open, and records in the round that they were shown, and to whom.

    Raises UsageError where there is none, UnknownName, DataError, CommitHeld.
    """
    store = ctx.workspace.dataset(dataset)
    found = find_round(store, number)
    others: tuple[Label, ...] = ()
    if unblind and found.closed is None:
        ctx.history.recover()
        reader = ctx.annotator(annotator)
        found = record_unblinding(ctx, store, found, reader)
        cases = {output.case for output in found.outputs}
        others = tuple(
            label
            for name in store.annotators
            if name != reader
            for label in store.labels(name, found.system).values
            if label.case in cases
        )
    rubric = store.rubric
    work = read_work(ctx, store, rubric, found)
    return Shown(
        dataset=store.name,
        round=found,
        work=work,
        criteria=_criteria(found, rubric),
        estimate=_left(store, rubric, work) if found.closed is None else None,
        disagreed=_disagreed(read_humans(store, rubric), rubric, work) if found.closed else {},
        others=others,
        next=step_of(ctx, store),
    )


def record_unblinding(ctx: Context, store: DatasetStore, round: Round, reader: str) -> Round:
    if reader in round.unblinded:
        return round
    seen = round.model_copy(update={"unblinded": {**round.unblinded, reader: ctx.iso_now()}})
    subject = f"unblind round {round.number} of {store.name} for {reader}"
    body = f"What {reader} scores in it after this is no blind score and will not count."
    _record(ctx, store.name, seen, subject, by=reader, body=body)
    return seen


def _agreement(round: Round, work: RoundWork, rubric: Rubric) -> dict[str, dict[str, Any]]:
    """{criterion: {n, alpha, agreement, holds, why}} over the fresh outputs' blind scores."""
    from labeltool.rules.ratings import held

    found = {}
    for criterion in rubric.by_hand:
        scores = as_scores(work.scores, round.outputs, criterion.id)
        one = asdict(held(criterion, scores, rubric.stable))
        found[criterion.id] = {name: _rounded(value) for name, value in one.items()}
    return found


def _criteria(round: Round, rubric: Rubric) -> dict[str, Standing]:
    if round.closed is None:
        return {}
    return {criterion.id: frozen(round, criterion, rubric) for criterion in rubric.by_hand}


def _rounded(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value


def _disagreed(humans: Humans, rubric: Rubric, work: RoundWork) -> dict[str, tuple[str, ...]]:
    """Outputs of the round that its own people differ on and nobody has settled, outside open
    rounds. What others said of them waits as well, but is not of this round.
    """
    found: dict[str, tuple[str, ...]] = {}
    for case, texts in work.texts.items():
        differ = humans.disagreed.get((case, texts.output_hash), {})
        own = {
            id: [score for name, score in scores.items() if name in work.lacks]
            for id, scores in differ.items()
        }
        ids = tuple(c.id for c in rubric.by_hand if own.get(c.id) and agreed(c, own[c.id]) is None)
        if ids:
            found[case] = ids
    return found


def _left(store: DatasetStore, rubric: Rubric, work: RoundWork) -> Estimate:
    """For the labels that are missing."""
    lacking = [name for name, cases in work.lacks.items() if cases]
    pace = {name: seconds for name in work.lacks if (seconds := pace_of(store, name)) is not None}
    most = max((len(cases) for cases in work.lacks.values()), default=0)
    whole = estimate(most, lacking or list(work.lacks), pace, len(rubric.by_hand))
    labels = sum(len(cases) for cases in work.lacks.values())
    return Estimate(labels=labels, seconds=whole.seconds, guessed=whole.guessed)


def _record(
    ctx: Context, dataset: str, round: Round, subject: str, *, by: str, body: str = ""
) -> str | None:
    trailers = {
        "Labeltool-Kind": "round",
        "Labeltool-Dataset": dataset,
        "Labeltool-Round": str(round.number),
        "Labeltool-Annotator": by,
        "Labeltool-Rubric": round.rubric,
    }
    change = ctx.workspace.change(paths.round_path(dataset, round.number), round)
    return ctx.record([change], CommitMessage(subject, body=body, trailers=trailers)).commit
