"""--map, constants, and columns that nobody asked for."""

from __future__ import annotations

import pytest

from labeltool.errors import UsageError
from labeltool.formats.columns import Columns
from labeltool.formats.rows import Row

FIELDS = ("id", "input", "tier", "vars.")


def columns(*maps: str, **constant: str | None) -> Columns:
    return Columns.of(maps, FIELDS, constant)


def test_a_field_is_read_from_its_own_column_or_a_mapped_one() -> None:
    found = columns("input=Question")
    row = Row(1, {"id": "a", "Question": "why?"})
    assert (found.get(row, "id"), found.get(row, "input")) == ("a", "why?")


def test_a_mapped_column_may_lie_deeper() -> None:
    assert columns("input=data.text").get(Row(1, {"data": {"text": "x"}}), "input") == "x"
    assert columns("input=data.text").get(Row(1, {"data.text": "y"}), "input") == "y"


@pytest.mark.parametrize("value", [None, ""])
def test_a_constant_stands_in_for_what_is_missing_or_empty(value: str | None) -> None:
    assert columns(tier="golden").get(Row(1, {"tier": value}), "tier") == "golden"
    assert columns(tier="golden").get(Row(1, {"tier": "regression"}), "tier") == "regression"


def test_fields_below_a_name_are_gathered() -> None:
    found = columns("vars.name=Customer")
    row = Row(1, {"Customer": "Jo", "vars.city": "Bonn", "vars.empty": ""})
    assert found.below(row, "vars") == {"name": "Jo", "city": "Bonn"}


def test_columns_nobody_read_are_told() -> None:
    found = columns()
    row = Row(1, {"id": "a", "expcted": "b"})
    found.note(row)
    found.get(row, "id")
    assert found.ignored() == ["expcted"]


def test_a_mapped_column_that_no_row_has_is_told() -> None:
    found = columns("input=Qestion")
    found.get(Row(1, {"Question": "x"}), "input")
    assert found.missing() == ["Qestion"]


@pytest.mark.parametrize(
    ("pair", "words"),
    [("input", "is not field=column"), ("inptu=x", "no field 'inptu'"), ("vars.=x", "no field")],
)
def test_a_map_that_means_nothing_is_usage(pair: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        columns(pair)


def test_one_field_cannot_be_mapped_twice() -> None:
    with pytest.raises(UsageError, match="twice"):
        columns("input=a", "input=b")
