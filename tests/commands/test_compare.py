"""Comparing systems: what is run, what is reused, and what the matrix says of them."""

from __future__ import annotations

import asyncio
import json
import shutil
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from labeltool.commands.compare import Compared, Question, Reused, Running, compare, compare_results
from labeltool.commands.compare_table import same_family
from labeltool.commands.run import Finished, Request, Stop, run
from labeltool.errors import DataError, IncompleteError, UsageError
from tests.projects import Project

NUMBERS = count()
CODE = """\
from helper_of_systems import LONG
def short(case): return {"output": "two words", "usage": {"input_tokens": 100, "output_tokens": 10}}
def long(case): return LONG
def half(case):
    told = int(case["id"][-2:]) % 2
    return {"output": "two words" if told else LONG,
            "usage": {"input_tokens": 1000 * (1 + told), "output_tokens": 0}}
"""
PRICE = {"input": 1.0, "output": 10.0}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    systems = {
        "short": {"kind": "python", "call": "app.py:short", "price": PRICE},
        "long": {"kind": "python", "call": "app.py:long"},
        "half": {"kind": "python", "call": "app.py:half", "price": PRICE},
        "old": {"kind": "recorded"},
    }
    project = Project.make(tmp_path, systems=systems)
    project.code("helper_of_systems.py", "LONG = 'far more words than five of them'\n")
    project.code("app.py", CODE)
    for n in range(20):
        project.case(f"g-{n:02}", tags=["even"] if n % 2 == 0 else ["odd"])
    for n in range(10):
        project.case(f"a-{n:02}", tier="adversarial")
    return project


def settings(project: Project, **compare: Any) -> None:
    path = project.root / "labeltool.yaml"
    project.write("labeltool.yaml", {**json.loads(path.read_text()), "compare": compare})


def compared(project: Project, *systems: str, **question: Any) -> tuple[Compared, list[object]]:
    async def go() -> list[object]:
        return [
            event
            async for event in compare(
                project.context(),
                systems,
                Request(base=project.root),
                Question(**question),
                run_id=lambda: f"20261123T120000-{next(NUMBERS):06x}",
                stop=Stop(),
                clock=monotonic,
            )
        ]

    *events, found = asyncio.run(go())
    assert isinstance(found, Compared)
    return found, events


def results(project: Project, system: str, name: str, **asked: Any) -> str:
    async def go() -> None:
        request = Request(system=system, out=project.root / name, **asked)
        id = f"20261123T120000-{next(NUMBERS):06x}"
        async for event in run(project.context(), request, run_id=id, stop=Stop(), clock=monotonic):
            assert not isinstance(event, Finished) or event.signum is None

    asyncio.run(go())
    return name


def test_the_better_system_wins_and_how_surely_is_said(project: Project) -> None:
    found, events = compared(project, "long", "half", "short")
    assert [one.system for one in events if isinstance(one, Running)] == ["long", "half", "short"]
    assert (found.winner, found.rival) == ("short", "half")
    assert [entry.name for entry in found.by_total] == ["short", "half", "long"]
    assert [entry.total for entry in found.by_total] == [1.0, 0.5, 0.0]
    standing = found.entry("short").standing
    assert standing is not None
    assert standing.p_best == 1
    assert {row.key: found.weight(row) for row in found.measures} == pytest.approx(
        {"golden": 0.7, "adversarial": 0.3}
    )
    assert len(found.differ) == 30
    assert {(one.tag, one.cases, one.first, one.second) for one in found.splits} == {
        ("even", 10, 10, 0)
    }


def test_what_ran_before_unchanged_is_not_run_again(project: Project) -> None:
    first, _ = compared(project, "short", "half")
    again, events = compared(project, "short", "half")
    assert [type(one) for one in events] == [Reused, Reused]
    assert [e.values for e in again.entries] == [e.values for e in first.entries]
    assert [e.standing for e in again.entries] == [e.standing for e in first.entries]
    project.case("g-00", input="another input")
    _, events = compared(project, "short", "half")
    assert [one.system for one in events if isinstance(one, Running)] == ["short", "half"]
    project.code("helper_of_systems.py", "LONG = 'other words, and still more than five'\n")
    project.code("app.py", CODE + "# edited\n")
    _, events = compared(project, "short", "half")
    assert [one.system for one in events if isinstance(one, Running)] == ["short", "half"]


