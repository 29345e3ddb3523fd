"""What a run costs, told before it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.run import Estimate, Request, Stop, run
from labeltool.commands.run_cost import Calls
from labeltool.config import Price
from tests.commands.test_run import finish
from tests.fake_openai import FakeOpenAI, fake_openai
from tests.projects import Project

MINI: dict[str, Any] = {"kind": "openai", "model": "m", "prompt": "prompt.md"}


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.make(tmp_path)
    project.dataset(system="mini")
    project.code("prompt.md", "{{ input }}")
    for n in range(10):
        project.case(f"c{n}", f"{n} words")
    return project


def settings(project: Project, url: str, **changes: Any) -> None:
    mini = {**MINI, "base_url": url, **changes}
    project.write("labeltool.yaml", {"dataset": "d", "systems": {"mini": mini}})


async def told(project: Project, **request: Any) -> Estimate | None:
    """What is said before the first call; nothing is called."""
    env = {"OPENAI_API_KEY": "k"}
    events = run(
        project.context(**env),
        Request(**request),
        run_id="cost",
        stop=Stop(),
        clock=lambda: 0.0,
    )
    first = await anext(events)
    await events.aclose()
    return first if isinstance(first, Estimate) else None


async def test_calls_are_cases_times_repeats(project: Project, server: FakeOpenAI) -> None:
    settings(project, server.url, price={"input": 1.0, "output": 2.0})
    found = await told(project, repeat=3)
    assert found is not None
    assert found.calls == 30
    assert found.asks
    assert found.line().startswith("30 calls (30 to mini), about 8 s, about 0.0")
    assert "guessed from the length of the prompts" in found.basis()
    assert server.count() == 0
    assert not (project.root / ".labeltool/runs/cost").exists()


async def test_what_the_cache_holds_is_not_paid_again(project: Project, server: FakeOpenAI) -> None:
    settings(project, server.url, price={"input": 1.0, "output": 2.0})
    await finish(project, cases=("c0", "c1", "c2"))
    found = await told(project)
    assert found is not None
    assert found.calls == 7
    anew = await told(project, cache=False)
    assert anew is not None
    assert anew.calls == 10
    assert await told(project, cases=("c0",)) is None


async def test_tokens_and_time_are_those_of_the_last_run_where_one_is_remembered(
    project: Project, server: FakeOpenAI
) -> None:
    settings(project, server.url, price={"input": 1.0, "output": 2.0})
    before, _ = await finish(project, run_id="r1")
    found = await told(project, cache=False)
    assert found is not None
    assert found.basis() == "as in run r1"
    assert found.usd == pytest.approx(before["usage"]["system"]["cost_usd"])
    assert found.sides[0].ms == before["latency_ms"]["p50"]


async def test_a_server_of_ones_own_without_a_price_asks_nothing(
    project: Project, server: FakeOpenAI
) -> None:
    settings(project, server.url)
    found = await told(project)
    assert found is not None
    assert not found.asks
    assert found.line().endswith("price of mini not known")


async def test_somebody_elses_server_without_a_price_is_asked_about(project: Project) -> None:
    settings(project, "https://api.example.org/v1")
    found = await told(project)
    assert found is not None
    assert found.asks


async def test_a_price_of_nothing_asks_nothing(project: Project) -> None:
    settings(project, "https://api.example.org/v1", price={"input": 0, "output": 0})
    found = await told(project)
    assert found is not None
    assert not found.asks


async def test_the_bound_stands_in_the_line(project: Project, server: FakeOpenAI) -> None:
    settings(project, server.url, price={"input": 1.0, "output": 2.0})
    found = await told(project, max_cost=2.5)
    assert found is not None
    assert found.line().endswith("stops at 2.50 USD")


async def test_a_run_of_code_and_checks_says_nothing(project: Project) -> None:
    project.write(
        "labeltool.yaml",
        {"dataset": "d", "systems": {"echo": {"kind": "python", "call": "echo.py:answer"}}},
    )
    assert await told(project, system="echo") is None


def test_a_judge_that_is_asked_criterion_by_criterion_and_a_long_run_read_well() -> None:
    price = Price(input=1.0, output=2.0)
    system = Calls("mini", 1000, (500, 100), 3000, price, most=False, asks=False, basis="r1")
    judge = Calls("judge strict", 4000, (900, 50), 2000, price, most=True, asks=False, basis=None)
    found = Estimate((system, judge), concurrency=8)
    assert found.line() == (
        "up to 5,000 calls (1,000 to mini, 4,000 to judge strict), about 23 min, about 4.70 USD"
    )
    assert found.basis().startswith("as in run r1; else guessed")
