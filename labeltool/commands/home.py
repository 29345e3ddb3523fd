"""Where a dataset stands: what the home screen shows, as values. Counts only, nobody's scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.home_facts import Facts, Marked, facts_of, marked_in
from labeltool.commands.label_next import Humans, Settling, read_humans
from labeltool.commands.label_select import my_labels
from labeltool.commands.label_target import Target, aim
from labeltool.commands.label_view import label_state, texts_of
from labeltool.commands.round_state import RoundWork, pace_of, read_work
from labeltool.errors import LabeltoolError, UsageError
from labeltool.model.base import TIERS, Tier
from labeltool.model.dataset import Gate
from labeltool.model.hashing import verified_hash
from labeltool.model.round import Round
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules import queue
from labeltool.rules.scoring import shares
from labeltool.rules.staleness import Texts
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True, slots=True)
class TierCount:
    tier: Tier
    cases: int
    verified: int
    gate: Gate | None


@dataclass(frozen=True, slots=True)
class Person:
    """How far one annotator is; never what they said."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One dataset at a glance.

    left: my outputs still open. seconds: how long one takes me, None without a past. step: the
    next thing to do in a sentence, `command` what to type where the app cannot do it itself.
    settling: what the next labels decide, where they decide something. snapshots: to choose from,
    where nothing says which one to label. work: how far everybody is in the open round, mine before
    any other. opens: the number of the round that could be opened now, None where none could.
    """

    dataset: str
    annotator: str
    branch: str | None
    rubric: Rubric
    shares: Mapping[str, float]
    tiers: tuple[TierCount, ...]
    people: tuple[Person, ...]
    round: Round | None
    left: int
    total: int
    stale: int
    seconds: float | None
    problems: int
    facts: Facts
    marked: Marked
    settling: str | None
    snapshots: tuple[str, ...]
    work: RoundWork | None
    opens: int | None
    step: str
    command: str | None
    drafts: int = 0
    """How many wait in the inbox."""

    @property
    def can_label(self) -> bool:
        return self.command is None


def standing(ctx: Context, *, dataset: str | None = None, annotator: str | None = None) -> Standing:
    """Read where the dataset stands. Raises LabeltoolError where it cannot be read at all."""
    store = ctx.workspace.dataset(_chosen(ctx, dataset))
    who = ctx.annotator(annotator)
    cases = store.cases()
    step, command, target = "", None, None
    try:
        target = aim(ctx, dataset=store.name, annotator=annotator)
    except UsageError as error:
        step, command = error.message, error.hint
    if not cases.values and not cases.problems:
        step, command = "there is no case yet", "labeltool import FILE --as cases --tier golden"
        target = None
    humans = read_humans(store, store.rubric)
    people, items = _people(target) if target else ((), ())
    stale = sum(item.state == "stale" for item in items)
    left = queue.progress(items).left
    if target is not None:
        step, command = next_step(target, left, len(items), stale)
    rounds = store.rounds().values
    opened = target.round if target and target.round else _opened(rounds)
    return Standing(
        dataset=store.name,
        annotator=who,
        branch=_branch(ctx),
        rubric=store.rubric,
        shares=shares(store.rubric),
        tiers=tuple(
            TierCount(
                tier,
                sum(c.tier == tier for c in cases.values),
                sum(
                    c.tier == tier
                    and c.verified is not None
                    and c.verified.hash in (None, verified_hash(c))
                    for c in cases.values
                ),
                store.settings.gates.get(tier),
            )
            for tier in TIERS
        ),
        people=people,
        round=target.round if target else None,
        left=left,
        total=len(items),
        stale=stale,
        seconds=usual_seconds(target) if target else None,
        problems=len(cases.problems),
        facts=facts_of(ctx, store, humans),
        marked=marked_in(list(my_labels(target).values())) if target else Marked(),
        settling=_settling(target, items, humans) if target else None,
        snapshots=() if target or not cases.values else store.systems,
        work=read_work(ctx, store, store.rubric, opened) if opened else None,
        opens=_opens(store, rounds) if cases.values else None,
        step=step,
        command=command,
        drafts=len(store.draft_ids()),
    )


def _opened(rounds: Sequence[Round]) -> Round | None:
    return next((one for one in reversed(rounds) if one.closed is None), None)


def _opens(store: DatasetStore, rounds: Sequence[Round]) -> int | None:
    if _opened(rounds) is not None or not store.systems:
        return None
    return max((one.number for one in rounds), default=0) + 1


def _chosen(ctx: Context, said: str | None) -> str | None:
    """The dataset said, else the default; else the first: the others stand in a list beside it."""
    names = ctx.workspace.dataset_names
    default = ctx.workspace.settings.dataset
    return said or default or (names[0] if names else None)


def _settling(target: Target, items: tuple[queue.Item, ...], humans: Humans) -> str | None:
    if target.round is not None or not queue.progress(items).left:
        return None
    return Settling(target, humans).order(items).says


def states_of(target: Target, annotator: str, texts: dict[str, Texts]) -> dict[str, queue.State]:
    """{case: where it stands} of one annotator's labels. `texts` is filled as cases are read."""
    states: dict[str, queue.State] = {}
    for label in target.store.labels(annotator, target.system).values:
        if label.case not in target.tiers:
            continue
        if label.case not in texts:
            try:
                texts[label.case] = texts_of(*target.subject(label.case))
            except LabeltoolError:
                continue
        states[label.case] = label_state(label, target.rubric, texts[label.case])
    return states


def _people(target: Target) -> tuple[tuple[Person, ...], tuple[queue.Item, ...]]:
    """How far everybody is: those of the open round, else all with labels, and me; and my queue."""
    names = set(target.round.annotators) if target.round else set(target.store.annotators)
    texts: dict[str, Texts] = {}
    people: list[Person] = []
    mine: tuple[queue.Item, ...] = ()
    for name in sorted(names | {target.annotator}):
        items = target.arrange(states_of(target, name, texts), annotator=name)
        done = queue.progress(items)
        people.append(Person(name, done.done, done.total))
        if name == target.annotator:
            mine = items
    return tuple(people), mine


def next_step(target: Target, left: int, total: int, stale: int) -> tuple[str, str | None]:
    """What to do next in a sentence, and the command where the app cannot do it."""
    if total == 0:
        return "no case has a recorded output yet", "labeltool run --record NAME"
    if target.round is not None:
        name = f"round {target.round.number}"
        if left == 0:
            return f"{name}: all {total} of your outputs are labelled", None
        return f"{name} is open: {left} of your {total} outputs left", None
    if stale:
        return (
            f"{stale} of your labels are asked again after a change, {left} outputs left in all",
            None,
        )
    if left == 0:
        return f"all {total} outputs have your label", None
    return f"{left} of {total} outputs have no label of yours", None


def usual_seconds(target: Target) -> float | None:
    """My median seconds for one output: of this snapshot, else of any; None without a past."""
    seconds = sorted(
        label.seconds
        for label in target.store.labels(target.annotator, target.system).values
        if label.seconds
    )
    return seconds[len(seconds) // 2] if seconds else pace_of(target.store, target.annotator)


def _branch(ctx: Context) -> str | None:
    try:
        return ctx.history.branch
    except LabeltoolError:
        return None


def weighs(criterion: Criterion) -> str:
    """Who scores a criterion: a check, people and a judge, or people alone."""
    if criterion.check is not None:
        return f"check {criterion.check.name}"
    return "people only" if criterion.grader == "human" else "people and judge"
