"""What two sequences have in common."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.rules.alike import MOST_PAIRS, Stretch, likeness, stretches

WORDS = st.lists(st.sampled_from(["a", "parcel", "is", "late", "."]), max_size=30)


@given(WORDS, WORDS, st.sampled_from([0, 5, MOST_PAIRS]))
def test_both_sides_are_rebuilt_from_the_stretches(
    first: list[str], second: list[str], most_pairs: int
) -> None:
    found = stretches(first, second, most_pairs)
    assert [word for one in found for word in first[one.a : one.b]] == first
    assert [word for one in found for word in second[one.c : one.d]] == second
    for one in found:
        assert (first[one.a : one.b] == second[one.c : one.d]) == one.same


@given(WORDS, WORDS, st.sampled_from([0, MOST_PAIRS]))
def test_same_and_different_take_turns(
    first: list[str], second: list[str], most_pairs: int
) -> None:
    kinds = [one.same for one in stretches(first, second, most_pairs)]
    assert all(kind != following for kind, following in pairwise(kinds))


@given(WORDS, WORDS)
def test_likeness_is_one_for_equal_texts_only(first: list[str], second: list[str]) -> None:
    alike = likeness(stretches(first, second))
    assert 0 <= alike <= 1
    assert (alike == 1) == (first == second)


def test_a_word_that_was_replaced_stands_between_two_runs() -> None:
    assert stretches(["the", "tone", "fits", "well"], ["the", "tone", "suits", "well"]) == [
        Stretch(True, 0, 2, 0, 2),
        Stretch(False, 2, 3, 2, 3),
        Stretch(True, 3, 4, 3, 4),
    ]


def test_prose_is_compared_by_its_longest_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The common subsequence would tear `the parcel is here` apart for one more chance word."""

    def never(*_: object) -> None:
        raise AssertionError("1,000 words of prose are within the bound")

    monkeypatch.setattr("labeltool.rules.alike._subsequence", never)
    text = [f"word{(n * n) % 300}" for n in range(1000)]
    assert likeness(stretches(text, text[500:] + text[:500])) > 0.4


def test_texts_that_repeat_themselves_end_within_the_bound() -> None:
    """difflib alone looks at a thousand million pairs here, for minutes."""
    first, second = ["x", "y"] * 5000, ["y", "x", "z"] * 3000
    assert likeness(stretches(first, second)) > 0.6
