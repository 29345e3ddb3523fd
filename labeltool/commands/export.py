"""`export`: what is kept here for other tools, and in rows that `import` reads back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from labeltool.commands.context import Context
from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.formats import export as rows
from labeltool.model.base import Tier
from labeltool.model.case import Case
from labeltool.model.hashing import input_hash, text_hash
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.safe_text import for_csv
from labeltool.store.dataset import DatasetStore

KINDS = (
    *("cases", "outputs", "labels", "scores"),
    *("promptfoo", "inspect", "openai-evals", "deepeval", "pydantic-evals", "label-studio"),
)
Shape = Literal["jsonl", "csv", "json"]
FLAT = ("cases", "outputs", "labels", "scores")
_JSONL = ("inspect", "openai-evals")


@dataclass(frozen=True)
class Exported:
    """`body` in pieces. `count`: rows. `left_out`: what is missing from it, and why."""

    body: Iterable[bytes]
    count: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """kind: one of KINDS. shape: `csv` of the flat kinds only. system: of outputs and what people
    said of them; all where it is None.
    """

    kind: str
    dataset: str | None = None
    tier: Tier | None = None
    system: str | None = None
    shape: Shape | None = None


def export(ctx: Context, wanted: Wanted) -> Exported:
    """Raises UsageError for a shape that the kind has not, UnknownName, DataError for broken files
    and where there is nothing to export.

    What people said of the outputs of an open round stays here until it closes.
    """
    shape = wanted.shape or ("jsonl" if wanted.kind in (*FLAT, *_JSONL) else "json")
    _fits(wanted.kind, shape)
    store = ctx.workspace.dataset(wanted.dataset)
    cases = store.cases((wanted.tier,) if wanted.tier else None).require()
    made, left_out = _made(store, wanted, cases)
    if not made:
        raise DataError(
            f"there is nothing to export as {wanted.kind}",
            hint="see `labeltool label --list` and the folders under datasets/",
        )
    if shape == "csv" and (several := sum(isinstance(row.get("expected"), list) for row in made)):
        left_out += (f"lists of right answers ({several}) as lists: a cell holds one text",)
    return Exported(_body(wanted.kind, shape, made, store), len(made), left_out)


def _fits(kind: str, shape: Shape) -> None:
    allowed = ("jsonl", "csv") if kind in FLAT else ("jsonl",) if kind in _JSONL else ("json",)
    if shape not in allowed:
        raise UsageError(
            f"{kind} is not written as {shape}", hint=f"say --format {' or '.join(allowed)}"
        )


def _made(
    store: DatasetStore, wanted: Wanted, cases: list[Case]
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    rubric = store.rubric
    simple = {
        "cases": rows.case_row,
        "inspect": rows.inspect_sample,
        "openai-evals": rows.openai_eval,
        "deepeval": rows.deepeval_golden,
        "pydantic-evals": rows.pydantic_case,
    }
    if wanted.kind in simple:
        return [simple[wanted.kind](case) for case in cases], ()
    if wanted.kind == "promptfoo":
        missing = rows.unmapped(cases)
        lost = tuple(
            f"{count} {kind} checks: promptfoo has no such assertion"
            for kind, count in sorted(missing.items())
        )
        return [rows.promptfoo_test(case, rubric) for case in cases], lost
    known = {case.id: case for case in cases}
    if wanted.kind == "outputs":
        return [rows.output_row(one) for one in _outputs(store, wanted) if one.case in known], ()
    humans = load_humans(store, rubric)
    if humans.problems:
        raise DataError.of(humans.problems)
    if wanted.kind == "labels":
        return _labels(store, wanted, known, humans)
    if wanted.kind == "scores":
        return _scores(store, wanted, known, humans)
    return _tasks(store, wanted, known, humans)


def _outputs(store: DatasetStore, wanted: Wanted) -> Iterator[Any]:
    if wanted.system is not None and wanted.system not in store.systems:
        raise UnknownName("snapshot", wanted.system, store.systems)
    for system in store.systems:
        if wanted.system in (None, system):
            yield from store.outputs(system).require()


def _labels(
    store: DatasetStore, wanted: Wanted, known: Mapping[str, Case], humans: HumanIndex
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    hidden = 0
    made = []
    texts = {(one.system, one.case): text_hash(one.output) for one in _outputs(store, wanted)}
    for label in store.labels(system=wanted.system).require():
        hash = texts.get((label.system, label.case))
        if label.case not in known or hash is None:
            continue
        if humans.is_hidden(label.case, hash):
            hidden += 1
        else:
            made.append(rows.label_row(label))
    return made, _blind(hidden, "labels")


def _scores(
    store: DatasetStore, wanted: Wanted, known: Mapping[str, Case], humans: HumanIndex
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    hidden = 0
    made: list[dict[str, Any]] = []
    for output in _outputs(store, wanted):
        case = known.get(output.case)
        if case is None:
            continue
        hash = text_hash(output.output)
        hidden += humans.is_hidden(case.id, hash)
        found = humans.score(case.id, input_hash(case.input), hash)
        if found is not None:
            made += rows.score_rows(
                case.id, output.system, found.scores, store.rubric, found.single
            )
    return made, _blind(hidden, "outputs")


def _tasks(
    store: DatasetStore, wanted: Wanted, known: Mapping[str, Case], humans: HumanIndex
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    hidden = 0
    made: list[dict[str, Any]] = []
    for output in _outputs(store, wanted):
        if output.case not in known:
            continue
        text = (output.case, text_hash(output.output))
        blind = humans.is_hidden(*text)
        hidden += blind
        labels = () if blind else humans.labels.get(text, ())
        own = [label for label in labels if label.system == output.system]
        made.append(rows.label_studio_task(len(made) + 1, output, known[output.case], own))
    return made, _blind(hidden, "outputs' labels")


def _blind(hidden: int, what: str) -> tuple[str, ...]:
    return (f"{hidden} {what} of an open round: they are blind until it closes",) if hidden else ()


def _body(
    kind: str, shape: Shape, made: list[dict[str, Any]], store: DatasetStore
) -> Iterator[bytes]:
    if shape == "csv":
        yield from _csv(made)
    elif shape == "jsonl":
        yield from (f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in made)
    else:
        whole: Any = made
        if kind == "promptfoo":
            whole = {"description": store.settings.description or store.name, "tests": made}
        elif kind == "pydantic-evals":
            whole = {"name": store.name, "cases": made}
        yield json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _csv(made: list[dict[str, Any]]) -> Iterator[bytes]:
    """A header and rows; lists and objects as JSON, scores in a column each."""
    flat = [_flat(row) for row in made]
    columns = list(dict.fromkeys(column for row in flat for column in row))
    for row in ({column: column for column in columns}, *flat):
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow([for_csv(_cell(row.get(column))) for column in columns])
        yield buffer.getvalue().encode()


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if key in ("scores", "vars") and isinstance(value, Mapping):
            flat |= {f"{key}.{name}": one for name, one in value.items()}
        else:
            flat[key] = value
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
