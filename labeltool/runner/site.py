"""What a worker of a cluster does: opens the same system and judge over the same files, and asks
them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labeltool import __version__
from labeltool.errors import LabeltoolError
from labeltool.model.case import Case, Document
from labeltool.runner.build import open_judge, open_system
from labeltool.runner.grade import Judge, Judgement
from labeltool.runner.judges import AskedJudge
from labeltool.store.workspace import Workspace
from labeltool.systems.base import Answer, FailureKind, System, SystemFailure

if TYPE_CHECKING:
    from labeltool.graders.judge import Judged
    from labeltool.graders.prompt import Graded
    from labeltool.llm.chat import Reply


@dataclass(frozen=True)
class Blueprint:
    """What a worker is told to stand in for this process. Files, code and keys do not travel: a
    worker has the workspace at the same path, and the variables in its own environment.

    run: told apart from every other. system, judge: the names to open, None for what is not asked
    there; with the fingerprints that they have here. deaf: the worker leaves Ctrl-C to us.
    """

    run: str
    root: str
    dataset: str
    system: str | None
    system_fingerprint: str
    judge: str | None
    judge_fingerprint: str
    concurrency: int
    version: str = __version__
    deaf: bool = False


@dataclass(frozen=True)
class Failed:
    """A SystemFailure on its way home."""

    kind: FailureKind
    message: str
    fatal: bool
    attempts: int


@dataclass(frozen=True)
class Unjudged:
    """A JudgeFailure on its way home."""

    message: str
    spent: tuple[Reply, ...]
    replied: bool
    fatal: bool


@dataclass(frozen=True)
class Broke:
    """An error that is nobody's fault but ours, on its way home."""

    message: str


@dataclass(frozen=True)
class _Site:
    system: System | None
    judge: Judge | None


_sites: dict[str, asyncio.Future[_Site]] = {}
"""By run, of this worker process."""


async def prepare(plan: Blueprint) -> str | None:
    """Opens what the run asks for; None, or why this worker cannot stand in."""
    if plan.deaf and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not Path(plan.root).is_dir():
        return f"it has no folder {plan.root}"
    try:
        site = await _site(plan)
    except LabeltoolError as error:
        _sites.pop(plan.run, None)
        return f"{error}{f' ({error.hint})' if error.hint else ''}"
    return _stranger(plan, site)


async def answer(plan: Blueprint, case: Case) -> Answer | Failed | Broke:
    try:
        system = (await _site(plan)).system
        assert system is not None
        return await system.answer(case)
    except SystemFailure as failure:
        return Failed(failure.kind, failure.message, failure.fatal, failure.attempts)
    except Exception as error:  # noqa: BLE001 - or it would look as if the worker were lost
        return Broke(f"{type(error).__name__}: {error}")


async def judge(
    plan: Blueprint, case: Case, output: str, context: Sequence[Document], repeat: int
) -> Judgement | Broke:
    """By a judge that computes."""
    try:
        found = (await _site(plan)).judge
        assert found is not None
        return await found.judge(case, output, context, repeat=repeat, fresh=True)
    except Exception as error:  # noqa: BLE001 - or it would look as if the worker were lost
        return Broke(f"{type(error).__name__}: {error}")


async def verdict(plan: Blueprint, graded: Graded) -> Judged | Unjudged | Broke:
    """By a judge that is a model, which is asked here and keeps nothing here."""
    from labeltool.graders.asking import JudgeFailure

    try:
        found = (await _site(plan)).judge
        assert isinstance(found, AskedJudge)
        return await found.inner.judge(graded)
    except JudgeFailure as failure:
        return Unjudged(failure.message, failure.spent, failure.replied, failure.fatal)
    except Exception as error:  # noqa: BLE001 - or it would look as if the worker were lost
        return Broke(f"{type(error).__name__}: {error}")


async def close(run: str) -> None:
    opened = _sites.pop(run, None)
    if opened is None or not opened.done() or opened.exception() is not None:
        return
    site = opened.result()
    if site.system is not None:
        await site.system.close()
    if site.judge is not None:
        await site.judge.close()


async def _site(plan: Blueprint) -> _Site:
    if plan.run not in _sites:
        _sites[plan.run] = asyncio.ensure_future(asyncio.to_thread(_opened, plan))
    return await asyncio.shield(_sites[plan.run])


def _opened(plan: Blueprint) -> _Site:
    root = Path(plan.root)
    _forget_code_of(root)
    workspace = Workspace.open(root)
    store = workspace.dataset(plan.dataset)
    env = dict(os.environ)
    return _Site(
        system=None
        if plan.system is None
        else open_system(workspace, store, plan.system, env, concurrency=plan.concurrency),
        judge=None
        if plan.judge is None
        else open_judge(
            workspace,
            plan.judge,
            store.rubric,
            store=store,
            env=env,
            concurrency=plan.concurrency,
        ),
    )


def _stranger(plan: Blueprint, site: _Site) -> str | None:
    """In what this worker would answer otherwise than the process that asks it."""
    if plan.version != __version__:
        return f"it has labeltool {__version__}, here it is {plan.version}"
    if site.system is not None and site.system.fingerprint != plan.system_fingerprint:
        return f"its files or settings make another system {plan.system} than those here"
    if site.judge is not None and site.judge.fingerprint != plan.judge_fingerprint:
        return f"its files or settings make another judge {plan.judge} than those here"
    return None


def _forget_code_of(root: Path) -> None:
    """A worker outlives a run: the user's modules are read anew, since they may have changed."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name.partition(".")[0] in {"labeltool", "__main__", "__mp_main__"}:
            continue
        path = Path(file)
        if path.is_relative_to(root) and not path.is_relative_to(sys.prefix):
            del sys.modules[name]
