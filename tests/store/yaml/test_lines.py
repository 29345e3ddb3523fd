from __future__ import annotations

import pytest
from hypothesis import given

from labeltool.store.yaml import dump, locate
from labeltool.store.yaml.lines import Step
from tests.store.yaml.values import MAPPINGS

CASE = b"""\
# a case
id: 0001
input: |
  two
  lines
checks:
  - kind: max_words
    value: 79
  - {kind: regex,
     value: x}
levels: {0: none, 1: some}
nested:
  deep: [a, [b, c],
    d]
tags:
- x
- y
"""


@pytest.mark.parametrize(
    ("field", "line"),
    [
        (("id",), 2),
        (("input",), 3),
        (("checks",), 6),
        (("checks", 0), 7),
        (("checks", 0, "value"), 8),
        (("checks", 1, "value"), 10),
        (("levels", 1), 11),
        (("nested", "deep", 1, 1), 13),
        (("nested", "deep", 2), 14),
        (("tags", 1), 17),
    ],
)
def test_a_field_is_found(field: tuple[Step, ...], line: int) -> None:
    assert locate(CASE, field) == line


def test_a_missing_field_is_where_it_should_stand() -> None:
    assert locate(CASE, ("checks", 0, "id")) == 7
    assert locate(CASE, ("missing",)) is None


def test_a_flow_mapping_with_colons_is_searched_to_the_end() -> None:
    data = b"a: 1\nb: {at: 2026-11-23T18:40:00Z,\n  by: x}\nc: 2\n"
    assert locate(data, ("b", "by")) == 3
    assert locate(data, ("c",)) == 4


def test_a_broken_file_is_searched_up_to_the_break() -> None:
    assert locate(b"a: 1\nb: 2\nc: [\n", ("b",)) == 2


@given(MAPPINGS)
def test_every_top_field_of_a_written_file_is_found(value: dict[str, object]) -> None:
    data = dump(value)
    for key in value:
        line = locate(data, (key,))
        assert line is not None
        assert 1 <= line <= data.count(b"\n")
