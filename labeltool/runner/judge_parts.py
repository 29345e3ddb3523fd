"""What the settings of a judge name, read from disk: its template and its examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from labeltool.config import OpenAIJudge
from labeltool.errors import DataError, StorageError, UsageError, Where
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.hashing import input_hash, plain_input, text_hash
from labeltool.model.rubric import Rubric
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.store import files
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Workspace

if TYPE_CHECKING:
    from labeltool.graders.judge import Template

MOST_OUTPUTS = 4
"""Of one example."""


def template_of(
    workspace: Workspace, settings: OpenAIJudge, rubric: Rubric, where: Where
) -> Template | None:
    """The template for this rubric, None for the built-in one. Raises DataError."""
    from labeltool.graders.judge import Template

    path = settings.template_for(rubric.name)
    if path is None:
        return None
    where = Where(where.path, field=f"{where.field}.template")
    try:
        data = files.read_if_there(workspace.root, path)
    except (DataError, StorageError, UsageError) as error:
        raise DataError(error.message, hint=error.hint, where=error.where or where) from None
    if data is None:
        raise DataError(
            f"there is no file {path}",
            hint="write the template there, or mend the path",
            where=where,
        )
    try:
        return Template(data.decode("utf-8"), path)
    except UnicodeDecodeError:
        raise DataError("is not UTF-8", hint="save it as UTF-8", where=Where(path)) from None


def examples_of(
    store: DatasetStore, settings: OpenAIJudge, rubric: Rubric, where: Where
) -> list[dict[str, Any]]:
    """The cases that the settings quote, with the outputs of theirs that people have scored. What
    is hidden by an open round is not shown to a judge either.

    Raises DataError for a case that is not there or shows a judge nothing.
    """
    if not settings.examples:
        return []
    humans = load_humans(store, rubric)
    found = []
    for place, id in enumerate(settings.examples):
        at = Where(where.path, field=f"{where.field}.examples.{place}")
        try:
            case = store.case(id)
        except UsageError as error:
            raise DataError(error.message, hint=error.hint, where=at) from None
        outputs = _scored(store, humans, case, rubric)
        if not outputs and not case.acceptable:
            raise DataError(
                f"case {id} has neither an expected answer nor a scored output: it shows nothing",
                hint="label an output of it, or quote another case",
                where=at,
            )
        found.append(_example(case, outputs))
    return found


def _example(case: Case, outputs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    shown: dict[str, Any] = {"input": plain_input(case.input)}
    if case.context:
        shown["documents"] = [document.model_dump() for document in case.context]
    if case.acceptable:
        shown["expected"] = list(case.acceptable)
    if outputs:
        shown["outputs"] = list(outputs)
    return shown


def _scored(
    store: DatasetStore, humans: HumanIndex, case: Case, rubric: Rubric
) -> list[dict[str, Any]]:
    judged = [c.id for c in rubric.criteria if c.grader == "judge"]
    found: dict[str, dict[str, Any]] = {}
    for text in _outputs(store, case):
        human = humans.score(case.id, input_hash(case.input), text_hash(text))
        scores: dict[str, Score] = {} if human is None else dict(human.scores)
        shown = {id: scores[id] for id in judged if id in scores}
        if shown:
            found.setdefault(text, {"output": text, "scores": shown})
    return list(found.values())[:MOST_OUTPUTS]


def _outputs(store: DatasetStore, case: Case) -> Iterator[str]:
    for system in store.systems:
        recorded = store.output(system, case.id)
        if recorded is not None:
            yield recorded.output
