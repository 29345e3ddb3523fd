"""`rubric status`: where the rubric stands in its loop, always computed from the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.judge_running import JudgeRunning, judges_running
from labeltool.commands.label_next import Humans, read_humans
from labeltool.commands.round_reach import elsewhere
from labeltool.commands.round_state import RoundWork, read_work
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.queue import share_out
from labeltool.rules.round_plan import LEAST_FRESH
from labeltool.rules.stage import Stage, Standing, amended_since, criteria, latest_closed, stage
from labeltool.rules.staleness import Texts, stale_label
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class RubricStatus:
    """round: the open one, else the latest. done: {annotator: outputs labelled in it}.
    stale_labels: labels with a score that no longer stands. ends: what ends this stage. next: what
    to do now. judges: how those that were spot-checked since their calibration agree with people.
    """

    dataset: str
    rubric: Rubric
    stage: Stage
    ends: str
    round: Round | None
    done: Mapping[str, int]
    open_disagreements: int
    criteria: Mapping[str, Standing]
    stale_labels: int
    next: str
    judges: tuple[JudgeRunning, ...] = ()


ENDS = {
    "draft": "a round of blind labels: labeltool round open",
    "round": "everybody's labels, and then: labeltool round close",
    "resolve": "every disagreement resolved, and unclear criteria amended",
    "stable": "an amendment, or labels that disagree",
}


def rubric_status(ctx: Context, *, dataset: str | None = None) -> RubricStatus:
    """Read where the dataset's rubric stands. Raises UnknownName, DataError."""
    store = ctx.workspace.dataset(dataset)
    rubric, rounds = store.rubric, store.rounds().require()
    humans = read_humans(store, rubric)
    found = stage(rounds, rubric, humans.disagreements)
    shown = _shown(rounds)
    work = read_work(ctx, store, rubric, shown) if shown and shown.closed is None else None
    return RubricStatus(
        dataset=store.name,
        rubric=rubric,
        stage=found,
        ends=ENDS[found.name],
        round=shown,
        done=work.counts if work else _frozen_counts(shown),
        open_disagreements=humans.disagreements,
        criteria=criteria(rounds, rubric),
        stale_labels=stale_labels(store, rubric),
        next=_step(ctx, store, rounds, humans, work),
        judges=judges_running(store, rubric),
    )


def step_of(ctx: Context, store: DatasetStore) -> str:
    """What to do next, in one sentence that names the command."""
    rubric, rounds = store.rubric, store.rounds().require()
    shown = _shown(rounds)
    work = read_work(ctx, store, rubric, shown) if shown and shown.closed is None else None
    return _step(ctx, store, rounds, read_humans(store, rubric), work)


def stale_labels(store: DatasetStore, rubric: Rubric) -> int:
    """Labels with a score that no longer stands; whose they are is nobody's business here."""
    inputs = {case.id: input_hash(case.input) for case in store.cases().values}
    labels = [label for label in store.labels().values if label.case in inputs]
    hashes = {
        (output.system, output.case): text_hash(output.output)
        for system in {label.system for label in labels}
        for output in store.outputs(system).values
    }
    return sum(
        label.status == "done"
        and (label.system, label.case) in hashes
        and bool(
            stale_label(label, rubric, Texts(inputs[label.case], hashes[label.system, label.case]))
        )
        for label in labels
    )


def _shown(rounds: Sequence[Round]) -> Round | None:
    opened = [one for one in rounds if one.closed is None]
    return next(reversed(opened or [*rounds]), None)


def _frozen_counts(shown: Round | None) -> dict[str, int]:
    if shown is None or shown.closed is None:
        return {}
    names = shown.annotators or tuple(shown.closed.scores)
    return {name: len(shown.closed.scores.get(name, {})) for name in names}


def _step(
    ctx: Context,
    store: DatasetStore,
    rounds: Sequence[Round],
    humans: Humans,
    work: RoundWork | None,
) -> str:
    rubric = store.rubric
    found = stage(rounds, rubric, humans.disagreements)
    if found.name == "round" and work is not None:
        number = work.round.number
        if work.complete:
            return f"everybody has labelled round {number}: labeltool round close"
        there = elsewhere(ctx, store.name, work)
        if there:
            lie = ", ".join(one.words for one in there)
            return f"{lie}: merge {_and([one.branch for one in there])}, then labeltool sync"
        return f"label what is left of round {number} ({work.missing}): labeltool label"
    if found.name == "resolve":
        many = humans.disagreements
        wait = "1 disagreement waits" if many == 1 else f"{many} disagreements wait"
        return f"{wait} to be resolved: labeltool resolve"
    if found.name == "stable":
        return _scale(ctx, store, rounds)
    return _draft(store, rounds, rubric)


def _draft(store: DatasetStore, rounds: Sequence[Round], rubric: Rubric) -> str:
    if not store.systems:
        return "record the outputs that people will label: labeltool run --record NAME"
    latest = latest_closed(rounds)
    if latest is None:
        return "have two people label the same outputs blindly: labeltool round open"
    if amended_since(latest, rubric):
        return f"measure version {rubric.version} in a new round: labeltool round open"
    loose = [id for id, one in criteria(rounds, rubric).items() if not one.holds]
    if sum(output.fresh for output in latest.outputs) < LEAST_FRESH:
        return (
            f"round {latest.number} had too few fresh outputs: record another snapshot with "
            "labeltool run --record NAME, then labeltool round open --system NAME"
        )
    verb = "does" if len(loose) == 1 else "do"
    return (
        f"{_and(loose)} {verb} not hold: tighten {'it' if len(loose) == 1 else 'them'} with "
        "labeltool rubric amend, then labeltool round open"
    )


def _scale(ctx: Context, store: DatasetStore, rounds: Sequence[Round]) -> str:
    """After stable the rest is shared out, with a tenth labelled by two."""
    latest = rounds[-1]
    stale = stale_labels(store, store.rubric)
    many = "1 label has" if stale == 1 else f"{stale} labels have"
    again = f"{many} a score to give again after an amendment"
    share = share_out(rounds, latest.system, tuple(ctx.workspace.settings.annotators))
    cases = [output.case for output in store.outputs(latest.system).values]
    said = {
        name: {label.case for label in store.labels(name, latest.system).values}
        for name in (share.people if share else ())
    }
    left = sum(any(case not in said[name] for name in share.whose(case)) for case in cases if share)
    if share is None or not left:
        if stale:
            return f"{again}: labeltool label"
        return (
            "every output has its labels: record another snapshot with "
            "labeltool run --record NAME, then labeltool label --system NAME"
        )
    who = _and(list(share.people))
    first = f"{again}; then " if stale else ""
    return first + (
        f"label the other {left} outputs of {latest.system}, shared out between {who} with a "
        "tenth labelled by two: labeltool label"
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
