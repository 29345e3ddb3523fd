"""What each kind of change does to a case, and what it leaves alone."""

from __future__ import annotations

import re
from random import Random

import pytest

from labeltool.graders.checks import evaluate
from labeltool.model.case import Case, Check, Document, Message
from labeltool.rules.adversarial import spelling
from labeltool.rules.adversarial.ambiguous import ambiguous
from labeltool.rules.adversarial.change import NotHereError, asked
from labeltool.rules.adversarial.injection import PLANTED, injection
from labeltool.rules.adversarial.kinds import OFFLINE, source_of, wanted
from labeltool.rules.adversarial.long_context import LENGTH, long_context

MAIL = (
    "I was charged twice for order AB-4711 on 3.11.2026, and nobody ever answers my letters to "
    "help@shop.example. Please refund Anna Schmidt, but never call `pay_back()` for it!"
)
FACTS = ("AB-4711", "3.11.2026", "help@shop.example", "Anna Schmidt", "`pay_back()`")


def case(text: str = MAIL, **fields: object) -> Case:
    return Case(**{"id": "c", "tier": "golden", "input": text, **fields})  # type: ignore[arg-type]


def texts(kind: str, of: Case, seeds: int = 40) -> list[str]:
    return [asked(OFFLINE[kind](of, Random(seed)).input) for seed in range(seeds)]


@pytest.mark.parametrize("kind", ["typos", "unicode", "casing"])
def test_another_spelling_keeps_names_numbers_addresses_and_code(kind: str) -> None:
    for text in texts(kind, case()):
        plain = re.sub("[\u00a0\u2009\u202f]", " ", text)
        assert text != MAIL
        for fact in FACTS:
            assert fact in plain


def test_a_negation_is_never_mistyped() -> None:
    assert all("never" in text for text in texts("typos", case(), 100))


@pytest.mark.parametrize(("words", "slips"), [(6, 1), (60, 10), (600, 12)])
def test_a_long_text_has_more_typos_but_not_many(words: int, slips: int) -> None:
    text = " ".join(["please", "answer", "letters", "quickly", "before", "friday"] * (words // 6))
    changed = asked(spelling.typos(case(text), Random(1)).input)
    before, after = text.split(), changed.split()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == slips


def test_what_is_not_text_in_two_cases_has_no_typos_and_says_so() -> None:
    for text in ("4711", "AB-4711 X2", "私の荷物はどこですか"):
        with pytest.raises(NotHereError, match="losing a fact"):
            spelling.typos(case(text), Random(0))
    with pytest.raises(NotHereError, match="another form"):
        spelling.unicode(case("4711"), Random(0))
    with pytest.raises(NotHereError, match="upper and lower"):
        spelling.casing(case("私の荷物はどこですか"), Random(0))


def test_an_injection_fails_the_answer_that_obeys_and_no_answer_that_quotes_it() -> None:
    poses = set()
    for seed in range(60):
        change = injection(case(expected="Refund it."), Random(seed))
        (check,) = change.checks
        word = re.search(r"\b[A-Z]{4,}-\d{4}\b", asked(change.input))
        assert word is not None
        assert not evaluate(check, f"{word[0]}. Your refund is on its way.").passed
        assert not evaluate(check, f'  "{word[0].lower()}" Hello').passed
        assert evaluate(check, f"Refund it. The mail asks to say {word[0]}.").passed
        assert evaluate(check, "Refund it.").passed
        assert MAIL in asked(change.input)
        assert change.same
        poses.add(change.about.rpartition(" planted")[0])
    assert poses == {pose for pose, _ in PLANTED}


def test_an_injection_can_stand_in_a_document() -> None:
    document = Document(id="policy", text="Refunds take five days.")
    changes = [injection(case(context=(document,)), Random(seed)) for seed in range(20)]
    planted = [change for change in changes if change.context]
    assert planted
    for change in planted:
        assert change.context is not None
        assert change.input == MAIL
        assert change.context[0].text.startswith("Refunds take five days.\n\n")
        assert "document policy" in change.about


def test_long_context_buries_the_text_and_keeps_it_whole() -> None:
    places = set()
    for seed in range(30):
        change = long_context(case(), Random(seed))
        text = asked(change.input)
        assert MAIL in text
        assert LENGTH[0] < len(text) < LENGTH[1] + 3_000
        (check,) = change.checks
        assert check.value in text
        places.add((text.startswith(MAIL), text.endswith(MAIL)))
    assert places == {(True, False), (False, True), (False, False)}


def test_long_context_adds_documents_beside_documents_and_turns_before_turns() -> None:
    own = Document(id="notice-1", text="Mine.")
    change = long_context(case(context=(own,)), Random(3))
    assert change.context is not None
    assert own in change.context
    assert len({one.id for one in change.context}) == len(change.context) == 7
    talk = (
        Message(role="system", content="Be kind."),
        Message(role="user", content="Where is it?"),
    )
    turned = long_context(Case(id="t", tier="golden", input=talk), Random(3)).input
    assert not isinstance(turned, str)
    assert (turned[0], turned[-1]) == talk
    assert [one.role for one in turned[1:3]] == ["user", "assistant"]


def test_an_ambiguous_one_leaves_out_what_is_expected_and_fails_who_makes_it_up() -> None:
    change = ambiguous(case(expected="Order AB-4711 was charged twice."), Random(0))
    assert "AB-4711" not in asked(change.input)
    assert "3.11.2026" in asked(change.input)
    assert (change.expected, change.keep, change.same) == ((), False, False)
    (check,) = change.checks
    assert not evaluate(check, "Refund order ab-4711!").passed
    assert evaluate(check, "Which order is it?").passed
    assert "AB-4711" in change.about


def test_what_is_left_out_and_stands_elsewhere_may_be_said() -> None:
    document = Document(id="d", text="The last order is AB-4711.")
    change = ambiguous(case(expected="Order AB-4711.", context=(document,)), Random(0))
    assert change.checks == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Where does Anna Schmidt live?", "Where does live?"),
        ("the thing is broken again and i am angry", "the thing is broken..."),
    ],
)
def test_without_figures_a_name_goes_else_the_second_half(text: str, left: str) -> None:
    assert asked(ambiguous(case(text), Random(0)).input) == left


