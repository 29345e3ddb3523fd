"""Rows -> recorded outputs."""

from __future__ import annotations

from labeltool.formats import cells
from labeltool.formats.cells import CellError
from labeltool.formats.columns import Columns
from labeltool.formats.rows import Row
from labeltool.model.output import Output

FIELDS = (
    *("case", "system", "output", "of", "context", "finish_reason"),
    *("usage", "latency_ms", "recorded_at"),
)


def output_of(row: Row, columns: Columns, source: str) -> Output:
    """The output that `row` tells of, ids made legal. Raises DataError naming the row's line."""
    try:
        fields = {key: columns.get(row, key) for key in ("output", "finish_reason", "recorded_at")}
        fields["case"] = cells.id_of(columns.get(row, "case"), "case")
        fields["system"] = cells.id_of(columns.get(row, "system"), "system")
        made_by = cells.name(columns.get(row, "of"), "of")
        fields["of"] = cells.id_of(made_by, "of") if made_by else None
        fields["context"] = cells.listed(columns.get(row, "context"), "context")
        fields["usage"] = cells.from_json(columns.get(row, "usage"), "usage")
        fields["latency_ms"] = cells.number(columns.get(row, "latency_ms"), "latency_ms")
        # An empty answer is an answer, and the one that a person most wants to see.
        if fields["output"] is None and row.values.get(columns.column("output")) == "":
            fields["output"] = ""
    except CellError as error:
        raise error.at(source, row.line) from None
    return cells.noun(Output, fields, source, row.line)
