"""Near cases: by words for what is one, by meaning for what may be."""

from __future__ import annotations

from labeltool.commands.near import COMPARED, NearIndex, embedder, nearest
from labeltool.model.case import Case

REFUND = "Where is my refund? I returned the shoes two weeks ago and heard nothing."


def index(*texts: str) -> NearIndex:
    made = NearIndex()
    for number, text in enumerate(texts):
        made.add(f"c{number}", text)
    return made


def test_the_same_words_are_exactly_the_same() -> None:
    found = index("Hello?", REFUND).duplicate(f"  {REFUND.upper()}\r\n")
    assert found is not None
    assert found == ("c1", 1.0, "exact")


def test_a_typo_makes_no_new_case() -> None:
    found = index(REFUND).duplicate(REFUND.replace("shoes", "shoe"))
    assert found is not None
    assert (found.case, found.how) == ("c0", "fuzzy")
    assert 0.93 <= found.similarity < 1


def test_a_negation_makes_another_case() -> None:
    text = "I did receive the parcel that you sent me on Monday, what now?"
    assert index(text).duplicate(text.replace("did receive", "did not receive")) is None
    assert index(text).duplicate(text.replace("did", "didn't")) is None


def test_short_texts_are_one_only_exactly() -> None:
    assert index("Cancel order 12").duplicate("Cancel order 13") is None


def test_meaning_only_suggests() -> None:
    made = NearIndex(embedder())
    made.add("a", "How do I reset my password?")
    made.add("b", "What is the weather like in Paris today?")
    text = "I forgot my login credentials, how can I set a new password"
    assert made.duplicate(text) is None
    (found,) = made.nearest(text)
    assert (found.case, found.how) == ("a", "embedding")


def test_the_nearest_come_first_and_no_more_than_wanted() -> None:
    cases = [
        Case(id=f"c{number}", tier="golden", input=REFUND + " Please help me." * number)
        for number in range(5)
    ]
    found = nearest(REFUND, cases, 3)
    assert [one.case for one in found] == ["c0", "c1", "c2"]
    assert found[0].how == "exact"
    assert found[1].similarity > found[2].similarity


def test_among_many_texts_a_near_one_is_still_found() -> None:
    words = ["parcel", "refund", "invoice", "login", "crash", "colour", "size", "late"]
    made = index(
        *(
            " ".join(f"{words[(n >> bit) % 8]}{n % 97}" for bit in range(12))
            for n in range(COMPARED)
        )
    )
    made.add("it", REFUND)
    found = made.duplicate(REFUND.replace("weeks", "week"))
    assert found is not None
    assert found.case == "it"
