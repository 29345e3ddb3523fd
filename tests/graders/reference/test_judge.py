"""The reference judge tells good answers from bad ones, says why, and says it every time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeltool.graders.reference import ReferenceJudge
from labeltool.graders.reference.judge import QUOTE_LENGTH
from tests.graders.reference.support import (
    EXPECTED,
    GOOD,
    INVENTED,
    OTHER,
    PARTIAL,
    RUBRIC,
    TICKET,
    judged,
)


def test_it_scores_the_judges_criteria_and_no_others() -> None:
    assert set(judged(GOOD).scores) == {"items", "quality", "honest", "helps"}


def test_the_expected_answer_itself_gets_the_highest_scores() -> None:
    assert judged(EXPECTED).scores == {"items": 2, "quality": 5, "honest": 2, "helps": 1}


def test_another_wording_of_it_is_good_as_well() -> None:
    assert judged(GOOD).scores == {"items": 2, "quality": 5, "honest": 2, "helps": 1}


def test_what_leaves_things_out_is_between() -> None:
    partial = judged(PARTIAL)
    assert judged(OTHER).scores["items"] < partial.scores["items"] < judged(GOOD).scores["items"]
    assert partial.scores["honest"] == 2
    assert "129.90" in partial.rationale["items"]
    assert any("129.90" in quote for quote in partial.evidence["items"])


def test_an_answer_about_something_else_gets_nothing() -> None:
    assert judged(OTHER).scores == {"items": 0, "quality": 1, "honest": 0, "helps": 0}


@pytest.mark.parametrize("empty", ["", " \n", "\u200b\u200b", ":", "...", "🙂"])
def test_an_answer_that_says_nothing_gets_the_lowest_scores(empty: str) -> None:
    nothing = judged(empty)
    assert nothing.scores == {"items": 0, "quality": 1, "honest": 0, "helps": 0}
    assert all(nothing.rationale.values())


def test_invented_numbers_and_names_are_found_and_quoted() -> None:
    invented = judged(INVENTED)
    assert invented.scores["honest"] == 0
    for said in ("250.00", "88412", "Henrik"):
        assert said in invented.rationale["honest"]
    assert any("250.00" in quote for quote in invented.evidence["honest"])


def test_every_quote_stands_verbatim_in_the_texts() -> None:
    for output in (GOOD, PARTIAL, INVENTED, OTHER, "x " * 300 + "4411 " + "y " * 300):
        for quotes in judged(output).evidence.values():
            for quote in quotes:
                assert quote
                assert len(quote) <= QUOTE_LENGTH + 40
                assert quote in output or quote in TICKET


def test_the_acceptable_answer_that_fits_best_counts() -> None:
    both = judged(GOOD, expected=(OTHER, EXPECTED))
    assert both.scores["items"] == 2
    assert judged(GOOD, expected=(OTHER,)).scores["items"] == 0


def test_without_an_expected_answer_it_says_what_it_went_by() -> None:
    good, other = judged(GOOD, expected=()), judged(OTHER, expected=())
    assert "no answer is expected" in good.rationale["items"]
    assert good.scores["items"] > other.scores["items"]
    assert good.scores["honest"] > other.scores["honest"]


def test_what_the_context_says_is_not_invented() -> None:
    judge = ReferenceJudge()
    answer = "Refunds take 9 working days, policy RF-77120."
    alone = judge.grade(RUBRIC, "How long do refunds take?", (), (), answer)
    with_document = judge.grade(
        RUBRIC,
        "How long do refunds take?",
        ("Policy RF-77120: refunds within 9 days.",),
        (),
        answer,
    )
    assert alone.scores["honest"] < with_document.scores["honest"] == 2


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        ("Yes.", "yes", "No"),
        ("4411", "The order number is 4411.", "The order number is 4412."),
        ("4411", "I looked it up: it should probably be 4411, sir.", "No idea, sir."),
        ("Die Rückzahlung kommt am Freitag.", "Am Freitag kommt die Rückzahlung", "Kein Drucker"),
        ("Le colis arrive vendredi", "Le colis arrivera vendredi.", "Bonne journée"),
        ("返金は金曜日に届く", "金曜日に返金が届きます", "プリンターの紙がない"),
        ("환불은 금요일에 도착합니다", "금요일에 환불은 도착합니다", "프린터 용지가 없습니다"),
    ],
)
def test_short_answers_and_other_languages(expected: str, right: str, wrong: str) -> None:
    ticket = "When does it come? Wann? Quand? いつですか"
    good = judged(right, expected=(expected,), ticket=ticket)
    bad = judged(wrong, expected=(expected,), ticket=ticket)
    assert good.scores["helps"] == 1
    assert bad.scores["helps"] == 0
    assert good.scores["quality"] > bad.scores["quality"]


def test_the_same_texts_get_the_same_scores_from_any_judge_in_any_order() -> None:
    outputs = [GOOD, PARTIAL, INVENTED, OTHER, ""]
    one, other = ReferenceJudge(), ReferenceJudge()
    forwards = [one.grade(RUBRIC, TICKET, (), (EXPECTED,), output) for output in outputs]
    backwards = [other.grade(RUBRIC, TICKET, (), (EXPECTED,), o) for o in reversed(outputs)]
    assert forwards == backwards[::-1]
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint.startswith("reference-")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=2))
def test_any_text_gets_a_score_inside_the_scale(output: str, expected: list[str]) -> None:
    found = judged(output, expected=tuple(expected))
    for criterion in RUBRIC.criteria:
        if criterion.id in found.scores:
            assert found.scores[criterion.id] in criterion.scale
            assert found.rationale[criterion.id]
