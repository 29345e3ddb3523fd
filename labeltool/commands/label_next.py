"""What my next labels would settle: the facts, the order, and the sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeltool.commands.by_text import snapshots_of
from labeltool.commands.context import Context
from labeltool.commands.label_target import Target
from labeltool.errors import LabeltoolError
from labeltool.model.base import Score
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.result import Results
from labeltool.model.rubric import Rubric
from labeltool.rules.by_text import Text
from labeltool.rules.human import HumanScore
from labeltool.rules.queue import Item
from labeltool.rules.settle import Wanted, by_what_settles, settles, shortages
from labeltool.rules.trust import JudgeTrust, judge_trust
from labeltool.runner.build import judge_name, open_judge
from labeltool.runner.heads import cases_of, last_head
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Order:
    """A queue in the order that settles something, and what it settles."""

    items: tuple[Item, ...]
    says: str


@dataclass(frozen=True)
class Humans:
    """What people say of a dataset's outputs, outside open rounds.

    scores: {criterion: current human scores}, without those given after the judge's was seen.
    by_output: {(case, output hash): human score}. disagreed: {(case, output hash): {criterion:
    {annotator: score}}} of what waits to be resolved; not of a text that no snapshot holds any
    more, for nobody could look at it.
    """

    scores: dict[str, list[Score]]
    by_output: dict[Text, HumanScore]
    disagreed: Mapping[Text, Mapping[str, Mapping[str, Score]]]

    @property
    def disagreements(self) -> int:
        return len(self.disagreed)


def read_humans(store: DatasetStore, rubric: Rubric) -> Humans:
    """Broken files are left out. Raises DataError where the rubric cannot be read."""
    inputs = {case.id: input_hash(case.input) for case in store.cases().values}
    index = load_humans(store, rubric)
    found: dict[Text, HumanScore] = {}
    scores: dict[str, list[Score]] = defaultdict(list)
    for case, output in {*index.labels, *index.resolutions}:
        if case not in inputs:
            continue
        human = index.score(case, inputs[case], output)
        if human is None:
            continue
        found[case, output] = human
        if not _after_judge(index, case, output):
            for id, score in human.scores.items():
                scores[id].append(score)
    disagreed = {
        text: human.unresolved
        for text, human in found.items()
        if human.unresolved and any(snapshots_of(store, text, _spoken_of(index, text)))
    }
    return Humans(scores, found, disagreed)


def _spoken_of(index: HumanIndex, text: Text) -> list[str]:
    return [label.system for label in index.labels.get(text, ())]


def _after_judge(index: HumanIndex, case: str, output: str) -> bool:
    return any(label.after_judge for label in index.labels.get((case, output), ()))


def trust_of(ctx: Context, store: DatasetStore, judge: str | None = None) -> JudgeTrust:
    """How the judge stands. Raises UnknownName; one that cannot be used here has no standing."""
    name = judge_name(ctx.workspace, judge)
    rubric = store.rubric
    try:
        fingerprint = open_judge(
            ctx.workspace, name, rubric, store=store, env=ctx.env, asked=False
        ).fingerprint
        calibration = store.calibration(name)
    except LabeltoolError:
        return judge_trust(None, "", rubric)
    return judge_trust(calibration, fingerprint, rubric)


def last_run(workspace: Workspace, dataset: str) -> Results | None:
    return last_head(workspace.root / paths.SCRATCH / "runs", dataset)


class Settling:
    """Orders the queue of a target by what settles something; what that rests on is read once.

    humans: what people say, where it was read already.
    """

    def __init__(self, target: Target, humans: Humans | None = None):
        self._target, self._humans = target, humans
        self._wanted: Wanted | None = None

    def order(self, items: Sequence[Item]) -> Order:
        """An open round keeps its own order. Raises DataError for a rubric that cannot be read."""
        if self._target.round is not None:
            return Order(tuple(items), settles(items, Wanted(), round=self._target.round.number))
        if self._wanted is None:
            humans = self._humans or read_humans(self._target.store, self._target.rubric)
            self._wanted = _wanted(self._target, humans)
        return Order(by_what_settles(items, self._wanted), settles(items, self._wanted))


def _wanted(target: Target, humans: Humans) -> Wanted:
    store, workspace = target.store, target.ctx.workspace
    trust = trust_of(target.ctx, store)
    trusted = {id for id, one in trust.criteria.items() if one.trust == "trusted"}
    recorded = {
        one.case: text_hash(one.output) for one in store.outputs(target.system).values
    }.items()
    head = last_run(workspace, store.name)
    runs = workspace.root / paths.SCRATCH / "runs"
    failing = (
        {(one.id, one.output_hash) for one in cases_of(runs, head) if one.passed is False}
        if head
        else set()
    )
    human = {case: humans.by_output.get((case, hash), HumanScore()) for case, hash in recorded}
    return Wanted(
        shortages=shortages(target.rubric, humans.scores, trusted),
        scored={case: frozenset(one.settled) for case, one in human.items()},
        inconclusive=frozenset(
            tier
            for tier, one in (head.tiers if head else {}).items()
            if one.verdict == "inconclusive"
        ),
        disagreed=frozenset(case for case, one in human.items() if one.unresolved),
        failing=frozenset(case for case, hash in recorded if (case, hash) in failing),
    )
