"""Rows -> cases."""

from __future__ import annotations

from typing import Any

from labeltool.formats import cells
from labeltool.formats.cells import CellError
from labeltool.formats.columns import Columns
from labeltool.formats.ids import legal_id
from labeltool.formats.rows import Row
from labeltool.model.case import Case
from labeltool.model.hashing import canonical_json, text_hash

FIELDS = (
    *("id", "input", "expected", "tier", "tags", "notes", "context", "vars", "vars."),
    *("checks", "counterexamples", "status", "status_reason", "until"),
)


def case_of(row: Row, columns: Columns, source: str, rubric_version: int) -> Case:
    """The case that `row` tells of. Raises DataError naming the row's line.

    The id is made legal and the original kept in `source.ref`; a row without one is named by the
    hash of its input and expected. `expected` is never read as JSON out of a text cell: the right
    answer may itself be a JSON list.
    """
    try:
        fields = _fields(row, columns)
    except CellError as error:
        raise error.at(source, row.line) from None
    ref = fields.pop("ref")
    fields["rubric_version"] = rubric_version
    fields["source"] = {"kind": "import", "ref": ref}
    return cells.noun(Case, fields, source, row.line)


def _fields(row: Row, columns: Columns) -> dict[str, Any]:
    fields: dict[str, Any] = {
        key: columns.get(row, key)
        for key in ("input", "expected", "tier", "notes", "status", "status_reason", "until")
    }
    fields["input"] = _input(fields["input"])
    fields["tags"] = cells.listed(columns.get(row, "tags"), "tags", commas=True)
    fields["context"] = _context(columns.get(row, "context"))
    fields["vars"] = cells.from_json(columns.get(row, "vars"), "vars")
    below = columns.below(row, "vars")
    if below:
        fields["vars"] = {**(fields["vars"] or {}), **below}
    for key in ("checks", "counterexamples"):
        fields[key] = cells.listed(columns.get(row, key), key)
    ref = cells.name(columns.get(row, "id"), "id")
    content = text_hash(canonical_json([fields["input"], fields["expected"]]))
    return {"id": legal_id(ref) if ref else content, "ref": ref, **fields}


def _input(value: Any) -> Any:
    """Text; messages where a cell holds a JSON list of objects with a role."""
    if not isinstance(value, str) or not value.startswith("[{"):
        return value
    try:
        found = cells.from_json(value, "input")
    except CellError:
        return value
    messages = isinstance(found, list) and all(
        isinstance(one, dict) and "role" in one for one in found
    )
    return found if messages else value


def _context(value: Any) -> Any:
    """Documents; bare texts are numbered from 1."""
    if isinstance(value, str) and not value.lstrip().startswith("["):
        value = [value]
    found = cells.listed(value, "context")
    if not isinstance(found, list):
        return found
    return [
        {"id": str(number), "text": one} if isinstance(one, str) else one
        for number, one in enumerate(found, 1)
    ]


def same(row_case: Case, present: Case) -> bool:
    """Whether importing `row_case` over `present` would change nothing that the row said.

    What people have added since (verified, the rubric version, notes where the row has none) stays.
    """
    said = row_case.model_fields_set - {"rubric_version", "source"}
    return all(getattr(row_case, field) == getattr(present, field) for field in said)