def test_cost_is_of_the_tokens_and_has_an_interval(project: Project) -> None:
    settings(project, golden=0.5, cost_per_1k={"weight": 0.5, "target": 0, "limit": 4})
    found, _ = compared(project, "short", "half")
    # 100 tokens in at 1 USD a million and 10 out at 10: 0.0002 USD a call.
    assert found.entry("short").values["cost_per_1k"] == pytest.approx(0.2)
    # Half of the cases take 1,000 tokens, half 2,000.
    assert found.entry("half").values["cost_per_1k"] == pytest.approx(1.5)
    only, _ = compared(project, "short", "half", weights=("cost_per_1k=1",))
    half = only.entry("half").standing
    assert half is not None
    assert half.interval[0] < half.total < half.interval[1]
    assert half.total == pytest.approx(1 - 1.5 / 4)


def test_a_system_without_a_price_is_not_ranked_on_it_and_what_it_could_change_is_said(
    project: Project,
) -> None:
    settings(project, golden=0.6, cost_per_1k={"weight": 0.4, "target": 0, "limit": 1})
    found, _ = compared(project, "half", "long")
    (cost,) = found.aside
    assert cost.measure.key == "cost_per_1k"
    assert list(cost.missing) == ["long"]
    assert "price" in cost.missing["long"]
    assert [row.key for row in found.measures] == ["golden"]
    # half: 0.6 x 0.5 + 0; long at best: 0 + 0.4.
    assert (found.winner, cost.turns, cost.to) == ("half", True, "long")
    heavy, _ = compared(project, "half", "long", weights=("golden=0.9", "cost_per_1k=0.1"))
    assert not heavy.aside[0].turns


def test_where_only_the_leader_is_unmeasured_the_value_that_turns_it_is_named(
    project: Project,
) -> None:
    settings(project, golden=0.5, cost_per_1k={"weight": 0.5, "target": 0, "limit": 2})
    for n in range(20):
        project.output(f"g-{n:02}", "three words here")
    for n in range(10):
        project.output(f"a-{n:02}", "three words here")
    found, _ = compared(project, "old", "half")
    (cost,) = found.aside
    assert found.winner == "old"
    # half: 0.5 x 0.5 + 0.5 x 0.25 = 0.375; old: 0.5 + 0.5 x, never under it.
    assert not cost.turns
    more, _ = compared(project, "old", "short", weights=("golden=0.1", "cost_per_1k=0.9"))
    # Level on golden, so any cost above short's 0.2 loses.
    assert more.aside[0].turns
    assert (more.aside[0].to, more.winner) == ("short", "old")
    assert more.aside[0].breaks_at == pytest.approx(0.2)


def test_a_constraint_of_the_settings_or_the_command_line_rules_out_with_the_reason(
    project: Project,
) -> None:
    settings(project, golden=1, constraints=["tag:even >= 0.5"])
    found, _ = compared(project, "short", "half", "long", constraints=("golden < 1",))
    assert found.entry("half").excluded == "tag:even is 0, must be >= 0.5"
    assert found.entry("short").excluded == "golden is 1, must be < 1"
    assert found.winner is None
    assert found.constraints == ("tag:even >= 0.5", "golden < 1")
    one, _ = compared(project, "short", "half")
    assert (one.winner, one.ranked) == ("short", ("short",))
    settings(project, golden=1, constraints=["golden is good"])
    with pytest.raises(DataError, match="no constraint") as bad:
        compared(project, "short", "half")
    assert str(bad.value.where) == "labeltool.yaml: compare.constraints"


def test_the_regression_tier_must_hold_its_gate_whatever_the_total(project: Project) -> None:
    for n in range(4):
        project.case(f"r-{n:02}", tier="regression")
    project.dataset(gates={"regression": {"threshold": 0.75}})
    found, _ = compared(project, "short", "half")
    assert found.entry("half").excluded == "regression 0.5, must be 0.75"
    assert (found.winner, found.entry("half").total) == ("short", 0.5)
    assert found.entry("short").values["regression"] == 1


def test_an_open_case_counts_nowhere_and_an_error_as_failed(project: Project) -> None:
    project.case("g-00", status="open")
    project.case("g-01", input="x")
    project.code(
        "app.py",
        CODE.replace(
            "def half(case):", "def half(case):\n    if case['input'] == 'x': raise ValueError"
        ),
    )
    found, _ = compared(project, "short", "half")
    assert "g-00" not in found.paired.ids
    assert any(
        "half: 1 case ended in an error and count as failed (1 system)" in n for n in found.notices
    )


