"""`calibrate`: a judge's scores against people's, measured, written down and committed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from labeltool.commands.calibrate_ask import Found, Work
from labeltool.commands.calibrate_cost import estimate
from labeltool.commands.calibrate_rows import keep
from labeltool.commands.calibrate_sample import Eligible, read
from labeltool.commands.context import Context
from labeltool.commands.run_cost import Estimate
from labeltool.config import OpenAIJudge
from labeltool.errors import DataError, UsageError, Where
from labeltool.history import CommitMessage
from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Rubric
from labeltool.rules.calibrate import Sample, draw, judge_criteria
from labeltool.runner.build import judge_name
from labeltool.runner.pool import Stop
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write

__all__ = ["Calibrated", "Estimate", "Found", "Judged", "Request", "Started", "Stop", "calibrate"]

DEFAULT_CONCURRENCY = 8


@dataclass(frozen=True)
class Request:
    """judges: names, none for the default one. sample: how many outputs, None for all."""

    dataset: str | None = None
    judges: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    annotator: str | None = None
    concurrency: int = DEFAULT_CONCURRENCY


@dataclass(frozen=True)
class Started:
    """How many answers of judges are expected in all."""

    expected: int


@dataclass(frozen=True)
class Judged:
    """One more answer."""


@dataclass(frozen=True)
class Calibrated:
    """`commit` is None where every file says the very same already."""

    dataset: str
    rubric: Rubric
    found: tuple[Found, ...]
    eligible: Eligible
    sample: Sample
    commit: str | None


async def calibrate(
    ctx: Context, request: Request, *, stop: Stop
) -> AsyncGenerator[Estimate | Started | Judged | Calibrated, None]:
    """An Estimate where it costs something (who goes no further has called nobody), Started, a
    Judged for each answer, Calibrated once all is committed. Stopped, it ends without the last:
    half a sample is none. Replies that were paid for are kept.

    Raises UnknownName, UsageError, DataError (nothing to measure on, a broken file), CommitHeld,
    IncompleteError where a judge cannot be asked at all.
    """
    ctx.history.recover()
    store = ctx.workspace.dataset(request.dataset)
    rubric = store.rubric
    names = _names(ctx, request.judges)
    by = ctx.annotator(request.annotator)
    if not judge_criteria(rubric):
        raise DataError(
            "no criterion is scored by a judge",
            hint="take `grader: human` off one that a judge may try",
            where=Where(paths.rubric_path(rubric.name), field="criteria"),
        )
    eligible = read(store, rubric, quoted=_quoted(ctx, names), now=ctx.now())
    if not eligible.outputs:
        raise eligible.nothing(store.name)
    sample = draw(rubric, eligible.outputs, request.sample, seed=request.seed)
    with_cost = estimate(ctx.workspace.settings, names, rubric, sample, request.concurrency)
    if with_cost is not None:
        yield with_cost
    yield Started(len(names) * len(sample.outputs))
    work = [Work(ctx, store, rubric, name, sample, request.concurrency) for name in names]
    for one in work:
        async with aclosing(one.ask(stop)) as answers:
            async for _ in answers:
                yield Judged()
        if stop.asked:
            return
    found = tuple(one.found(eligible, by) for one in work)
    commit = _record(ctx, store, found, by)
    for measured in found:
        keep(ctx, store.name, measured.calibration, measured.worst)
    yield Calibrated(store.name, rubric, found, eligible, sample, commit)


def _names(ctx: Context, said: Sequence[str]) -> tuple[str, ...]:
    if len(set(said)) < len(said):
        raise UsageError("a judge is named twice", hint="say each --judge once")
    return tuple(judge_name(ctx.workspace, name) for name in said or (None,))


def _quoted(ctx: Context, names: Sequence[str]) -> set[str]:
    """Cases that any of the judges is shown as an example: side by side means the same sample."""
    judges = (ctx.workspace.settings.judges[name] for name in names)
    return {case for one in judges if isinstance(one, OpenAIJudge) for case in one.examples}


def _record(ctx: Context, store: DatasetStore, found: Sequence[Found], by: str) -> str | None:
    """All files in one commit; one that would say nothing new but who and when stays."""
    writes: list[Write] = []
    new: list[Found] = []
    for one in found:
        old = ctx.workspace.load(one.path, Calibration)
        if old is not None and _same(old, one.calibration):
            continue
        writes.append(ctx.workspace.change(one.path, one.calibration))
        new.append(one)
    return ctx.record(writes, message(store.name, new, by)).commit if writes else None


def _same(old: Calibration, new: Calibration) -> bool:
    stamp = {"calibrated_by": new.calibrated_by, "calibrated_at": new.calibrated_at}
    return old.model_copy(update=stamp).model_dump(mode="json") == new.model_dump(mode="json")


def message(dataset: str, found: Sequence[Found], by: str) -> CommitMessage:
    """Which criteria each judge may score, and why not the others."""
    names = ", ".join(one.calibration.judge for one in found)
    subject = f"calibrate {names} on {dataset}"
    if len(found) == 1:
        subject += f": {standing(found[0])}"
    body = []
    for one in found:
        body += [f"{one.calibration.judge}: {standing(one)}"] if len(found) > 1 else []
        body += [
            f"- {id}: {'trusted' if of.verdict.trusted else 'untrusted'}, {of.verdict.reason}"
            for id, of in one.criteria.items()
        ]
    return CommitMessage(
        subject,
        body="\n".join(body),
        trailers={
            "Labeltool-Kind": "calibrate",
            "Labeltool-Dataset": dataset,
            "Labeltool-Annotator": by,
            "Labeltool-Rubric": found[0].calibration.rubric,
        },
    )


def standing(one: Found) -> str:
    trusted = [id for id, of in one.criteria.items() if of.verdict.trusted]
    others = [id for id, of in one.criteria.items() if not of.verdict.trusted]
    parts = [f"trusted for {', '.join(trusted)}"] if trusted else []
    parts += [f"untrusted for {', '.join(others)}"] if others else []
    return "; ".join(parts)
