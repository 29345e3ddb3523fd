"""Where the loop stands, from the rounds on disk."""

from __future__ import annotations

from typing import Any

from labeltool.model.round import Closed, Round, RoundOutput
from labeltool.model.rubric import Change, Criterion, Rubric
from labeltool.rules.stage import criteria, stage

RUBRIC = Rubric(
    name="mail",
    version=2,
    criteria=(Criterion(id="tone", text="It fits.", max=2), Criterion(id="facts", text="f", max=1)),
)
HOLD: dict[str, Any] = {"tone": {"holds": True}, "facts": {"holds": True}}


def a_round(rubric: str = "mail@2", closed: Closed | None = None, number: int = 1) -> Round:
    return Round(number=number, rubric=rubric, system="v1", closed=closed)


def test_without_a_round_it_is_a_draft() -> None:
    assert stage([], RUBRIC, 0).words == "draft: no round yet"
    assert stage([], RUBRIC, 1).words == "draft: no round yet, 1 disagreement"


def test_an_open_round_is_open_whatever_else_is() -> None:
    assert stage([a_round()], RUBRIC, 3).words == "round 1 is open"


def test_open_disagreements_of_a_closed_round_are_to_resolve() -> None:
    found = stage([a_round(closed=Closed(agreement=HOLD))], RUBRIC, 4)
    assert (found.name, found.words) == ("resolve", "round 1 closed, 4 disagreements")


def test_an_amended_rubric_is_a_draft_again() -> None:
    found = stage([a_round("mail@1", Closed(agreement=HOLD))], RUBRIC, 0)
    assert (found.name, found.words) == ("draft", "draft: version 2 has had no round yet")


def test_it_is_stable_only_where_every_criterion_held() -> None:
    assert stage([a_round(closed=Closed(agreement=HOLD))], RUBRIC, 0).name == "stable"
    half = {"criteria": {"tone": {"holds": True}, "facts": {"holds": False}}}
    found = stage([a_round(closed=Closed(agreement=half))], RUBRIC, 0)
    assert (found.name, found.words) == ("draft", "draft: 1 of 2 criteria do not hold")
    assert stage([a_round(closed=Closed(agreement={"tone": 1}))], RUBRIC, 0).name == "draft"


def amended(*changed: str) -> Rubric:
    change = Change(version=3, changed=changed)
    return RUBRIC.model_copy(update={"version": 3, "changelog": (change,)})


def test_a_version_that_asks_nothing_again_needs_no_round_of_its_own() -> None:
    held = [a_round(closed=Closed(agreement=HOLD))]
    assert stage(held, amended(), 0).words == "stable since round 1"
    assert stage(held, amended("tone"), 0).words == "draft: version 3 has had no round yet"
    stands = criteria(held, amended("tone"))
    assert stands["facts"].holds
    assert not stands["tone"].holds
    assert stands["tone"].why.startswith("amended in version 3, after round 1")


def test_a_round_too_small_to_tell_takes_nothing_back() -> None:
    small = {id: {"holds": False, "n": 4} for id in HOLD}
    rounds = [
        a_round(closed=Closed(agreement=HOLD)),
        a_round(closed=Closed(agreement=small), number=2),
    ]
    assert stage(rounds, RUBRIC, 0).words == "stable since round 1"
    assert stage(rounds[1:], RUBRIC, 0).name == "draft"


def test_a_round_that_froze_scores_alone_is_measured_again() -> None:
    outputs = tuple(RoundOutput(case=f"c{n}") for n in range(12))
    same: dict[str, Any] = {f"c{n}": {"tone": n % 3, "facts": n % 2} for n in range(12)}
    frozen = Closed(agreement={"tone": {"alpha": 1}}, scores={"ann": same, "bob": same})
    closed = a_round(closed=frozen).model_copy(update={"outputs": outputs})
    stands = criteria([closed], RUBRIC)
    assert stands["tone"].holds
    assert stands["tone"].alpha == 1
    assert stage([closed], RUBRIC, 0).name == "stable"


def test_before_the_first_closing_every_criterion_says_so() -> None:
    assert {one.why for one in criteria([a_round()], RUBRIC).values()} == {"no round is closed yet"}
