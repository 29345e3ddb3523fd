from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.report.difference import MOST_WORDS, SHOWN, Change, changes, pieces
from tests.hostile import ALL

TEXT = st.text(alphabet="ab .\n", max_size=60)


def test_only_the_sentence_that_changed_is_shown() -> None:
    before = "Charged twice. The bank needs 3 to 5 days. Angry."
    after = "Charged twice. The refund has been issued. Angry."
    assert changes(before, after) == (
        Change("-", "The bank needs 3 to 5 days."),
        Change("+", "The refund has been issued."),
    )


def test_of_a_long_sentence_only_what_stands_around_the_difference() -> None:
    start = "the customer says that the parcel which was sent on monday"
    gone, come = changes(f"{start} is late.", f"{start} has come.")
    assert gone == Change("-", "… was sent on monday is late.")
    assert come == Change("+", "… was sent on monday has come.")


def test_the_same_text_has_no_difference_and_white_space_is_called_that() -> None:
    assert changes("a b", "a b") == ()
    assert changes("a b", "a  b") == (Change(" ", "only white space differs"),)


def test_what_is_left_is_counted() -> None:
    before = "\n".join(f"same {n}\nold {n}" for n in range(9))
    found = changes(before, before.replace("old", "new"))
    assert len(found) == SHOWN + 1
    assert found[-1] == Change(" ", "… and 6 more differences")


@given(TEXT, TEXT)
def test_the_words_of_both_texts_are_all_there(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(one.text for one in found if one.kind != "come") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after


def test_words_that_changed_side_by_side_are_one_difference() -> None:
    found = pieces("it is a red car on the road", "it is a blue bus on the road")
    assert [(one.kind, one.text) for one in found] == [
        ("same", "it is a "),
        ("gone", "red car"),
        ("come", "blue bus"),
        ("same", " on the road"),
    ]


def test_texts_too_long_to_align_stand_behind_each_other() -> None:
    before, after = "a b " * MOST_WORDS, "b a a " * MOST_WORDS
    kinds = [one.kind for one in pieces(before, after)]
    assert kinds == ["gone", "come"]
    assert len(changes(before, after)) <= SHOWN + 1


@pytest.mark.parametrize("part", ["\x1b", "\x07", "\u202e", "\n"])
def test_lines_are_safe_to_print(part: str) -> None:
    told = [line.text for text in ALL for line in changes("before.", text)]
    assert told
    assert not any(part in text for text in told)
