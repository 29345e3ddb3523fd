"""What home tells beside the queue: the loop, the judge, the last run, my work in git."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.judge_running import judges_running
from labeltool.commands.label_next import Humans, last_run, read_humans, trust_of
from labeltool.commands.label_work import WorkState, work_before
from labeltool.errors import LabeltoolError
from labeltool.model.base import Tier
from labeltool.model.label import Label
from labeltool.model.result import TierResult
from labeltool.rules.agreement import AtVersion, over_versions
from labeltool.rules.eligible import moment
from labeltool.rules.settle import shortage
from labeltool.rules.stage import Stage, stage
from labeltool.rules.trust import CriterionTrust
from labeltool.runner.build import judge_name
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """How the judge stands on a criterion; `labels`: how many more would let it be measured."""

    trust: CriterionTrust
    labels: int


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of whole tiers. `seconds`: its age."""

    system: str
    seconds: float
    tiers: dict[Tier, TierResult]


@dataclass(frozen=True, slots=True)
class Marked:
    """My outputs of the present snapshot that I marked."""

    flagged: int = 0
    unsure: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """One of several datasets."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """How the branch stands beside the remote, as last fetched: commits to push, and to fetch."""

    ahead: int
    behind: int


@dataclass(frozen=True, slots=True)
class Facts:
    """work: None outside a repository. remote: None without one. rounds: {criterion: what each
    closed round found}, oldest first. fallen: criteria on which the judge fell below trust in
    spot checks.
    """

    stage: Stage
    disagreements: int
    rounds: dict[str, tuple[AtVersion, ...]]
    judge: str
    judged: dict[str, JudgedCriterion]
    last: LastRun | None
    work: WorkState | None
    remote: Ahead | None
    datasets: tuple[DatasetRow, ...]
    fallen: tuple[str, ...] = ()


def facts_of(ctx: Context, store: DatasetStore, humans: Humans) -> Facts:
    """Raises LabeltoolError where the rubric or the settings cannot be read."""
    work, remote = _work(ctx)
    rounds = store.rounds().values
    judge = judge_name(ctx.workspace, None)
    return Facts(
        stage=stage(rounds, store.rubric, humans.disagreements),
        disagreements=humans.disagreements,
        rounds=over_versions(store.rubric, rounds),
        judge=judge,
        judged=_judged(ctx, store, humans),
        last=_last(ctx, store.name),
        work=work,
        remote=remote,
        datasets=_datasets(ctx),
        fallen=next(
            (one.fallen for one in judges_running(store, store.rubric) if one.judge == judge), ()
        ),
    )


def marked_in(labels: Sequence[Label]) -> Marked:
    return Marked(
        sum(bool(label.flag) for label in labels),
        sum(label.confidence == "unsure" for label in labels),
        sum(label.status == "skipped" for label in labels),
    )


def _judged(ctx: Context, store: DatasetStore, humans: Humans) -> dict[str, JudgedCriterion]:
    trust = trust_of(ctx, store).criteria
    return {
        c.id: JudgedCriterion(
            trust[c.id],
            0
            if trust[c.id].trust == "trusted"
            else shortage(c, humans.scores.get(c.id, ())).labels,
        )
        for c in store.rubric.criteria
        if c.id in trust
    }


def _last(ctx: Context, dataset: str) -> LastRun | None:
    head = last_run(ctx.workspace, dataset)
    if head is None:
        return None
    try:
        age = (ctx.now() - moment(head.created_at)).total_seconds()
    except ValueError:
        return None
    return LastRun(head.system.name, age, dict(head.tiers))


def _work(ctx: Context) -> tuple[WorkState | None, Ahead | None]:
    try:
        return work_before(ctx), _remote(ctx)
    except LabeltoolError:
        return None, None


def _remote(ctx: Context) -> Ahead | None:
    found = ctx.history.ahead_behind()
    if found is not None:
        return Ahead(found.ahead, max(found.behind, found.behind_default))
    unpushed = ctx.history.unpushed()  # to a remote of another name
    return None if unpushed is None else Ahead(unpushed, 0)


def _datasets(ctx: Context) -> tuple[DatasetRow, ...]:
    names = ctx.workspace.dataset_names
    return tuple(DatasetRow(name, _stands(ctx, name)) for name in names) if len(names) > 1 else ()


def _stands(ctx: Context, name: str) -> str:
    try:
        store = ctx.workspace.dataset(name)
        return stage(
            store.rounds().values, store.rubric, read_humans(store, store.rubric).disagreements
        ).words
    except LabeltoolError as error:
        return f"! {error.message}"


def age(seconds: float) -> str:
    """`2 hours ago`: roughly, as people say it."""
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            many = int(seconds // size)
            return f"{many} {word}{'' if many == 1 else 's'} ago"
    return "just now"
