"""A judge's choices between two snapshots, measured against people's and written down."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from labeltool.commands.context import Context
from labeltool.commands.label_target import snapshot_of
from labeltool.commands.pairwise import Compared, Done, Estimate, Request, Started, Stop, pairwise
from labeltool.commands.pairwise_people import nobody, people
from labeltool.errors import UsageError
from labeltool.history import CommitMessage
from labeltool.model.calibration import Calibration
from labeltool.rules.eligible import sits_out
from labeltool.rules.pair_calibration import PairFigures, compare
from labeltool.rules.pair_trust import PairTrust, pair_key, pair_trust
from labeltool.rules.pairwise import People, pair_folder
from labeltool.runner.build import open_judge
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class PairCalibrated:
    """`compared`: the judge on the pairs that people settled. `commit`: None where the file says
    the very same already.
    """

    compared: Compared
    people: People
    figures: PairFigures
    path: str
    commit: str | None


async def calibrate_pairs(
    ctx: Context, request: Request, *, stop: Stop, annotator: str | None = None
) -> AsyncGenerator[Estimate | Started | Done | Compared | PairCalibrated, None]:
    """As `pairwise` over the pairs that people settled, and then PairCalibrated. Stopped, it ends
    with Compared: half a sample is none.

    Raises as `pairwise`, and DataError where nobody has chosen.
    """
    if request.tiers or request.cases or request.tags:
        raise UsageError(
            "--calibrate measures on what people chose from",
            hint="leave --tier, --case and --tag out; --sample takes fewer",
        )
    ctx.history.recover()
    store = ctx.workspace.dataset(request.dataset)
    for name in (request.a, request.b):
        snapshot_of(ctx, store, name)
    by = ctx.annotator(annotator)
    said = people(store, request.a, request.b)
    settled = tuple(case for case in said.settled if sits_out(store.case(case), ctx.now()) is None)
    if not settled:
        raise nobody(store, request.a, request.b, said)
    compared: Compared | None = None
    async with aclosing(pairwise(ctx, replace(request, cases=settled), stop=stop)) as events:
        async for event in events:
            if isinstance(event, Compared):
                compared = event
            else:
                yield event
    if compared is None:
        return
    if compared.not_run:
        yield compared
        return
    figures = compare(said, compared.duels)
    path = paths.calibration_path(store.name, compared.judge.name)
    commit = _record(ctx, store, compared, figures, by=by)
    yield PairCalibrated(
        replace(compared, judge=_now(ctx, store, compared)), said, figures, path, commit
    )


def _record(
    ctx: Context, store: DatasetStore, compared: Compared, figures: PairFigures, *, by: str
) -> str | None:
    """Beside what is known of the judge's scores, in its calibration file."""
    judge, rubric = compared.judge, compared.rubric
    pair = pair_folder(compared.a, compared.b)
    old = store.calibration(judge.name)
    base = old or Calibration(
        judge=judge.name, fingerprint=_fingerprint(ctx, store, judge.name), rubric=rubric.ref
    )
    entry = {
        "a": compared.a,
        "b": compared.b,
        **figures.document(),
        "fingerprint": judge.fingerprint,
        "rubric": rubric.ref,
        "seed": compared.seed,
    }
    stamp = {"calibrated_by": by, "calibrated_at": ctx.iso_now()}
    known = base.pairwise.get(pair_key(pair), {})
    if {**known, **stamp} == {**entry, **stamp}:
        return None
    new = base.model_copy(
        update={"pairwise": {**base.pairwise, pair_key(pair): {**entry, **stamp}}}
    )
    path = paths.calibration_path(store.name, judge.name)
    return ctx.record([ctx.workspace.change(path, new)], _message(compared, figures, by)).commit


def _message(compared: Compared, figures: PairFigures, by: str) -> CommitMessage:
    trusted = "trusted" if figures.trusted else "untrusted"
    pair = f"{compared.a} and {compared.b}"
    return CommitMessage(
        f"calibrate {compared.judge.name} on choices between {pair}: {trusted}",
        body=f"{figures.reason}; {figures.n} pairs",
        trailers={
            "Labeltool-Kind": "calibrate",
            "Labeltool-Dataset": compared.dataset,
            "Labeltool-Annotator": by,
            "Labeltool-Rubric": compared.rubric.ref,
        },
    )


def _fingerprint(ctx: Context, store: DatasetStore, judge: str) -> str:
    """Of the judge that scores one output: what the rest of the file is about."""
    opened = open_judge(ctx.workspace, judge, store.rubric, store=store, env=ctx.env, asked=False)
    return opened.fingerprint


def _now(ctx: Context, store: DatasetStore, compared: Compared) -> PairTrust:
    judge = compared.judge
    return pair_trust(
        store.calibration(judge.name),
        name=judge.name,
        kind=judge.kind,
        fingerprint=judge.fingerprint,
        rubric=compared.rubric,
        pair=pair_folder(compared.a, compared.b),
    )
