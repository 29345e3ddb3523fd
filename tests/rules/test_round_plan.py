"""Which outputs a round asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labeltool.model.label import Label
from labeltool.model.round import Closed, Round, RoundOutput
from labeltool.rules.round_plan import estimate, in_the_way, plan, used_outputs

RECORDED = {f"case-{number:02}": f"{number:012x}" for number in range(30)}


def chosen(**changes: object) -> list[str]:
    asked = {"count": 20, "seed": 1, "used": frozenset(), **changes}
    return [one.case for one in plan(RECORDED, **asked).outputs]  # type: ignore[arg-type]


def test_twenty_are_chosen_by_the_seed_alone() -> None:
    assert len(chosen()) == 20
    assert chosen() == chosen()
    assert chosen() != chosen(seed=2)
    assert set(chosen()) != set(chosen(seed=2))


def test_fresh_outputs_come_first_and_the_others_say_that_they_are_not() -> None:
    used = frozenset(list(RECORDED.items())[:15])
    found = plan(RECORDED, used, count=20, seed=1)
    assert found.fresh == 15
    assert [one.fresh for one in found.outputs] == [True] * 15 + [False] * 5
    assert all((one.case, one.output_hash) not in used for one in found.outputs if one.fresh)


@given(st.sets(st.sampled_from(sorted(RECORDED))), st.integers(0, 40), st.integers())
def test_one_more_case_moves_none_of_the_others(gone: set[str], count: int, seed: int) -> None:
    fewer = {case: hash for case, hash in RECORDED.items() if case not in gone}
    some = [one.case for one in plan(fewer, frozenset(), count=count, seed=seed).outputs]
    every = [one.case for one in plan(RECORDED, frozenset(), count=99, seed=seed).outputs]
    assert some == [case for case in every if case not in gone][:count]


def test_an_output_is_used_where_its_text_was_asked_for_in_another_snapshot() -> None:
    same = RoundOutput(case="case-00", output_hash=RECORDED["case-00"])
    other = RoundOutput(case="case-01", output_hash="f" * 12)
    nameless = RoundOutput(case="case-02")
    rounds = [Round(number=1, rubric="r@1", system="older", outputs=(same, other, nameless))]
    label = Label(case="case-03", system="here", annotator="ann", rubric="r@1", scores={"a": 1})
    used = used_outputs(rounds, [label], RECORDED, "here")
    assert ("case-00", RECORDED["case-00"]) in used
    assert ("case-01", RECORDED["case-01"]) not in used
    assert ("case-02", RECORDED["case-02"]) not in used
    assert ("case-03", RECORDED["case-03"]) in used


def test_time_goes_by_the_slowest_and_is_a_guess_where_nobody_was_timed() -> None:
    known = estimate(20, ["ann", "bob"], {"ann": 30.0, "bob": 60.0}, 3)
    assert (known.labels, known.seconds, known.guessed) == (40, 1200.0, False)
    assert estimate(20, ["ann", "bob"], {"ann": 30.0}, 3).seconds == 600
    guess = estimate(10, ["ann", "bob"], {}, 3)
    assert guess.guessed
    assert guess.minutes == 10


def test_only_an_open_round_of_the_same_people_and_snapshot_is_in_the_way() -> None:
    opened = Round(number=1, rubric="r@1", system="v1", annotators=("ann", "bob"))
    closed = opened.model_copy(update={"closed": Closed()})
    assert in_the_way([closed, opened], "v1", ["bob", "cem"]) is opened
    assert in_the_way([opened], "v2", ["ann"]) is None
    assert in_the_way([opened], "v1", ["cem", "dan"]) is None
    assert in_the_way([closed], "v1", ["ann"]) is None
