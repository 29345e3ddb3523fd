"""The part of `check` that holds labeltool.yaml against the files that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from labeltool.config import OpenAIJudge, OpenAISystem, PythonSystem, Settings
from labeltool.rules.project import Finding, Project
from labeltool.store.paths import SETTINGS


def findings(
    settings: Settings, project: Project, exists: Callable[[str], bool]
) -> Iterator[Finding]:
    """Names in the settings that nothing answers to. `exists` asks the disk for a path."""
    if settings.dataset is not None and settings.dataset not in project.datasets:
        hint = f"datasets: {', '.join(sorted(project.datasets)) or 'none'}"
        yield Finding(SETTINGS, ("dataset",), f"there is no dataset {settings.dataset}", hint)
    for name, system in settings.systems.items():
        if isinstance(system, OpenAISystem) and not exists(system.prompt):
            yield _no_file(("systems", name, "prompt"), system.prompt)
        if isinstance(system, PythonSystem):
            file = system.call.partition(":")[0]
            if file.endswith(".py") and not exists(file):
                yield _no_file(("systems", name, "call"), file)
    cases = set().union(*(dataset.case_ids for dataset in project.datasets.values()))
    for name, judge in settings.judges.items():
        if isinstance(judge, OpenAIJudge):
            yield from _judge(name, judge, cases, project, exists)


def _judge(
    name: str,
    judge: OpenAIJudge,
    cases: set[str],
    project: Project,
    exists: Callable[[str], bool],
) -> Iterator[Finding]:
    if isinstance(judge.template, str) and not exists(judge.template):
        yield _no_file(("judges", name, "template"), judge.template)
    if isinstance(judge.template, dict):
        for rubric, file in judge.template.items():
            place = ("judges", name, "template", rubric)
            if rubric not in project.rubrics:
                hint = f"rubrics: {', '.join(sorted(project.rubrics)) or 'none'}"
                yield Finding(SETTINGS, place, f"there is no rubric {rubric}", hint)
            if not exists(file):
                yield _no_file(place, file)
    for index, case in enumerate(judge.examples):
        if case not in cases:
            field = ("judges", name, "examples", index)
            yield Finding(SETTINGS, field, f"there is no case {case}", "take it out")


def _no_file(field: tuple[str | int, ...], path: str) -> Finding:
    # A warning: what names it cannot run, and `run` says so; nothing else rests on it.
    hint = "paths start at labeltool.yaml; until it is there, this one cannot run"
    return Finding(SETTINGS, field, f"there is no file {path}", hint, "warning")
