"""What to check of a bad output, so that a person has to choose and not to write."""

from __future__ import annotations

import pytest

from labeltool.rules.check_text import check_text
from labeltool.rules.suggested import suggestions


def first(bad: str, *acceptable: str, given: str = "", why: str = "") -> list[str]:
    return [check_text(one.check) for one in suggestions(bad, acceptable, given, why=why)]


def test_the_claim_that_nobody_expected_must_not_come_back() -> None:
    found = first(
        "Charged twice for order 4411. A dispute is open. The refund has been issued.",
        "Charged twice for order 4411; a dispute is open, no refund promised yet.",
    )
    assert found[0] == "not_contains=has been issued"


def test_a_short_answer_is_asked_for_as_it_stands() -> None:
    found = first("You have 30 days to return them.", "14 days.", given="How long do I have?")
    assert found[:2] == ["contains=14 days", "not_contains=30 days"]


@pytest.mark.parametrize(
    ("bad", "acceptable", "why", "check"),
    [
        ("", (), "", "min_words=1"),
        ("Sure: {a:1}", ('{"a": 1}',), "", "json_valid"),
        ("Sure: {a:1}", (), "the output is no JSON", "json_valid"),
        ("Sorry, I cannot help.", (), "", "not_contains=cannot help"),
    ],
)
def test_faults_of_form(bad: str, acceptable: tuple[str, ...], why: str, check: str) -> None:
    assert first(bad, *acceptable, why=why)[0] == check


def test_what_was_cut_off_has_to_end() -> None:
    assert first("It goes on and", why="it was cut off (length)")[0].startswith("ends: regex=")


def test_figures_that_are_missing_are_asked_for() -> None:
    found = first("The bank will answer soon.", "The bank will answer in 3 to 5 days at most.")
    assert "contains=3 to 5 days" in found


def test_without_an_expected_answer_a_phrase_is_only_offered() -> None:
    found = list(suggestions("The refund has been issued.", (), "Where is my money?"))
    assert found
    assert not any(one.sure for one in found)


def test_a_placeholder_of_a_redaction_is_never_checked() -> None:
    found = first("Write to [EMAIL_1a2b] now.", "Write to us.", given="x")
    assert not any("EMAIL" in one for one in found)


def test_other_scripts_and_long_texts_are_no_trouble() -> None:
    assert first("送料は五百円です。", "送料は無料です。")[0] == "contains=送料は無料です"
    assert len(first("word " * 50_000, "One short answer of several words.")) <= 6
