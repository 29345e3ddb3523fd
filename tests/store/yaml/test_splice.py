from __future__ import annotations

import pytest

from labeltool.store.yaml import splice

LIST = """\
rows:
  # about all
  - a: 1
    text: |
      # no comment, but a text
      more

  # about two
  - a: 2   # behind
  # about three
  - a: 3
# the end
"""


def test_an_item_goes_with_the_comment_above_it() -> None:
    without = splice.without(LIST.encode(), ("rows", 1)).decode()
    assert without == LIST.replace("  # about two\n  - a: 2   # behind\n", "")


def test_the_comment_above_the_first_item_speaks_of_all() -> None:
    without = splice.without(LIST.encode(), ("rows", 0)).decode()
    assert without.startswith("rows:\n  # about all\n\n  # about two\n  - a: 2   # behind\n")


def test_the_only_entry_stays() -> None:
    assert splice.without(b"rows:\n  - a: 1\n", ("rows", 0)) == b"rows:\n  - a: 1\n"


def test_a_block_text_that_looks_like_a_comment_stays_whole() -> None:
    put = splice.with_key(LIST.encode(), ("rows", 0), "b", "x", after=("a", "text")).decode()
    assert "      # no comment, but a text\n      more\n    b: x\n\n  # about two\n" in put


def test_a_key_may_come_first() -> None:
    put = splice.with_key(b"m:\n  2: b\n  3: c\n", ("m",), 1, "a", after=range(1))
    assert put == b"m:\n  1: a\n  2: b\n  3: c\n"


def test_items_come_first_and_last_in_the_files_own_layout() -> None:
    data = b"rows:\n-   a: 1\n"
    assert splice.with_item(data, ("rows",), {"a": 0, "b": 2}, first=True) == (
        b"rows:\n-   a: 0\n    b: 2\n-   a: 1\n"
    )
    assert splice.with_item(data, ("rows",), {"a": 2}, first=False).endswith(b"\n-   a: 2\n")


def test_numbers_are_renamed_where_they_stand() -> None:
    data = b"m: {0: a, 1: b}   # both\n"
    assert splice.renumbered(data, ("m",), {1: 4, 0: 1}) == b"m: {1: a, 4: b}   # both\n"


@pytest.mark.parametrize("data", [b"rows: [{a: 1}, {a: 2}]\n", b"rows: []\n", b"other: 1\n"])
def test_what_is_not_laid_out_in_blocks_is_left_alone(data: bytes) -> None:
    assert splice.without(data, ("rows", 0)) == data
    assert splice.with_item(data, ("rows",), {"a": 3}, first=False) == data
    assert splice.with_key(data, ("rows", 0), "b", 1, after=("a",)) == data
