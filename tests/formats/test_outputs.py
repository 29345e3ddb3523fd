"""Rows become recorded outputs."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.errors import DataError
from labeltool.formats.columns import Columns
from labeltool.formats.outputs import FIELDS, output_of
from labeltool.formats.rows import Row
from labeltool.model.output import Output


def output(**values: Any) -> Output:
    return output_of(Row(4, values), Columns.of((), FIELDS, {"system": "gpt"}), "o.csv")


def test_ids_are_made_legal_the_way_cases_are() -> None:
    found = output(case="Ticket #12", system="GPT 4", output="x", latency_ms="12.5")
    assert (found.case, found.system, found.latency_ms) == ("ticket-12", "gpt-4", 12.5)


def test_an_empty_answer_is_an_answer() -> None:
    assert output(case="a", output="").output == ""


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"case": "a"}, "o.csv:4: output: is missing"),
        ({"output": "x"}, "o.csv:4: case: is missing"),
        ({"case": ["a"], "output": "x"}, "o.csv:4: case: wants an id"),
        ({"case": "a", "output": "x", "latency_ms": "soon"}, "latency_ms: wants a number"),
        ({"case": "a", "output": {"text": "x"}}, "o.csv:4: output: wants text"),
    ],
)
def test_a_bad_row_names_its_line_and_field(values: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as caught:
        output(**values)
    assert words in str(caught.value.problems[0])
