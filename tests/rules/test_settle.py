"""The queue in the order that settles something, and the sentence that says what."""

from __future__ import annotations

from labeltool.model.base import Tier
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.queue import Item, State
from labeltool.rules.settle import (
    Shortage,
    Wanted,
    by_what_settles,
    settles,
    shortage,
    shortages,
)

TONE = Criterion(id="tone", text="It fits.", max=2)
FACTS = Criterion(id="facts", text="They are there.", max=1)
LENGTH = Criterion(id="style", text="Nice.", max=1, grader="human")
RUBRIC = Rubric(name="mail", version=1, criteria=(TONE, FACTS, LENGTH))


def item(case: str, tier: Tier = "golden", state: State = "todo") -> Item:
    return Item(case, tier, state)


def cases(items: tuple[Item, ...]) -> list[str]:
    return [one.case for one in items]


MANY = tuple(item(f"c{n:02}") for n in range(40))


def test_trust_needs_thirty_labels_and_five_on_each_side() -> None:
    assert shortage(TONE, ()).labels == 30
    assert shortage(TONE, [2] * 19).labels == 11
    assert shortage(TONE, [2] * 40) == Shortage("tone", 40, 40, 0)
    assert shortage(TONE, [2] * 40).labels == 5
    assert shortage(TONE, [2] * 40).side == "failing"
    assert shortage(TONE, [0] * 28 + [2] * 3).side == "passing"
    assert shortage(TONE, [2] * 25 + [1] * 5).labels == 0
    assert shortage(TONE, [2] * 25 + ["na"] * 5).labels == 5


def test_both_sides_may_ask_for_more_than_thirty_do() -> None:
    assert shortage(TONE, [2] * 28).labels == 5


def test_only_criteria_that_a_judge_scores_and_is_not_trusted_on_are_short() -> None:
    found = shortages(RUBRIC, {"tone": [2] * 19, "facts": []}, ())
    assert [(one.criterion, one.labels) for one in found] == [("tone", 11), ("facts", 30)]
    assert [one.criterion for one in shortages(RUBRIC, {}, {"tone"})] == ["facts"]


def test_the_sentence_names_the_criterion_nearest_to_being_decided() -> None:
    wanted = Wanted(shortages(RUBRIC, {"tone": [2] * 15 + [0] * 4, "facts": []}, ()))
    assert settles(MANY, wanted) == "11 more labels decide tone, 30 decide all"
    same = Wanted(shortages(RUBRIC, {}, ()))
    assert settles(MANY, same) == "30 more labels decide tone and facts"


def test_one_label_is_said_in_the_singular() -> None:
    wanted = Wanted((Shortage("tone", 29, 15, 14),))
    assert settles(MANY, wanted) == "1 more label decides tone"


def test_where_only_failing_outputs_help_it_says_so_and_asks_for_likely_ones_first() -> None:
    wanted = Wanted((Shortage("tone", 40, 38, 2),), failing=frozenset({"c30", "c07"}))
    assert settles(MANY, wanted) == "3 more failing labels decide tone"
    assert cases(by_what_settles(MANY, wanted))[:3] == ["c07", "c30", "c00"]


def test_too_few_outputs_left_is_said() -> None:
    wanted = Wanted((Shortage("tone", 19, 10, 9),))
    assert "only 3 outputs are left here: record another snapshot" in settles(MANY[:3], wanted)
    assert "; no outputs are left here" in settles((), wanted)


def test_an_output_without_a_score_of_the_nearest_criterion_comes_first() -> None:
    near, far = Shortage("tone", 29, 15, 14), Shortage("facts", 0, 0, 0)
    wanted = Wanted((near, far), scored={"c00": {"tone"}, "c01": {"tone", "facts"}})
    order = by_what_settles((item("c00"), item("c01"), item("c02")), wanted)
    assert cases(order) == ["c02", "c00", "c01"]


def test_a_disagreement_comes_before_everything() -> None:
    wanted = Wanted((Shortage("tone", 0, 0, 0),), disagreed=frozenset({"c20"}))
    assert cases(by_what_settles(MANY, wanted))[0] == "c20"
    assert settles(MANY, Wanted(disagreed=frozenset({"c20"}))).startswith("1 more label may settle")


def test_the_tier_of_an_inconclusive_gate_comes_first() -> None:
    items = (item("a"), item("r", "regression"))
    wanted = Wanted(inconclusive=frozenset({"regression"}))
    assert cases(by_what_settles(items, wanted)) == ["r", "a"]
    assert settles(items, wanted).startswith("the regression gate was inconclusive: 1 more label")


def test_what_is_done_goes_to_the_end_and_equals_keep_their_order() -> None:
    items = (item("a", state="done"), item("b"), item("c", state="stale"), item("d"))
    assert cases(by_what_settles(items, Wanted())) == ["b", "c", "d", "a"]


def test_a_round_keeps_its_order_and_says_what_is_missing() -> None:
    assert settles(MANY[:7], Wanted(), round=1).startswith(
        "7 more labels of yours complete round 1"
    )
    done = (item("a", state="done"),)
    assert settles(done, Wanted(), round=1).startswith("round 1 has all your labels")


def test_when_nothing_waits_that_is_said() -> None:
    assert settles(MANY, Wanted()).startswith("nothing waits on a label")
    assert settles((), Wanted()) == "every output here has your label"
