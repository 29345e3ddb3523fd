"""What one text lacks of another: by stem, by value, by meaning, in bounded memory."""

from __future__ import annotations

import pytest

from labeltool.embed import embedded
from labeltool.graders.reference import matching
from labeltool.graders.reference.matching import Matcher, distinct, weight
from labeltool.graders.reference.terms import terms

MATCHER = Matcher(embedded())


def lacking(text: str, facts: str, cosine: float = 0.6) -> list[str]:
    missing = MATCHER.without(distinct(terms(facts)), terms(text), cosine)
    return [term.shown for term in missing]


def test_a_word_is_matched_by_its_stem_or_its_meaning() -> None:
    assert lacking("they refunded it", "refund") == []
    assert lacking("my doctor", "the physician") == []
    assert lacking("my doctor", "the printer") == ["printer"]


def test_a_number_is_matched_by_its_value_alone() -> None:
    assert lacking("it costs 1,250.00", "1250") == []
    assert lacking("order 20418", "AX-20418") == []
    assert lacking("order 20419", "AX-20418") == ["AX-20418"]
    assert lacking("in 2025", "2026") == ["2026"]


def test_a_day_is_matched_by_itself_in_any_language_and_by_no_other_day() -> None:
    assert lacking("on monday", "Friday") == ["Friday"]
    assert lacking("am Freitag", "Friday") == []
    assert lacking("le 3 décembre", "3 Dec") == []
    assert lacking("3 november", "december") == ["december"]


def test_words_of_other_scripts_match_by_spelling_alone() -> None:
    assert lacking("프린터 용지", "환불") == ["환불"]
    assert lacking("환불", "환불") == []


def test_numbers_and_names_weigh_more_than_words() -> None:
    assert weight(terms("late refund")) == 2
    assert weight(terms("about Miriam, 4411")) == 4


def test_remembered_words_are_forgotten_before_they_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(matching, "REMEMBERED_WORDS", 5)
    matcher = Matcher(embedded())
    for word in ("alpha", "beta", "gamma", "delta", "parcel", "seven", "package", "moon"):
        facts = terms(f"some {word} thing")
        assert matcher.without(facts, terms(f"some {word} thing"), 0.6) == []
        matcher.without(terms(f"{word}x"), terms(f"{word}y"), 0.6)
    assert len(matcher._known) <= 5 + 3
