"""Rows become cases: JSON where a list is wanted, text where text is."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.errors import DataError
from labeltool.formats.cases import FIELDS, case_of, same
from labeltool.formats.columns import Columns
from labeltool.formats.rows import Row
from labeltool.model.case import Case, Message


def case(*maps: str, **values: Any) -> Case:
    columns = Columns.of(maps, FIELDS, {"tier": "golden"})
    return case_of(Row(7, values), columns, "rows.jsonl", 3)


def refused(**values: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        case(**values)
    return [str(problem) for problem in caught.value.problems]


def test_the_original_id_is_kept_beside_the_legal_one() -> None:
    found = case(id="Ticket #12", input="x")
    assert found.id == "ticket-12"
    assert found.source is not None
    assert (found.source.kind, found.source.ref) == ("import", "Ticket #12")
    assert found.rubric_version == 3


def test_a_row_without_id_is_named_by_its_content() -> None:
    assert case(input="x").id == case(input="x", tags=["later"]).id
    assert case(input="x").id != case(input="x", expected="y").id


def test_a_number_is_a_fine_id() -> None:
    assert case(id=13611791, input="x").id == "13611791"


@pytest.mark.parametrize("tags", ["a, b", '["a", "b"]', ["a", "b"]])
def test_tags_are_parted_by_commas_or_json(tags: Any) -> None:
    assert case(input="x", tags=tags).tags == ("a", "b")


def test_an_expected_answer_that_is_itself_json_stays_text() -> None:
    assert case(input="x", expected='["a", "b"]').expected == '["a", "b"]'
    assert case(input="x", expected=["a", "b"]).expected == ("a", "b")


def test_messages_may_stand_in_a_cell() -> None:
    found = case(input='[{"role": "user", "content": "Hi"}]')
    assert found.input == (Message(role="user", content="Hi"),)
    assert case(input="[{not json").input == "[{not json"


def test_context_may_be_texts() -> None:
    found = case(input="x", context=["one", {"id": "b", "text": "two"}])
    assert [(doc.id, doc.text) for doc in found.context] == [("1", "one"), ("b", "two")]
    assert case(input="x", context="all of it").context[0].text == "all of it"


def test_vars_come_from_json_or_from_columns() -> None:
    found = case("vars.city=City", input="x", vars='{"n": 1}', City="Bonn")
    assert found.vars == {"n": 1, "city": "Bonn"}


def test_every_bad_field_of_a_row_is_named() -> None:
    assert refused(input=3, notes=["x"]) == [
        "rows.jsonl:7: input: wants text, found 3",
        "rows.jsonl:7: notes: wants text, found a list",
    ]
    assert refused(input="x", tier="gold")[0].startswith("rows.jsonl:7: tier: 'gold' is none of")
    assert refused(expected="x") == ["rows.jsonl:7: input: is missing"]
    assert refused(input="x", checks="not json")[0].startswith("rows.jsonl:7: checks: wants JSON")


def test_what_people_added_since_does_not_make_a_row_another_one() -> None:
    row = case(id="a", input="x", expected="y")
    grown = row.model_copy(update={"tags": ("seen",), "rubric_version": 9, "notes": "hm"})
    assert same(row, grown)
    assert not same(row, row.model_copy(update={"expected": "z"}))
