"""What is a failure, and which failures come first."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest
from pydantic import ValidationError

from labeltool.model.promote import PromoteRule
from labeltool.model.record import Record
from labeltool.rules.promote import DEFAULT_RULES, Nomination, Nominator, sampled
from labeltool.rules.promote_select import ROOM, Selection


def record(**fields: Any) -> Record:
    return Record.model_validate({"id": "r", "input": "x", **fields})


def why(record: Record, *rules: PromoteRule, source: str = "") -> str | None:
    nomination = Nominator(rules or DEFAULT_RULES, source).nominate(record)
    return nomination.why if nomination else None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"feedback": -1}, "the feedback is negative"),
        ({"finish_reason": "MAX_TOKENS"}, "it was cut off (MAX_TOKENS)"),
        ({"expects": "json", "output": "{oops"}, "the output is no JSON"),
        ({"output": "  \n"}, "the output is empty"),
        ({"scores": {"passed": 0.0}}, "the case fails"),
        ({"feedback": 1, "finish_reason": "stop", "expects": "json", "output": "{}"}, None),
        ({"expects": "json"}, None),
    ],
)
def test_the_usual_rules(fields: dict[str, Any], said: str | None) -> None:
    assert why(record(**fields)) == said


def test_all_that_a_rule_says_must_hold() -> None:
    rule = PromoteRule(feedback="negative", score_under={"f": 0.5}, systems=("bot",))
    assert why(record(feedback=-1, scores={"f": 0.4}, system="bot"), rule) == (
        "the feedback is negative, f is 0.4, under 0.5"
    )
    assert why(record(feedback=-1, scores={"f": 0.5}, system="bot"), rule) is None
    assert why(record(feedback=-1, system="bot"), rule) is None
    assert why(record(feedback=-1, scores={"f": 0.4}), rule) is None


def test_the_highest_priority_speaks() -> None:
    low = PromoteRule(name="low", feedback="negative", priority=1)
    high = PromoteRule(name="high", empty=True, priority=2, tags=("t",), cap=3)
    found = Nominator([low, high]).nominate(record(feedback=-1, output=""))
    assert found == Nomination("high", "the output is empty", 2, None, ("t",), 3)


def test_a_rule_for_one_source_is_not_for_another() -> None:
    rule = PromoteRule(feedback="negative", sources=("chat",))
    assert why(record(feedback=-1), rule, source="chat") is not None
    assert why(record(feedback=-1), rule, source="mail") is None


def test_a_pattern_that_takes_too_long_is_no_match_and_is_counted() -> None:
    nominator = Nominator([PromoteRule(pattern="(a|aa)+$")])
    assert nominator.nominate(record(output="a" * 5_000 + "b")) is None
    assert nominator.slow == 1
    assert nominator.nominate(record(output="aa")) is not None


def test_a_sample_is_stable_and_grows() -> None:
    ids = [f"r{number}" for number in range(10_000)]
    small = {id for id in ids if sampled(id, 0.01)}
    large = {id for id in ids if sampled(id, 0.1)}
    assert small < large
    assert 60 < len(small) < 140
    assert 850 < len(large) < 1_150


@pytest.mark.parametrize("bad", [{}, {"pattern": "("}, {"sample": 0}, {"feedback": "positive"}])
def test_a_rule_that_says_nothing_or_nonsense_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PromoteRule.model_validate(bad)


def test_the_selection_is_what_choosing_greedily_from_all_would_be() -> None:
    chance = random.Random(7)
    for _ in range(60):
        cap, limit = chance.randint(1, 3), chance.randint(1, 4)
        rows = [
            (f"i{number}", chance.randint(0, 3), f"2026-11-0{chance.randint(1, 4)}")
            for number in range(chance.randint(1, 150))
        ]
        selection = Selection(cap=cap, limit=limit)
        for id, priority, day in rows:
            selection.add(id, record(id=id), Nomination("rule", "why", priority), day)
        days: dict[str, int] = defaultdict(int)
        expected: list[str] = []
        for id, _, day in sorted(rows, key=lambda row: -row[1]):  # stable: who came first
            if days[day] < ROOM * cap and len(expected) < ROOM * limit:
                days[day] += 1
                expected.append(id)
        assert [one.record.id for one in selection.best()] == expected
        assert selection.let_go == len(rows) - len(expected)


def test_what_is_said_again_is_counted_and_takes_no_place() -> None:
    selection = Selection(cap=1, limit=1)
    for number in range(500):
        selection.add("same", record(id=f"r{number}"), Nomination("r", "w", 0), "2026-11-01")
    (one,) = selection.best()
    assert (one.seen, len(one.refs), selection.let_go) == (500, 100, 0)


def test_a_hostile_spread_over_days_holds_no_more_than_the_limit() -> None:
    selection = Selection(cap=5, limit=2)
    for number in range(5_000):
        selection.add(f"i{number}", record(), Nomination("r", "w", number % 9), f"day {number}")
    assert len(selection.best()) == ROOM * 2
    assert len(selection._days) <= ROOM * 2
