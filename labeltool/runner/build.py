"""The system and the judge that a run names, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labeltool import config
from labeltool.errors import DataError, UnknownName, Where
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.runner.grade import Judge
from labeltool.runner.judge_parts import examples_of, template_of
from labeltool.runner.judges import AskedJudge, EmbeddedJudge
from labeltool.runner.replies import Replies
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Workspace
from labeltool.systems.base import System

if TYPE_CHECKING:
    from labeltool.graders.judging import Judge as ComputedJudge
    from labeltool.llm.endpoint import Endpoint


def system_name(workspace: Workspace, store: DatasetStore, said: str | None) -> str:
    """The system said, else the dataset's, else the first in the settings.

    Raises UnknownName for a name said, DataError for one in dataset.yaml or where there is none.
    """
    known = known_systems(workspace, store)
    if said is not None:
        if said not in known:
            raise UnknownName("system", said, known)
        return said
    where = Where(paths.dataset_path(store.name), field="system")
    named = store.settings.system
    if named is not None and named not in known:
        error = UnknownName("system", named, known)
        raise DataError(error.message, hint=error.hint, where=where)
    found = named or next(iter(workspace.settings.systems), None)
    if found is None:
        have = f"say --system {known[0]}, or " if known else ""
        raise DataError("no system is named", hint=f"{have}add `system: <name>`", where=where)
    return found


def known_systems(workspace: Workspace, store: DatasetStore) -> tuple[str, ...]:
    """The systems of the settings, then the snapshots whose folder alone makes them one."""
    return tuple(dict.fromkeys((*workspace.settings.systems, *store.systems)))


def open_system(
    workspace: Workspace,
    store: DatasetStore,
    name: str,
    env: Mapping[str, str],
    *,
    concurrency: int = 1,
) -> System:
    """The system `name`, which must be known. Raises DataError where it cannot be used,
    IncompleteError where a key or a header's variable is not set.
    """
    found = workspace.settings.systems.get(name, config.RecordedSystem())
    where = Where(paths.SETTINGS, field=f"systems.{name}")
    match found:
        case config.RecordedSystem():
            return _recorded(store, name)
        case config.PythonSystem():
            from labeltool.systems.python import PythonSystem

            return PythonSystem(
                name,
                found.call,
                workspace.root,
                params=found.params,
                timeout_s=found.timeout_s,
                where=Where(where.path, field=f"{where.field}.call"),
            )
        case config.CommandSystem():
            from labeltool.systems.command import CommandSystem

            return CommandSystem(
                name,
                found.run,
                workspace.root,
                env=env,
                env_names=found.env,
                timeout_s=found.timeout_s,
                where=Where(where.path, field=f"{where.field}.run"),
            )
        case config.OpenAISystem():
            from labeltool.llm.endpoint import Endpoint
            from labeltool.systems.openai import OpenAISystem

            endpoint = Endpoint(
                base_url=found.base_url,
                api_key_env=found.api_key_env,
                env=env,
                concurrency=concurrency,
            )
            return OpenAISystem(name, found, workspace.root, endpoint, where=where)
        case config.HttpSystem():
            from labeltool.systems.http import HttpSystem

            return HttpSystem(name, found, env=env, concurrency=concurrency, where=where)


def _recorded(store: DatasetStore, name: str) -> System:
    from labeltool.systems.recorded import RecordedSystem

    if name not in store.systems:
        raise DataError(
            f"snapshot {name} has no outputs",
            hint=f"make it with `labeltool run --record {name}`, or import its outputs",
            where=Where(f"{paths.DATASETS}/{store.name}/outputs/{name}"),
        )
    return RecordedSystem(name, lambda case: store.output(name, case))


def judge_name(workspace: Workspace, said: str | None) -> str:
    """The judge said, else `default`, else the first. Raises UnknownName."""
    judges = workspace.settings.judges
    if said is None:
        return "default" if "default" in judges else next(iter(judges))
    if said not in judges:
        raise UnknownName("judge", said, judges)
    return said


def open_judge(
    workspace: Workspace,
    name: str,
    rubric: Rubric,
    *,
    store: DatasetStore,
    env: Mapping[str, str],
    concurrency: int = 1,
    replies: Replies | None = None,
    asked: bool = True,
    fit: Mapping[str, Any] | None = None,
) -> Judge:
    """The judge `name`, which must be known, for the criteria of `rubric`.

    store: the dataset whose calibration may hold its fit and whose cases it may quote. fit: in the
    place of that one. replies: where its verdicts are kept and looked up. asked: False where only
    its fingerprint is wanted, which takes no key.

    Raises DataError where it cannot be used, IncompleteError where its key is not set.
    """
    settings = workspace.settings.judges[name]
    if isinstance(settings, config.ReferenceJudge):
        return EmbeddedJudge(name, rubric, reference(store, name, rubric, fit))
    from labeltool.graders.judge import ModelJudge

    where = Where(paths.SETTINGS, field=f"judges.{name}")
    endpoint = open_endpoint(settings, env, concurrency=concurrency, asked=asked)
    model = ModelJudge(
        settings,
        rubric,
        endpoint,
        where=where,
        template=template_of(workspace, settings, rubric, where),
        examples=examples_of(store, settings, rubric, where),
    )
    return AskedJudge(name, model, replies)


def open_endpoint(
    settings: config.OpenAIJudge, env: Mapping[str, str], *, concurrency: int, asked: bool
) -> Endpoint:
    """Of a judge. Raises IncompleteError where it is to be `asked` and its key is not set."""
    from labeltool.llm.endpoint import Endpoint

    return Endpoint(
        base_url=settings.base_url,
        api_key_env=settings.api_key_env,
        env=env,
        concurrency=concurrency,
        asked=asked,
    )


def reference(
    store: DatasetStore, name: str, rubric: Rubric, fit: Mapping[str, Any] | None = None
) -> ComputedJudge:
    """The reference judge with `fit`, else with what the dataset's calibration of it holds for this
    rubric. Raises DataError for a fit that cannot be one.
    """
    from labeltool.graders.judging import make_judge

    if fit is not None:
        return make_judge(fit)
    try:
        return make_judge(_fit(store, name, rubric))
    except DataError as error:
        where = Where(paths.calibration_path(store.name, name), field="fit")
        raise DataError(error.message, hint=error.hint, where=where) from None


def _fit(store: DatasetStore, judge: str, rubric: Rubric) -> Mapping[str, Any] | None:
    """What the dataset's calibration of this judge fitted it to, where that was for this rubric."""
    calibration = store.calibration(judge)
    if calibration is None or ref_parts(calibration.rubric)[0] != rubric.name:
        return None
    return calibration.fit
