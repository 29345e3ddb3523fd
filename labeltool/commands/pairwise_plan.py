"""Which cases two systems meet on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from labeltool.commands.context import Context
from labeltool.config import Price
from labeltool.errors import DataError, UnknownName, Where
from labeltool.model.base import TIERS
from labeltool.model.case import Case
from labeltool.runner.build import open_system, system_name
from labeltool.runner.plan import Selection, make_plan
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.systems.base import System

if TYPE_CHECKING:
    from labeltool.commands.pairwise import Request


@dataclass(frozen=True)
class Source:
    """One of the two. price: of a live system, where it is known."""

    name: str
    system: System
    price: Price | None


@dataclass(frozen=True)
class Plan:
    """cases: in tier and id order. missing: {snapshot: cases without an output}."""

    cases: tuple[Case, ...]
    sides: tuple[Source, Source]
    missing: Mapping[str, int]

    async def close(self) -> None:
        for side in self.sides:
            await side.system.close()


def plan(ctx: Context, store: DatasetStore, request: Request) -> Plan:
    """Raises UnknownName, UsageError, DataError, IncompleteError where a key is not set."""
    for tier in request.tiers:
        if tier not in TIERS:
            raise UnknownName("tier", tier, TIERS)
    a, b = (_source(ctx, store, name, request.concurrency) for name in (request.a, request.b))
    chosen = Selection(
        tuple(tier for tier in TIERS if tier in request.tiers), request.cases, request.tags
    )
    found = list(make_plan(store, chosen, {}, now=ctx.now(), read_ahead=True))
    missing = {}
    for side in (a, b):
        if side.system.live:
            continue
        there = {one.case for one in store.outputs(side.name).require()}
        if lacking := sum(case.id not in there for case in found):
            missing[side.name] = lacking
            found = [case for case in found if case.id in there]
    if not found:
        raise DataError(
            f"{request.a} and {request.b} have no case in common",
            hint="record both on the same cases: labeltool run --system NAME --record NAME",
            where=Where(f"{paths.DATASETS}/{store.name}/outputs"),
        )
    if request.sample is not None and request.sample < len(found):
        kept = set(Random(request.seed).sample(sorted(c.id for c in found), request.sample))  # noqa: S311
        found = [case for case in found if case.id in kept]
    return Plan(tuple(found), (a, b), missing)


def _source(ctx: Context, store: DatasetStore, said: str, concurrency: int) -> Source:
    name = system_name(ctx.workspace, store, said)
    opened = open_system(ctx.workspace, store, name, ctx.env, concurrency=concurrency)
    settings = ctx.workspace.settings.systems.get(name)
    return Source(name, opened, getattr(settings, "price", None))
