from __future__ import annotations

import pytest

from labeltool.config import Price
from labeltool.model.output import Usage
from labeltool.runner.spend import NONE, Calls

PRICE = Price(input=0.25, output=2.0)
MANY = Usage(input_tokens=1_000_000, output_tokens=500_000)


def test_only_live_calls_cost_and_the_list_price_is_of_all() -> None:
    calls = Calls.one(MANY, cached=False) + Calls.one(MANY, cached=True)
    found = calls.spend(PRICE, why="no price")
    assert (found.calls, found.cached) == (1, 1)
    assert found.cost_usd == pytest.approx(1.25)
    assert found.list_cost_usd == pytest.approx(2.5)
    assert found.input_tokens == 1_000_000


def test_without_a_price_the_cost_of_a_call_is_not_known_and_of_none_it_is_nothing() -> None:
    found = Calls.one(MANY, cached=False).spend(None, why="no price is set")
    assert (found.calls, found.cost_usd, found.why) == (1, None, "no price is set")
    assert NONE.spend(None, why="no price is set").cost_usd == 0


def test_they_survive_the_log() -> None:
    calls = Calls.one(MANY, cached=True) + Calls.one(None, cached=False)
    assert Calls.of(calls.numbers()) == calls