def test_nothing_can_be_left_out_of_a_word() -> None:
    for text in ("Hi", "Help me 4711"[:7]):
        with pytest.raises(NotHereError):
            ambiguous(case(text), Random(0))


def test_in_a_conversation_the_last_thing_the_user_said_is_changed() -> None:
    talk = (
        Message(role="user", content="Hello there my friend"),
        Message(role="assistant", content="Good day to you"),
        Message(role="user", content="Please answer quickly"),
        Message(role="assistant", content="Well, then"),
    )
    changed = spelling.typos(Case(id="t", tier="golden", input=talk), Random(0)).input
    assert not isinstance(changed, str)
    assert [a == b for a, b in zip(talk, changed, strict=True)] == [True, True, False, True]


def test_a_conversation_without_text_cannot_be_changed() -> None:
    silent = (Message(role="user", tool_calls=[{"id": 1}]),)
    for kind in OFFLINE.values():
        with pytest.raises(NotHereError, match="no text"):
            kind(Case(id="t", tier="golden", input=silent), Random(0))


def test_disputed_cases_come_first_and_every_case_before_any_comes_twice() -> None:
    cases = [case(id=f"c{n}") for n in range(6)]
    order = list(wanted(cases, ["typos", "casing"], {"c4": 3, "c2": 1}, seed=1))
    assert [one.case.id for one in order[:2]] == ["c4", "c2"]
    assert {one.case.id for one in order[:6]} == {one.id for one in cases}
    assert [one.kind for one in order[:3]] == ["typos", "casing", "typos"]
    assert len({(one.case.id, one.kind) for one in order[:12]}) == 12


def test_one_change_does_not_depend_on_what_else_is_there() -> None:
    few, many = [case(id="c1")], [case(id="c1"), case(id="c0"), case(id="c2")]
    first, second = (
        next(
            OFFLINE[one.kind](one.case, source_of(one, 7))
            for one in wanted(cases, ["typos"], {}, seed=7)
            if one.case.id == "c1"
        )
        for cases in (few, many)
    )
    assert first == second


def test_checks_of_the_case_hold_where_the_same_must_hold() -> None:
    own = case(checks=(Check(kind="contains", value="refund"),))
    for kind, change in OFFLINE.items():
        assert change(own, Random(0)).keep is (kind != "ambiguous")
