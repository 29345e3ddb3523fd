"""Where the loop stands, from the rounds on disk."""

from __future__ import annotations

from typing import Any

from labeltool.model.round import Closed, Round
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.stage import stage

RUBRIC = Rubric(
    name="mail",
    version=2,
    criteria=(Criterion(id="tone", text="It fits.", max=2), Criterion(id="facts", text="f", max=1)),
)
HOLD: dict[str, Any] = {"tone": {"holds": True}, "facts": {"holds": True}}


def a_round(rubric: str = "mail@2", closed: Closed | None = None) -> Round:
    return Round(number=1, rubric=rubric, system="v1", closed=closed)


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
