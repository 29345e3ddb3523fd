"""Any name becomes one legal id, the same each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.formats.ids import legal_id
from labeltool.model.base import is_id
from labeltool.rules.names import is_reserved


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("0007-late_refund", "0007-late_refund"),
        ("Late Refund!", "late-refund"),
        ("../../etc/passwd", "etc-passwd"),
        ("Café Zürich", "cafe-zurich"),
        ("Straße", "strasse"),
        ("a.b.", "a.b"),
        ("-x", "x"),
        ("con", "id-con"),
        ("NUL.txt", "id-nul.txt"),
        ("x" * 200, "x" * 128),
    ],
)
def test_names_people_use(name: str, wanted: str) -> None:
    assert legal_id(name) == wanted


def test_a_name_with_nothing_to_keep_becomes_its_hash() -> None:
    assert legal_id("日本") != legal_id("中国")
    assert is_id(legal_id("日本"))


@given(st.text(min_size=1))
def test_the_result_is_always_legal_and_stays_as_it_is(name: str) -> None:
    found = legal_id(name)
    assert is_id(found)
    assert not is_reserved(found)
    assert legal_id(found) == found
