"""A filter is a few terms; what it cannot mean is explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.errors import UsageError
from labeltool.rules.filter import Facts, Filter, parse_filter

REFUND = Facts(
    "golden",
    frozenset({"Refund", "angry"}),
    frozenset({"done", "flagged"}),
    "0007-late-refund\nI was charged TWICE.\nA kind answer.",
)


def matches(text: str) -> bool:
    return parse_filter(text).matches(REFUND)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "tier:golden",
        "TIER:Golden",
        "tag:refund",
        "tag:calm tag:angry",
        "state:flagged",
        "state:todo state:done",
        "twice",
        "kind charged",
        '"kind answer"',
        "0007-late",
        "tier:golden tag:angry state:flagged twice",
    ],
)
def test_an_output_is_shown(text: str) -> None:
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "tier:adversarial",
        "tag:calm",
        "state:todo",
        "twice nowhere",
        '"answer kind"',
        "tier:golden tag:calm",
        "[/]",
    ],
)
def test_an_output_is_left_out(text: str) -> None:
    assert not matches(text)


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("tier:gold", "gold is no tier", "did you mean tier:golden?"),
        ("state:open", "open is no state", "todo"),
        ("state:skip", "skip is no state", "did you mean state:skipped?"),
        ("tags:refund", "tags: is nothing to filter by", "did you mean tag:?"),
        ("http://x", "http: is nothing to filter by", '"http://x"'),
        ("tag:", "tag: says no tag", "tag:refund"),
        ('tag:""', "says no tag", "tag:refund"),
        ('late "refund', 'a " is not closed', '"late refund"'),
    ],
)
def test_a_bad_term_is_explained(text: str, says: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_filter(text)
    assert says in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_quoted_colon_is_text() -> None:
    assert parse_filter('"tier:golden" "10:30"').words == ("tier:golden", "10:30")


def test_only_tags_and_words_need_the_files() -> None:
    assert not parse_filter("tier:golden state:todo").reads
    assert parse_filter("tag:x").reads
    assert parse_filter("word").reads
    assert not Filter()


@given(st.text())
def test_whatever_is_typed_is_a_filter_or_a_usage_error(text: str) -> None:
    message = "understood"
    try:
        parse_filter(text).matches(REFUND)
    except UsageError as error:
        message = error.message
    assert message
