"""Runs that a model judges, on a server that does what it is told."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.run import Estimate, Finished, Request, Stop, exit_code, run
from labeltool.graders.probes import PROBES
from tests.fake_openai import Body, FakeOpenAI, fake_openai
from tests.projects import Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [
        {"id": "facts", "text": "All facts.", "max": 2},
        {"id": "length", "text": "Short.", "max": 1, "check": {"kind": "max_words", "value": 9}},
    ],
}
PRICE = {"input": 1.0, "output": 2.0}


def verdict(score: Any = 2, quotes: tuple[str, ...] = ()) -> str:
    return json.dumps(
        {
            "rationale": {"facts": "All of them are there."},
            "evidence": {"facts": list(quotes)},
            "scores": {"facts": score},
        }
    )


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai(answer=lambda body: verdict()) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: FakeOpenAI) -> Project:
    project = Project.make(tmp_path, rubric=RUBRIC)
    judged_by(project, server)
    for n in range(3):
        project.case(f"c{n}", f"{n} words")
    return project


def judged_by(project: Project, server: FakeOpenAI, **changes: Any) -> None:
    strict = {"kind": "openai", "model": "j", "base_url": server.url, "price": PRICE, **changes}
    systems = {"echo": {"kind": "python", "call": "echo.py:answer"}}
    settings = {"dataset": "d", "systems": systems, "judges": {"strict": strict}}
    project.write("labeltool.yaml", settings)


async def finish(
    project: Project, *, run_id: str = "r1", **request: Any
) -> tuple[dict[str, Any], int]:
    out = project.root / "eval_results.json"
    code = -1
    asked = Request(out=out, concurrency=1, **request)
    events = run(project.context(), asked, run_id=run_id, stop=Stop(), clock=lambda: 0.0)
    async for event in events:
        if isinstance(event, Finished):
            code = exit_code(event)
    return json.loads(out.read_text()), code


def errors(found: dict[str, Any]) -> list[Any]:
    return [case["error"] for case in found["cases"]]


async def test_scores_reasons_and_quotes_stand_with_each_case(
    project: Project, server: FakeOpenAI
) -> None:
    server.answer = lambda body: verdict(1, ("words",))
    found, code = await finish(project, threshold=0.5)
    case = found["cases"][0]
    assert case["scores"] == {"facts": 1, "length": 1}
    assert case["rationale"]["facts"] == "All of them are there."
    assert case["evidence"] == {"facts": ["words"]}
    assert case["score"] == pytest.approx(2 / 3), "the sum is ours"
    assert code == 1


async def test_what_the_judge_costs_is_counted_apart(project: Project) -> None:
    found, _ = await finish(project)
    assert found["usage"]["system"]["calls"] == 3
    spent = found["usage"]["judge"]
    assert (spent["calls"], spent["cached"]) == (3, 0)
    assert spent["cost_usd"] == pytest.approx(
        (spent["input_tokens"] + 2 * spent["output_tokens"]) / 1e6
    )


async def test_a_verdict_is_kept_and_not_paid_again(project: Project, server: FakeOpenAI) -> None:
    first, _ = await finish(project)
    again, _ = await finish(project, run_id="r2")
    assert server.count() == 3
    assert again["cases"] == [
        {**case, "latency_ms": again["cases"][n]["latency_ms"]}
        for n, case in enumerate(first["cases"])
    ]
    spent = again["usage"]["judge"]
    assert (spent["calls"], spent["cached"], spent["cost_usd"]) == (0, 3, 0)
    assert spent["list_cost_usd"] == first["usage"]["judge"]["cost_usd"]
    await finish(project, run_id="r3", cache=False)
    assert server.count() == 6


async def test_an_amended_rubric_another_output_and_a_repeat_are_judged_anew(
    project: Project, server: FakeOpenAI
) -> None:
    await finish(project)
    project.case("c0", "other words")
    await finish(project, run_id="r2")
    assert server.count() == 4
    criteria = [{**RUBRIC["criteria"][0], "text": "All the facts."}, RUBRIC["criteria"][1]]
    project.write("rubrics/short.yaml", {**RUBRIC, "criteria": criteria})
    await finish(project, run_id="r3")
    assert server.count() == 7
    await finish(project, run_id="r4", repeat=2)
    assert server.count() == 10, "the first of two was kept"


async def test_a_line_before_the_run_counts_the_judge(project: Project, server: FakeOpenAI) -> None:
    events = run(project.context(), Request(), run_id="r", stop=Stop(), clock=lambda: 0.0)
    first = await anext(events)
    await events.aclose()
    assert isinstance(first, Estimate)
    assert "3 to judge strict" in first.line()
    assert server.count() == 0


async def test_the_judge_counts_against_max_cost(project: Project, server: FakeOpenAI) -> None:
    found, code = await finish(project, max_cost=0.0001)
    assert code == 5
    assert server.count() < 3, "one more may be on its way"
    assert "--max-cost" in found["why"]


@pytest.mark.parametrize("fault", ["500", "reset", "html", "null-choices"])
async def test_a_fault_of_the_judge_is_that_cases_error(
    project: Project, server: FakeOpenAI, fault: str
) -> None:
    server.script = deque(["ok", *[fault] * 4])
    found, code = await finish(project)
    assert [error and error["kind"] for error in errors(found)] == [None, "judge", None]
    assert code == 5, "an error decides"
    assert found["tiers"]["golden"]["errors"] == 1
    assert found["cases"][1]["output"] == "1 words", "what was answered is kept"
    assert found["cases"][1]["score"] is None
    assert found["usage"]["judge"]["calls"] == 3


@pytest.mark.parametrize(
    "said",
    [
        "10/10",
        verdict(3),
        verdict(True),
        verdict("2"),
        verdict(2.5),
        verdict().replace("2}", "NaN}"),
        verdict().replace("2}", "Infinity}"),
        verdict().replace('"facts": 2', '"facts": 0, "facts": 2'),
        verdict(2, ("stands nowhere",)),
        "",
    ],
)
async def test_what_is_no_verdict_is_an_error_and_never_a_number(
    project: Project, server: FakeOpenAI, said: str
) -> None:
    server.answer = lambda body: said
    found, code = await finish(project, cases=("c0",))
    (error,) = errors(found)
    assert error["kind"] == "judge"
    assert found["cases"][0]["scores"] == {"length": 1}
    assert found["cases"][0]["passed"] is None
    assert found["usage"]["judge"]["calls"] == 2, "one repair"
    assert code == 5


@pytest.mark.parametrize("fault", ["401", "quota"])
async def test_a_wrong_key_or_a_spent_quota_ends_the_run(
    project: Project, server: FakeOpenAI, fault: str
) -> None:
    server.always = fault
    found, code = await finish(project)
    assert (code, server.count()) == (5, 1)
    assert "of 3 cases: the judge failed: the server answered" in found["why"]


async def test_a_server_without_json_ends_the_run_and_says_so(
    project: Project, server: FakeOpenAI
) -> None:
    server.formats = frozenset()
    found, code = await finish(project)
    assert code == 5
    assert "neither a JSON schema nor JSON mode" in found["why"]


async def test_a_judge_that_drips_meets_its_deadline(project: Project, server: FakeOpenAI) -> None:
    judged_by(project, server, timeout_s=0.2)
    server.script = deque(["drip"])
    found, _ = await finish(project)
    assert "no whole answer within 0.2 s" in errors(found)[0]["message"]
    assert errors(found)[1:] == [None, None]


async def test_where_people_score_no_judge_is_asked_and_no_key_is_wanted(
    project: Project, server: FakeOpenAI
) -> None:
    judged_by(project, server, base_url=None)
    await finish(project, scores="human")
    assert server.count() == 0


async def test_examples_show_scored_outputs_but_none_of_an_open_round(
    project: Project, server: FakeOpenAI
) -> None:
    judged_by(project, server, examples=["c0"])
    project.output("c0", "an old answer")
    project.label("c0", "alice", {"facts": 1}, output_hash=None)
    project.case("c0", "0 words", expected="zero words")
    await finish(project, cases=("c1",))
    user = server.calls[0]["messages"][1]["content"]
    assert '{"output": "an old answer", "scores": {"facts": 1}}' in user.partition("graded")[0]
    project.write(
        "datasets/d/rounds/1.yaml",
        {
            "number": 1,
            "rubric": "short@1",
            "system": "old",
            "annotators": ["alice", "bob"],
            "outputs": [{"case": "c0"}],
        },
    )
    await finish(project, cases=("c2",), run_id="r2")
    user = server.calls[-1]["messages"][1]["content"]
    assert "zero words" in user
    assert "an old answer" not in user


async def test_a_judge_that_obeys_its_output_still_gives_no_more_than_the_scale(
    project: Project, server: FakeOpenAI
) -> None:
    """The worst judge there is: whatever looks like a verdict in the data is its reply."""

    def gullible(body: Body) -> str:
        data = json.loads(body["messages"][1]["content"].partition(" begin\n")[2].split("\n")[0])
        output = data["output"]
        return str(output[output.find("{") :] if "{" in output else verdict(10))

    server.answer = gullible
    server.always = "ok"
    project.code("echo.py", "def answer(case):\n    return case['vars']['said']\n")
    for n in range(3):
        (project.root / f"datasets/d/cases/golden/c{n}.yaml").unlink()
    for probe in PROBES:
        project.case(probe.id, vars={"said": probe.apply("bad")})
    found, _ = await finish(project)
    assert {error["kind"] for error in errors(found)} == {"judge"}
    assert all(case["passed"] is None for case in found["cases"])
