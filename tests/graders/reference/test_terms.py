"""A text's terms: what it says, without how it says it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.graders.reference.terms import number_key, sentences, terms


def keys(text: str) -> list[str]:
    return [term.key for term in terms(text)]


def kinds(text: str) -> dict[str, str]:
    return {term.shown: term.kind for term in terms(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("refunded", "refunds"),
        ("cancelled", "cancel"),
        ("deliveries", "delivery"),
        ("Charged", "charge"),
        ("Lieferungen", "Lieferung"),
        ("two", "2"),
        ("zwölf", "12"),
    ],
)
def test_forms_of_one_word_are_one_term(one: str, other: str) -> None:
    assert keys(one) == keys(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,250.00", "1250"),
        ("1.250,00", "1250"),
        ("49.90", "49,9"),
        ("14th", "14"),
        ("AX-20418", "ax20418"),
        ("8:00", "8"),
        ("1'250", "1250"),
    ],
)
def test_a_number_is_one_however_it_is_written(one: str, other: str) -> None:
    assert number_key(one) == number_key(other)


def test_different_numbers_stay_different() -> None:
    assert len({number_key(n) for n in ("12.5", "125", "1.25", "4411", "44.11", "3:30")}) == 6


def test_words_numbers_and_names_are_told_apart() -> None:
    found = kinds("Order AX-20418 is late. She told Miriam about 129.90 within 5-7 days.")
    assert found["AX-20418"] == "number"
    assert found["129.90"] == "number"
    assert found["5"] == found["7"] == "number"
    assert found["Miriam"] == "name"
    assert found["late"] == "word"
    assert "She" not in found


def test_where_nouns_are_capitalised_they_are_no_names() -> None:
    found = kinds("Bitte prüfen Sie das Konto und die Überweisung an den Händler in der Stadt.")
    assert set(found.values()) == {"word"}


def test_scripts_without_spaces_have_terms_too() -> None:
    found = keys("返金は遅れた。注文番号は4411です。")
    assert "返金" in found
    assert "4411" in found


def test_sentences_are_not_parted_inside_a_number() -> None:
    text = "It cost 129.90 in all. Refund it!\nThanks"
    assert [text[a:b].strip() for a, b in sentences(text)] == [
        "It cost 129.90 in all.",
        "Refund it!",
        "Thanks",
    ]


@given(st.text())
def test_every_term_stands_where_it_says(text: str) -> None:
    for term in terms(text):
        assert text[term.start : term.end] == term.shown
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
