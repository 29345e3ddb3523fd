"""A run decided before it starts: every name resolved, every setting held against what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from labeltool import __version__
from labeltool.commands.context import Context, iso
from labeltool.commands.run_before import failing_in, marks_of, resumed_of
from labeltool.commands.run_trust import (
    dropped,
    require_trust,
    spot_notices,
    trust_notices,
    uncorrected,
)
from labeltool.config import Price
from labeltool.errors import DataError, UnknownName, Where
from labeltool.model.base import TIERS, Tier
from labeltool.model.dataset import Gate, Rule
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.rubric import Rubric
from labeltool.rules.corrected import correction_of
from labeltool.rules.gate import NOT_ASKED
from labeltool.rules.shard import Shard
from labeltool.rules.trust import judge_trust, judged
from labeltool.runner.build import judge_name, open_judge, open_system
from labeltool.runner.engine import Identity, JudgeUsed, Most, Run
from labeltool.runner.git_state import git_state
from labeltool.runner.grade import Grading, Judge
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.runner.plan import Selection, make_plan
from labeltool.runner.replies import Replies
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.systems.base import System

DEFAULT_CONCURRENCY = 8


@dataclass(frozen=True)
class Request:
    """What was asked on the command line. `out` None writes no file. `baseline`: a file below
    `base`, or a git ref. `resume`: a run's id, or `latest`. `cluster`: a Dask scheduler's
    address, None for one of this machine.
    """

    dataset: str | None = None
    system: str | None = None
    judge: str | None = None
    tiers: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    threshold: float | None = None
    rule: Rule | None = None
    scores: Literal["machine", "human"] = "machine"
    concurrency: int = DEFAULT_CONCURRENCY
    require_trusted_judge: bool = False
    record: str | None = None
    out: Path | None = None
    repeat: int = 1
    shard: str | None = None
    baseline: str | None = None
    base: Path | None = None
    cache: bool = True
    resume: str | None = None
    retry_errors: bool = False
    only_failing: Path | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    engine: Literal["local", "dask"] = "local"
    cluster: str | None = None


def selection(request: Request) -> Selection:
    """The cases asked for. Raises UnknownName for a tier that is none."""
    for name in request.tiers:
        if name not in TIERS:
            raise UnknownName("tier", name, TIERS)
    wanted = tuple(tier for tier in TIERS if tier in request.tiers)
    shard = None if request.shard is None else Shard.parse(request.shard)
    cases = request.cases
    if request.only_failing is not None:
        cases = (*cases, *failing_in(request.only_failing))
    return Selection(wanted, cases, request.tags, shard)


def prepare(
    ctx: Context,
    store: DatasetStore,
    request: Request,
    system: str,
    *,
    run_id: str,
    clock: Callable[[], float],
) -> Run:
    """The run that `request` asks for. Raises UnknownName, UsageError, DataError,
    IncompleteError.
    """
    chosen = selection(request)
    rubric = store.rubric
    gates = {
        tier: gate
        for tier in chosen.tiers or TIERS
        if (gate := _gate(store, tier, request)) is not None
    }
    judge_said = judge_name(ctx.workspace, request.judge)
    judges = request.scores == "machine" and bool(judged(rubric))
    plain = {} if judges else uncorrected(gates)
    gates |= plain
    replies = Replies(ctx.workspace.scratch) if request.cache else None
    judge = open_judge(
        ctx.workspace,
        judge_said,
        rubric,
        store=store,
        env=ctx.env,
        concurrency=request.concurrency,
        replies=replies,
        asked=judges,
    )
    calibration = store.calibration(judge_said)
    trust = judge_trust(calibration, judge.fingerprint, rubric)
    opened = open_system(ctx.workspace, store, system, ctx.env, concurrency=request.concurrency)
    plan = make_plan(store, chosen, gates, now=ctx.now(), read_ahead=opened.live)
    if judges:
        require_trust(judge_said, trust, gates, asked_for=request.require_trusted_judge)
    humans = _humans(store, rubric, request)
    settings = ctx.workspace.settings
    spots = settings.spot_check
    price = getattr(settings.systems.get(system), "price", None)
    judge_price = getattr(settings.judges[judge_said], "price", None)
    _payable(request, opened, price, judge if judges else None, judge_price)
    inputs = _inputs(ctx, store, request, chosen, system=system, judge=judge_said) | {
        "system_fingerprint": opened.fingerprint,
        "judge_fingerprint": judge.fingerprint,
        "people": humans.digest(),
        "labeltool": __version__,
    }
    runs = ctx.workspace.root / paths.SCRATCH / "runs"
    marks = marks_of(ctx, store, request, system)
    resumed = resumed_of(runs, request, inputs, clock=clock)
    return Run(
        identity=Identity(
            run_id=run_id if resumed is None else resumed.found.folder.name,
            created_at=iso(ctx.now()),
            version=__version__,
            git=git_state(ctx.workspace.root, ctx.env),
            settings=inputs,
        ),
        plan=plan,
        grading=Grading(
            rubric=rubric,
            system=opened,
            judge=judge if judges else None,
            humans=humans,
            scores=request.scores,
            drop=dropped(gates, trust) if judges else {},
            replies=replies if _worth_keeping(opened, judge) else None,
            price=price,
        ),
        gates=gates,
        judge=JudgeUsed(
            judge_said,
            judge.kind,
            judge.fingerprint,
            trust,
            judge_price,
            correction_of(calibration, trust, rubric) if judges else NOT_ASKED,
        ),
        price=price,
        concurrency=request.concurrency,
        runs=runs,
        clock=clock,
        notices=(
            *(trust_notices(judge_said, trust, gates, plan.tiers) if judges else ()),
            *_gate_notices(store, request, gates, plan.tiers),
            *(f"gate {tier} is on the plain pass rate: no judge is asked" for tier in plain),
            *_human_notices(humans),
            *(spot_notices(spots, request.out) if judges and request.shard is None else ()),
        ),
        marks=marks,
        repeat=request.repeat,
        limits=Most(request.max_cost, request.max_tokens),
        resumed=resumed,
    )


def _worth_keeping(system: System, judge: Judge) -> bool:
    return "openai" in {system.kind, judge.kind}


def _payable(
    request: Request,
    system: System,
    price: Price | None,
    judge: Judge | None,
    judge_price: Price | None,
) -> None:
    """A bound on the cost means nothing where a price is not known."""
    if request.max_cost is None:
        return
    sides = [(f"systems.{system.name}", system.kind == "openai", price)]
    if judge is not None:
        sides.append((f"judges.{judge.name}", judge.kind == "openai", judge_price))
    for field, costs, known in sides:
        if costs and known is None:
            raise DataError(
                "has no price, so --max-cost cannot hold",
                hint="add `price: {input: 0.25, output: 2.0}` (USD per million tokens)",
                where=Where(paths.SETTINGS, field=f"{field}.price"),
            )


def _gate(store: DatasetStore, tier: Tier, request: Request) -> Gate | None:
    """The tier's gate with what the command line puts in its place."""
    gate = store.settings.gates.get(tier)
    if gate is None:
        if request.threshold is None:
            return None
        gate = Gate(threshold=request.threshold)
    said: dict[str, Any] = {}
    if request.cases or request.tags or request.only_failing is not None:
        # A part of the tier was asked for: that it is fewer cases is no news.
        said["min_cases"] = 1
    if request.threshold is not None:
        said["threshold"] = request.threshold
    if request.rule is not None:
        said["rule"] = request.rule
    return gate.model_copy(update=said)


