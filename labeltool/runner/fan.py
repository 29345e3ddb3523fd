"""A run whose calls are made by the workers of a cluster. Plan, cache, log, retries of a lost
worker's cases, gates and results stay in this process, so the run is the same one.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

from labeltool.model.case import Case, Document
from labeltool.runner import site
from labeltool.runner.cluster import Cluster, WorkersLost
from labeltool.runner.engine import Run
from labeltool.runner.grade import Judge, Judgement
from labeltool.runner.judges import AskedJudge
from labeltool.runner.site import Blueprint, Broke, Failed, Unjudged
from labeltool.systems.base import Answer, System, SystemFailure

if TYPE_CHECKING:
    from labeltool.graders.judge import Judged, ModelJudge
    from labeltool.graders.prompt import Graded

T = TypeVar("T")


@dataclass(frozen=True)
class FannedSystem:
    """`inner`, answered for by the cluster."""

    inner: System
    cluster: Cluster

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    @property
    def live(self) -> bool:
        return self.inner.live

    def request(self, case: Case) -> str | None:
        return self.inner.request(case)

    async def answer(self, case: Case) -> Answer:
        try:
            found = await self.cluster.call(site.answer, case)
        except WorkersLost as lost:
            raise SystemFailure("system", lost.message, fatal=lost.all) from None
        if isinstance(found, Failed):
            raise SystemFailure(
                found.kind, found.message, fatal=found.fatal, attempts=found.attempts
            )
        return _whole(found)

    async def close(self) -> None:
        await self.inner.close()


@dataclass(frozen=True)
class FannedJudge:
    """`inner`, which computes, on the cluster."""

    inner: Judge
    cluster: Cluster

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    async def judge(
        self, case: Case, output: str, context: Sequence[Document], *, repeat: int, fresh: bool
    ) -> Judgement:
        try:
            found = await self.cluster.call(site.judge, case, output, tuple(context), repeat)
        except WorkersLost as lost:
            return Judgement(error=lost.message, fatal=lost.all)
        return _whole(found)

    async def close(self) -> None:
        await self.inner.close()


@dataclass(frozen=True)
class FannedModel:
    """The model of an AskedJudge, asked on the cluster; its verdicts are kept here."""

    inner: ModelJudge
    cluster: Cluster

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    def request(self, graded: Graded) -> str:
        return self.inner.request(graded)

    async def judge(self, graded: Graded) -> Judged:
        from labeltool.graders.asking import JudgeFailure

        try:
            found = await self.cluster.call(site.verdict, graded)
        except WorkersLost as lost:
            raise JudgeFailure(lost.message, (), replied=False, fatal=lost.all) from None
        if isinstance(found, Unjudged):
            raise JudgeFailure(found.message, found.spent, replied=found.replied, fatal=found.fatal)
        return _whole(found)

    async def close(self) -> None:
        await self.inner.close()


def _fanned_judge(judge: Judge, cluster: Cluster) -> Judge:
    if isinstance(judge, AskedJudge):
        return replace(judge, inner=cast("ModelJudge", FannedModel(judge.inner, cluster)))
    return FannedJudge(judge, cluster)


@asynccontextmanager
async def fanned(run: Run, address: str | None) -> AsyncGenerator[Run, None]:
    """`run` over the cluster at `address`, else over one of this machine's processors. A recorded
    system is read here: there is nothing to compute. Raises as `Cluster.join`.
    """
    grading = run.grading
    system, judge = grading.system, grading.judge
    plan = Blueprint(
        run=f"{run.identity.run_id}-{secrets.token_hex(8)}",
        root=str(run.plan.store.root.resolve()),
        dataset=run.plan.store.name,
        system=system.name if system.live else None,
        system_fingerprint=system.fingerprint,
        judge=None if judge is None else judge.name,
        judge_fingerprint="" if judge is None else judge.fingerprint,
        concurrency=run.concurrency,
    )
    cluster = await Cluster.join(address, plan)
    try:
        yield replace(
            run,
            grading=replace(
                grading,
                system=FannedSystem(system, cluster) if system.live else system,
                judge=None if judge is None else _fanned_judge(judge, cluster),
            ),
        )
    finally:
        await cluster.close()


def _whole(found: T | Broke) -> T:
    if isinstance(found, Broke):
        raise RuntimeError(f"on a worker: {found.message}")
    return found
