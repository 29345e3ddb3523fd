"""Rows -> labels, their scores held against the rubric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeltool.errors import DataError, Problem, Where
from labeltool.formats import cells
from labeltool.formats.cells import CellError
from labeltool.formats.columns import Columns
from labeltool.formats.rows import Row
from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.rubric import Rubric

FIELDS = (
    *("case", "system", "annotator", "scores", "scores.", "notes"),
    *("confidence", "flag", "labeled_at", "seconds"),
)


def label_of(row: Row, columns: Columns, source: str, rubric: Rubric) -> Label:
    """The label that `row` tells of, without hashes. Raises DataError naming the row's line.

    Scores stand in `scores` (an object), in `scores.<criterion>` columns, or in columns called
    like the rubric's criteria.
    """
    try:
        fields = {
            key: columns.get(row, key) for key in ("notes", "confidence", "flag", "labeled_at")
        }
        for key in ("case", "system", "annotator"):
            fields[key] = cells.id_of(columns.get(row, key), key)
        fields["seconds"] = cells.number(columns.get(row, "seconds"), "seconds")
        fields["scores"] = _scores(_said(row, columns, rubric), rubric, source, row.line)
    except CellError as error:
        raise error.at(source, row.line) from None
    return cells.noun(Label, {**fields, "rubric": rubric.ref}, source, row.line)


def same(row_label: Label, present: Label) -> bool:
    """Whether importing `row_label` over `present` would change nothing that the row said."""
    said = row_label.model_fields_set - {"rubric", "input_hash", "output_hash"}
    return all(getattr(row_label, field) == getattr(present, field) for field in said)


def _said(row: Row, columns: Columns, rubric: Rubric) -> dict[str, Any]:
    whole = cells.from_json(columns.get(row, "scores"), "scores")
    if whole is not None and not isinstance(whole, Mapping):
        raise CellError("scores", f"wants an object, found {cells.short(whole)}")
    said = {**(whole or {}), **columns.below(row, "scores")}
    if not said:
        for criterion in rubric.by_hand:
            said[criterion.id] = columns.get(row, criterion.id)
    return {key: value for key, value in said.items() if value is not None}


def _scores(said: Mapping[str, Any], rubric: Rubric, source: str, line: int) -> dict[str, Score]:
    if not said:
        names = ", ".join(criterion.id for criterion in rubric.by_hand)
        raise CellError("scores", "is missing", f"criteria to score: {names}")
    problems, scores = [], {}
    for name, value in said.items():
        try:
            scores[name] = _score(name, value, rubric)
        except CellError as error:
            problems.append(Problem(Where(source, line, error.field), error.message, error.hint))
    if problems:
        raise DataError.of(problems)
    return scores


def _score(name: str, value: Any, rubric: Rubric) -> Score:
    criterion = rubric.criterion(name)
    field = f"scores.{name}"
    if criterion is None:
        known = ", ".join(one.id for one in rubric.by_hand)
        raise CellError(field, f"{rubric.ref} has no criterion {name!r}", f"criteria: {known}")
    if not criterion.by_hand:
        raise CellError(field, "is graded by a check, not by hand", "leave it out")
    score = _plain_score(value)
    if score is None or not criterion.allows(score):
        allowed = f"{criterion.min} to {criterion.max}" + (" or na" if criterion.na else "")
        shown = cells.short(value) if score is None else score
        raise CellError(field, f"{shown} is outside the scale", f"scores: {allowed}")
    return score


def _plain_score(value: Any) -> Score | None:
    """A whole number, also where a spreadsheet made it `2.0` or text; `na`; None for all else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip().lower()
        if text in ("na", "n/a"):
            return "na"
        try:
            value = float(text)
        except ValueError:
            return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None
