"""What a round could be opened over, before it is: snapshots, people, fresh outputs, time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.label_target import snapshot_of
from labeltool.commands.round_state import pace_of
from labeltool.errors import UnknownName, UsageError
from labeltool.model.hashing import text_hash
from labeltool.model.label import Label
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.eligible import sits_out
from labeltool.rules.round_plan import (
    LEAST_FRESH,
    Estimate,
    Plan,
    estimate,
    in_the_way,
    plan,
    used_outputs,
)
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class Prospect:
    """Everything that choosing a round rests on, for one snapshot.

    recorded: {case: output hash} of the cases that still run. people: who may take part. labels:
    {person: all their labels}. pace: {person: usual seconds for one output}.
    """

    dataset: str
    rubric: Rubric
    system: str
    snapshots: tuple[str, ...]
    recorded: Mapping[str, str]
    people: tuple[str, ...]
    rounds: tuple[Round, ...]
    labels: Mapping[str, Sequence[Label]]
    pace: Mapping[str, float]
    live: str

    @property
    def number(self) -> int:
        return max((one.number for one in self.rounds), default=0) + 1

    def plan(self, annotators: Sequence[str], count: int, seed: int | None = None) -> Plan:
        said = [label for name in annotators for label in self.labels.get(name, ())]
        used = used_outputs(self.rounds, said, self.recorded, self.system)
        return plan(self.recorded, used, count=count, seed=self.number if seed is None else seed)

    def estimate(self, annotators: Sequence[str], outputs: int) -> Estimate:
        return estimate(outputs, annotators, self.pace, len(self.rubric.by_hand))

    def refuses(self, annotators: Sequence[str], count: int) -> UsageError | None:
        """Why no such round can be opened, and what to do."""
        if count < 1:
            return UsageError("a round needs at least one output", hint="say --outputs 20")
        if not self.recorded:
            return UsageError(
                f"the snapshot {self.system} has no output of a case that runs",
                hint=f"labeltool run --system {self.live} --record NAME",
            )
        if len(set(annotators)) < 2:
            names = ", ".join(annotators) or "nobody"
            return UsageError(
                f"a round needs two annotators or more, not {names}",
                hint="say --annotators alice,bob, or list them in labeltool.yaml under annotators:",
            )
        other = in_the_way(self.rounds, self.system, annotators)
        if other is None:
            return None
        return UsageError(
            f"round {other.number} over {self.system} is still open for "
            f"{', '.join(other.annotators) or 'everybody'}",
            hint=f"finish it, then: labeltool round close --number {other.number}",
        )

    def doubts(self, plan: Plan, count: int) -> tuple[str, ...]:
        """What makes the round worth less than it could be, with what to do."""
        said = []
        more = f"labeltool run --system {self.live} --record NAME"
        if plan.fresh < min(LEAST_FRESH, count):
            have = f"{plan.fresh or 'no'} fresh output{'' if plan.fresh == 1 else 's'}"
            said.append(
                f"{have} in {self.system}, and a criterion can hold only on {LEAST_FRESH}: "
                f"record another snapshot with {more}"
            )
        elif plan.fresh < len(plan.outputs):
            old = len(plan.outputs) - plan.fresh
            said.append(
                f"{old} of the {len(plan.outputs)} outputs are not fresh and will not count: "
                f"for more, record another snapshot with {more}"
            )
        elif len(plan.outputs) < count:
            said.append(f"{self.system} has no more than {len(plan.outputs)} outputs")
        if len(plan.outputs) < LEAST_FRESH <= plan.recorded:
            said.append(f"a criterion can hold only on {LEAST_FRESH} outputs or more")
        return tuple(said)


def prospect(
    ctx: Context,
    *,
    dataset: str | None = None,
    system: str | None = None,
    annotators: Sequence[str] = (),
) -> Prospect:
    """Read it. The snapshot not said: the dataset's own, else that of the latest round.

    annotators: who is meant to take part, where that is said; else those of the settings, else
    all who have labels. Raises UsageError, UnknownName, DataError.
    """
    store = ctx.workspace.dataset(dataset)
    rounds = store.rounds().require()
    people = _people(ctx, store, annotators)
    chosen = snapshot_of(ctx, store, system, rounds=rounds)
    cases = store.cases()
    out = {case.id for case in cases.values if sits_out(case, ctx.now()) is not None}
    known = {case.id for case in cases.values} - out
    recorded = {
        one.case: text_hash(one.output)
        for one in store.outputs(chosen).require()
        if one.case in known
    }
    pace = {name: pace_of(store, name) for name in people}
    return Prospect(
        dataset=store.name,
        rubric=store.rubric,
        system=chosen,
        snapshots=store.systems,
        recorded=recorded,
        people=people,
        rounds=tuple(rounds),
        labels={name: store.labels(name).values for name in people},
        pace={name: seconds for name, seconds in pace.items() if seconds is not None},
        live=_live(ctx, store),
    )


def first_prospect(ctx: Context, *, dataset: str | None = None) -> Prospect:
    """As `prospect`, over the last snapshot by name where nothing says which one: somebody is
    about to choose. Raises as `prospect`.
    """
    store = ctx.workspace.dataset(dataset)
    known = {store.settings.system, *(one.system for one in store.rounds().require())}
    some = store.systems[-1] if store.systems and known.isdisjoint(store.systems) else None
    return prospect(ctx, dataset=store.name, system=some)


def last_people(ctx: Context, dataset: str | None = None) -> tuple[str, ...]:
    """Who took part in the latest round, where all of them still may; else nobody."""
    known = ctx.workspace.settings.annotators
    rounds = ctx.workspace.dataset(dataset).rounds().values
    last = rounds[-1].annotators if rounds else ()
    return tuple(last) if len(last) > 1 and all(not known or one in known for one in last) else ()


def _people(ctx: Context, store: DatasetStore, said: Sequence[str]) -> tuple[str, ...]:
    known = tuple(ctx.workspace.settings.annotators)
    for name in said if known else ():
        if name not in known:
            raise UnknownName("annotator", name, known)
    return tuple(dict.fromkeys(said)) or known or store.annotators


def _live(ctx: Context, store: DatasetStore) -> str:
    """The live system to record another snapshot of, for a hint."""
    systems = ctx.workspace.settings.systems
    live = [name for name, one in systems.items() if one.kind != "recorded"]
    return store.settings.system if store.settings.system in live else (*live, "NAME")[0]