def test_results_files_alone_are_enough_even_from_a_commit(project: Project) -> None:
    files = results(project, "short", "a.json"), results(project, "half", "b.json")
    found = compare_results(project.context(), files, project.root, Question())
    assert (found.winner, found.entry("short").total) == ("short", 1.0)
    project.commit_all()
    results(project, "half", "a.json")
    twice = compare_results(project.context(), ("HEAD:a.json", "a.json"), project.root, Question())
    assert [entry.name for entry in twice.entries] == ["short", "half"]
    both = compare_results(project.context(), ("HEAD:b.json", "a.json"), project.root, Question())
    assert [entry.name for entry in both.entries] == ["HEAD:b.json", "a.json"]
    assert both.differ == ()
    with pytest.raises(UsageError, match=r"c\.json is not in HEAD"):
        compare_results(project.context(), ("HEAD:c.json", "a.json"), project.root, Question())


def test_what_cannot_be_compared_says_so(project: Project) -> None:
    one = results(project, "short", "a.json")
    with pytest.raises(UsageError, match="no comparison"):
        compare_results(project.context(), (one,), project.root, Question())
    with pytest.raises(UsageError, match="named twice"):
        compared(project, "short", "short")
    people = results(project, "half", "c.json", scores="human")
    with pytest.raises(DataError, match="different kinds of scores"):
        compare_results(project.context(), (one, people), project.root, Question())
    rest = results(project, "half", "d.json", tiers=("adversarial",))
    gold = results(project, "short", "e.json", tiers=("golden",))
    with pytest.raises(DataError, match="no active case"):
        compare_results(project.context(), (rest, gold), project.root, Question())


def test_human_scores_are_compared_only_where_every_output_has_them(project: Project) -> None:
    people = {
        "name": "short",
        "version": 1,
        "criteria": [{"id": "tone", "text": "Kind.", "max": 1}],
    }
    project.write("rubrics/short.yaml", people)
    for n in range(6):
        for system, score in (("old", 1), ("new", n % 2)):
            project.output(f"g-{n:02}", f"{system} answer", system)
            if n < 4:
                project.write(
                    f"datasets/d/labels/ann/{system}/g-{n:02}.yaml",
                    {"case": f"g-{n:02}", "system": system, "annotator": "ann",
                     "rubric": "short@1", "scores": {"tone": score}},
                )  # fmt: skip
    files = [results(project, one, f"{one}.json", scores="human") for one in ("old", "new")]
    found = compare_results(project.context(), files, project.root, Question())
    assert found.paired.ids == ("g-00", "g-01", "g-02", "g-03")
    assert "26 cases left out: without a score of every system's output" in found.notices
    assert (found.winner, found.entry("new").total) == ("old", 0.5)
    shutil.rmtree(project.root / "datasets/d/labels")
    files = [results(project, one, f"{one}.json", scores="human") for one in ("old", "new")]
    with pytest.raises(DataError, match="no case has a score of every system's output"):
        compare_results(project.context(), files, project.root, Question())


def test_a_stopped_run_compares_nothing(project: Project) -> None:
    async def go() -> None:
        stop = Stop()
        async for event in compare(
            project.context(), ("short", "half"), Request(base=project.root, concurrency=1),
            Question(), run_id=lambda: "20261123T120000-abcdef", stop=stop, clock=monotonic,
        ):  # fmt: skip
            if not isinstance(event, Running):
                stop.end("enough")

    with pytest.raises(IncompleteError, match="nothing was compared") as bad:
        asyncio.run(go())
    assert "--resume" in (bad.value.hint or "")


@pytest.mark.parametrize(
    ("judge", "system", "same"),
    [
        ("gpt-5", "openai/gpt-4o-mini", True),
        ("gpt-5", "o3-mini", True),
        ("gpt-5", "ft:gpt-4o:acme", True),
        ("claude-sonnet-4", "anthropic/claude-haiku", True),
        ("mistral-large", "mixtral-8x7b", True),
        ("gpt-5", "claude-sonnet-4", False),
        ("", "", False),
    ],
)
def test_models_of_one_makers_line(judge: str, system: str, same: bool) -> None:
    assert same_family(judge, system) is same
