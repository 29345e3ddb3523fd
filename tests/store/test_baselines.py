from __future__ import annotations

import json

import pytest

from labeltool.errors import DataError
from labeltool.store import baselines
from tests.rules.test_baseline import baseline, old

PATH = "datasets/mails/baselines/lead.json"


def test_comes_back_as_it_was_written_with_a_case_a_line() -> None:
    written = baseline(cases={"b": old(False), "a": old(True, score=0.75)})
    data = baselines.encode(written)
    assert baselines.decode(data, PATH) == written
    lines = data.decode().splitlines()
    assert [line.strip().partition(":")[0] for line in lines if "case_hash" in line] == [
        '"a"',
        '"b"',
    ]
    assert json.loads(data)["schema"] == "labeltool/baseline@1"


def test_the_order_of_the_cases_changes_nothing() -> None:
    one = baseline(cases={"a": old(True), "b": old(False)})
    other = baseline(cases={"b": old(False), "a": old(True)})
    assert baselines.encode(one) == baselines.encode(other)


def test_no_case_is_whole_too() -> None:
    assert baselines.decode(baselines.encode(baseline()), PATH).cases == {}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"{", None),
        (b"[]", None),
        (b'{"schema": "labeltool/results@1"}', "schema"),
        (baselines.encode(baseline()).replace(b'"machine"', b'"magic"'), "scores"),
    ],
)
def test_names_the_field_that_is_wrong(data: bytes, field: str | None) -> None:
    with pytest.raises(DataError, match="no labeltool/baseline@1 document") as caught:
        baselines.decode(data, PATH)
    assert caught.value.where is not None
    assert (caught.value.where.path, caught.value.where.field) == (PATH, field)