def _gate_notices(
    store: DatasetStore, request: Request, gates: Mapping[Tier, Gate], tiers: tuple[Tier, ...]
) -> Iterator[str]:
    for tier in store.settings.gates:
        if tier not in tiers and not request.tiers:
            yield f"gate {tier} is skipped: the tier has no case"
    if request.rule is not None and not gates:
        yield f"--rule {request.rule} does nothing: no tier that runs has a gate, say --threshold"


def _humans(store: DatasetStore, rubric: Rubric, request: Request) -> HumanIndex:
    """What people said. A gate on it wants every file of it whole; a machine run goes on
    without.
    """
    index = load_humans(store, rubric)
    if index.problems and request.scores == "human":
        raise DataError.of(index.problems)
    return index


def _human_notices(humans: HumanIndex) -> Iterator[str]:
    if humans.problems:
        count, first = len(humans.problems), humans.problems[0]
        problems = "1 problem" if count == 1 else f"{count} problems"
        yield f"what people said has {problems} ({first}): type `labeltool check`"


def _inputs(
    ctx: Context,
    store: DatasetStore,
    request: Request,
    chosen: Selection,
    *,
    system: str,
    judge: str,
) -> dict[str, Any]:
    """Hashes of everything but cases and code that shapes the results: the log's header."""

    def hashed(value: Any) -> str:
        return text_hash(canonical_json(value))

    settings = ctx.workspace.settings
    found = settings.systems.get(system)
    return {
        "dataset": hashed(store.settings.model_dump(mode="json")),
        "rubric": hashed(store.rubric.model_dump(mode="json")),
        "system": hashed(found.model_dump(mode="json") if found else system),
        "judge": hashed(settings.judges[judge].model_dump(mode="json")),
        "asked": hashed(
            {
                "tiers": request.tiers,
                "cases": chosen.cases,
                "tags": request.tags,
                "threshold": request.threshold,
                "rule": request.rule,
                "scores": request.scores,
                "repeat": request.repeat,
                "baseline": request.baseline,
            }
        ),
        "shard": request.shard,
    }
