"""Two texts, word by word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from labeltool.tui.marks import MOST_WORDS, marked, nearest
from labeltool.tui.widgets.text import Line

WORDS = st.lists(st.sampled_from(["a", "parcel", "is", "on", "its", "way", "."]), max_size=12)


def text(lines: list[Line]) -> str:
    return "\n".join(line.text.plain for line in lines)


def bare(marks: str) -> list[str]:
    return re.sub(r"\[-.*?-\]|\{\+|\+\}", " ", marks, flags=re.DOTALL).split()


@given(WORDS, WORDS)
def test_what_is_not_marked_as_gone_is_the_second_text(a: list[str], b: list[str]) -> None:
    found = marked(" ".join(a), " ".join(b))
    assert bare(text(found.both)) == b
    assert bare(text(found.after)) == b
    assert found.same == (a == b)


@given(WORDS, WORDS)
def test_the_first_text_stands_whole_beside_it(a: list[str], b: list[str]) -> None:
    shown = text(marked(" ".join(a), " ".join(b)).before)
    assert re.sub(r"\[-|-\]", " ", shown).split() == a


def test_a_change_over_several_lines_is_marked_on_each_of_them() -> None:
    found = marked("Dear Ann.", "Dear Ann.\nIt left.\nIt is on its way to you, says the carrier.")
    assert text(found.both).splitlines()[1:] == [
        "{+It left.+}",
        "{+It is on its way to you, says the carrier.+}",
    ]


def test_texts_with_hardly_a_word_in_common_are_marked_as_a_whole() -> None:
    found = marked("We do not know.", "The parcel left Leipzig on Monday")
    assert text(found.both) == "[-We do not know.-]\n{+The parcel left Leipzig on Monday+}"


def test_scripts_without_spaces_are_compared_by_the_character() -> None:
    assert text(marked("包裹正在路上", "包裹不在路上").both) == "包裹[-正-]{+不+}在路上"


def test_an_emoji_of_several_characters_is_never_torn() -> None:
    family, cook = "👩\u200d❤\ufe0f\u200d👨", "👩🏽\u200d🍳"
    shown = text(marked(f"so good {family} thanks all", f"so good {cook} thanks all").both)
    assert shown == f"so good [-{family}-]{{+{cook}+}} thanks all"


def test_very_long_texts_are_compared_by_the_line() -> None:
    long = "word " * MOST_WORDS
    shown = text(marked(long + "\nold", long + "\nnew").both)
    assert "old" in shown
    assert "{+" not in shown


def test_the_nearest_answer_is_the_one_that_shares_most_words() -> None:
    assert nearest("the parcel is late", ["no", "the parcel left", "the parcel is lost"]) == 2
    assert nearest("nothing shared", ["a", "b"]) == 0
