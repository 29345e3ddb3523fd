from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.errors import UsageError
from labeltool.rules.shard import Shard


@given(st.lists(st.text(min_size=1, max_size=20), unique=True), st.integers(1, 12))
def test_every_case_is_in_exactly_one_part(cases: list[str], of: int) -> None:
    parts = [Shard(number, of) for number in range(1, of + 1)]
    for case in cases:
        assert sum(part.takes(case) for part in parts) == 1


def test_parts_are_about_equal() -> None:
    taken = sum(Shard(2, 8).takes(f"case-{n:04}") for n in range(4_000))
    assert 400 < taken < 600


def test_a_case_stays_in_its_part_from_one_machine_to_the_next() -> None:
    # The last digits of sha256sum's first sixteen are 0, f, 2, 6, d, b.
    ids = ("a1", "b2", "c3", "d4", "e5", "f6")
    assert [id for id in ids if Shard(1, 2).takes(id)] == ["a1", "c3", "d4"]


def test_reads_what_it_writes() -> None:
    assert Shard.parse(str(Shard(2, 8))) == Shard(2, 8)


@pytest.mark.parametrize("text", ["", "2", "0/8", "9/8", "2/0", "-1/2", "a/b", "1/8/2", "1/99999"])
def test_refuses_what_is_no_part(text: str) -> None:
    with pytest.raises(UsageError, match="no shard"):
        Shard.parse(text)
