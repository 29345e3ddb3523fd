"""Runs that ask real servers, stop, go on, repeat, and are held against a baseline."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.run import CaseDone, Stop
from labeltool.errors import DataError, UsageError
from tests.commands.test_run import finish
from tests.fake_openai import FakeOpenAI, fake_openai
from tests.projects import Project

CASES = tuple(f"c{n}" for n in range(8))
MINI: dict[str, Any] = {
    "kind": "openai",
    "model": "m",
    "prompt": "prompt.md",
    "price": {"input": 1.0, "output": 2.0},
}


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: FakeOpenAI) -> Project:
    """Eight golden cases and two regression ones before a model that gives the input back."""
    project = Project.make(tmp_path)
    settings(project, server)
    project.dataset(system="mini", gates={"golden": {"threshold": 0.5}})
    project.code("prompt.md", "{{ input }}")
    for id in CASES:
        project.case(id, f"{id} words")
    for id in ("r1", "r2"):
        project.case(id, f"{id} words", tier="regression")
    return project


def settings(project: Project, server: FakeOpenAI, **changes: Any) -> None:
    mini = {**MINI, "base_url": server.url, **changes}
    project.write("labeltool.yaml", {"dataset": "d", "systems": {"mini": mini}})


def ids(found: dict[str, Any], **wanted: Any) -> list[str]:
    cases = found["cases"]
    return [c["id"] for c in cases if all(c[name] == value for name, value in wanted.items())]


def steady(found: dict[str, Any]) -> dict[str, Any]:
    """The document without its times, its ids, and how many replies were kept."""
    left = {"run_id", "created_at", "latency_ms", "usage", "notices", "git"}
    cases = [{**case, "latency_ms": None} for case in found["cases"]]
    return {**{k: v for k, v in found.items() if k not in left}, "cases": cases}


class TestTheCache:
    async def test_a_second_run_asks_nothing_and_says_so(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        first, _ = await finish(project)
        again, _ = await finish(project, run_id="r2")
        assert server.count() == 10
        assert steady(first) == steady(again)
        assert again["usage"]["system"]["calls"] == 0
        assert again["usage"]["system"]["cached"] == 10
        assert again["usage"]["system"]["cost_usd"] == 0
        assert again["usage"]["system"]["list_cost_usd"] == pytest.approx(
            first["usage"]["system"]["cost_usd"]
        )
        assert again["latency_ms"]["n"] == 0, "a kept reply has no latency"

    async def test_another_prompt_is_asked_anew(self, project: Project, server: FakeOpenAI) -> None:
        await finish(project)
        project.code("prompt.md", "{{ input }} please")
        await finish(project, run_id="r2")
        assert server.count() == 20

    async def test_a_repeat_is_never_served_anothers_reply(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        words = iter(range(100))
        server.answer = lambda body: f"answer {next(words)}"
        found, _ = await finish(project, repeat=3, cases=("c0",))
        hashes = [one["output_hash"] for one in found["cases"][0]["repeats"]]
        assert len(set(hashes)) == 3
        again, _ = await finish(project, repeat=3, cases=("c0",), run_id="r2")
        assert [one["output_hash"] for one in again["cases"][0]["repeats"]] == hashes
        assert server.count() == 3

    async def test_without_it_everything_is_asked(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project)
        await finish(project, run_id="r2", cache=False)
        assert server.count() == 20


class TestFaults:
    @pytest.mark.parametrize("fault", ["500", "html", "null-choices", "reset"])
    async def test_a_case_that_meets_one_is_an_error_and_the_run_goes_on(
        self, project: Project, server: FakeOpenAI, fault: str
    ) -> None:
        server.answer = lambda body: body["messages"][0]["content"]
        server.script = deque(["ok"] * 3 + [fault] * 4)
        found, _ = await finish(project, concurrency=1)
        assert [c["id"] for c in found["cases"] if c["error"]] == ["c3"]
        assert found["cases"][3]["attempts"] == 4
        assert len(found["cases"]) == 10

    async def test_a_wrong_key_ends_the_run_with_five(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        server.always = "401"
        found, code = await finish(project, concurrency=1)
        assert code == 5
        assert found["verdict"] == "incomplete"
        assert "of 10 cases: the server answered 401: Incorrect API key" in found["why"]
        assert server.count() == 1

    async def test_one_per_cent_of_flake_stays_green(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        server.flake = 0.05
        for n in range(5):
            found, code = await finish(project, run_id=f"f{n}", cache=False)
            assert (code, found["verdict"]) == (0, "pass")


class TestBounds:
    async def test_a_cost_is_not_exceeded_by_more_than_what_was_on_its_way(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        one_call = (2 * 1.0 + 2 * 2.0) / 1e6
        found, code = await finish(project, concurrency=1, max_cost=3 * one_call)
        assert code == 5
        assert "--max-cost" in found["why"]
        assert server.count() <= 4

    async def test_tokens_have_a_bound_too(self, project: Project, server: FakeOpenAI) -> None:
        _, code = await finish(project, concurrency=1, max_tokens=8)
        assert code == 5
        assert server.count() <= 3

    async def test_a_bound_without_a_price_is_refused_before_anything_is_asked(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        settings(project, server, price=None)
        with pytest.raises(DataError, match="has no price") as caught:
            await finish(project, max_cost=1.0)
        assert str(caught.value.where) == "labeltool.yaml: systems.mini.price"
        assert server.count() == 0


def stop_after(count: int) -> Any:
    seen: list[str] = []

    def each(done: CaseDone, stop: Stop) -> None:
        seen.append(done.result.id)
        if len(seen) == count:
            stop.ask()
            stop.ask()

    return each


class TestResume:
    async def test_a_run_that_was_stopped_goes_on_to_the_same_result(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        whole, _ = await finish(project, cache=False)
        server.calls.clear()
        part, code = await finish(
            project, run_id="s1", cache=False, concurrency=1, each=stop_after(4)
        )
        assert (code, part["verdict"]) == (130, "incomplete")
        asked = server.count()
        found, code = await finish(project, run_id="s2", cache=False, resume="latest")
        assert code == 0
        assert found["run_id"] == "s1"
        assert steady(found) == steady(whole)
        assert server.count() <= asked + 6
        assert found["usage"]["system"]["calls"] == 10

    async def test_a_torn_last_line_is_graded_again(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        whole, _ = await finish(project, cache=False)
        await finish(project, run_id="s1", cache=False, concurrency=1, each=stop_after(4))
        log = project.root / ".labeltool/runs/s1/log.jsonl"
        log.write_bytes(log.read_bytes()[:-7])
        found, _ = await finish(project, cache=False, resume="s1")
        assert steady(found) == steady(whole)
        for line in log.read_bytes().splitlines():
            json.loads(line)

    async def test_it_never_mixes_with_what_was_asked_otherwise(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project, run_id="s1", cache=False, concurrency=1, each=stop_after(4))
        project.code("prompt.md", "{{ input }} please")
        with pytest.raises(UsageError, match="another system fingerprint"):
            await finish(project, resume="s1")
        with pytest.raises(UsageError, match="no run of these very inputs"):
            await finish(project, resume="latest")

    async def test_a_case_that_changed_meanwhile_runs_again(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project, run_id="s1", cache=False, concurrency=1, each=stop_after(4))
        project.case("c0", "other words")
        found, _ = await finish(project, cache=False, resume="latest")
        assert found["cases"][0]["output"] == "other words"
        assert "1 case changed meanwhile, and ran again" in found["notices"]

    async def test_errors_alone_run_again(self, project: Project, server: FakeOpenAI) -> None:
        server.script = deque(["ok"] * 3 + ["400"] * 2)
        first, _ = await finish(project, cache=False, concurrency=1)
        assert ids(first, passed=None) == ["c3", "c4"]
        found, _ = await finish(project, cache=False, retry_errors=True)
        assert server.count() == 12
        assert ids(found, passed=None) == []
        assert found["tiers"]["golden"]["passed"] == 8

    async def test_nothing_to_go_on_with_is_said(self, project: Project) -> None:
        with pytest.raises(UsageError, match="no run of these very inputs"):
            await finish(project, resume="latest")
        with pytest.raises(UsageError, match=r"no run '\.\./x'"):
            await finish(project, resume="../x")


class TestOnlyFailing:
    async def test_only_what_failed_there_runs(self, project: Project, server: FakeOpenAI) -> None:
        project.case("c2", "far too many words for this rubric")
        await finish(project)
        found, _ = await finish(
            project, run_id="r2", only_failing=project.root / "eval_results.json"
        )
        assert ids(found) == ["c2"]

    async def test_where_nothing_failed_a_run_of_nothing_is_not_green(
        self, project: Project
    ) -> None:
        await finish(project)
        with pytest.raises(UsageError, match="no case failed"):
            await finish(project, only_failing=project.root / "eval_results.json")


class TestBaseline:
    async def test_a_worse_prompt_names_what_it_broke_and_what_it_was(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project)
        (project.root / "eval_results.json").rename(project.root / "main.json")
        project.code("prompt.md", "{{ input }} and many more words than before")
        found, code = await finish(project, run_id="r2", baseline="main.json", base=project.root)
        assert code == 1
        assert found["verdict"] == "fail"
        assert found["baseline"]["broken"] == [*CASES, "r1", "r2"]
        assert found["baseline"]["p_value"] == pytest.approx(2 / 2**10)
        assert found["baseline"]["before"]["c0"] == {"scores": {"length": 1}, "output": "c0 words"}
        assert found["tiers"]["regression"]["verdict"] == "fail"
        assert "r1, r2 passed at main.json and fail now" in found["tiers"]["regression"]["why"]

    async def test_a_lost_regression_case_fails_the_run_though_the_rate_holds(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project)
        (project.root / "eval_results.json").rename(project.root / "main.json")
        server.answer = lambda body: (
            "far too many words for this" if "r1" in str(body) else body["messages"][0]["content"]
        )
        found, code = await finish(
            project, run_id="r2", baseline="main.json", base=project.root, cache=False
        )
        assert (code, found["why"]) == (1, "regression r1 passed at main.json and fails now")
        case = next(one for one in found["cases"] if one["id"] == "r1")
        assert [one["passed"] for one in case["repeats"]] == [False, False, False]

    async def test_one_that_fails_once_of_three_is_only_flaky(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project)
        (project.root / "eval_results.json").rename(project.root / "main.json")
        words = deque(["far too many words for this"])

        def once(body: dict[str, Any]) -> str:
            text: str = body["messages"][0]["content"]
            return words.popleft() if "r1" in text and words else text

        server.answer = once
        found, code = await finish(
            project, run_id="r2", baseline="main.json", base=project.root, cache=False
        )
        assert code == 0
        assert found["tiers"]["regression"]["flaky"] == ["r1"]
        assert found["baseline"]["broken"] == []

    async def test_one_of_another_rubric_is_stale_and_says_so(
        self, project: Project, server: FakeOpenAI
    ) -> None:
        await finish(project)
        (project.root / "eval_results.json").rename(project.root / "main.json")
        rubric = json.loads((project.root / "rubrics/short.yaml").read_text())
        project.write("rubrics/short.yaml", {**rubric, "version": 2})
        found, code = await finish(project, run_id="r2", baseline="main.json", base=project.root)
        assert (code, found["baseline"]) == (0, None)
        assert found["baseline_why"] == (
            "the baseline main.json is stale: it was made under short@1, this run under short@2"
        )


class TestShards:
    async def test_each_takes_its_own_and_gates_nothing(self, project: Project) -> None:
        seen: list[str] = []
        for number in (1, 2, 3):
            found, code = await finish(
                project, run_id=f"s{number}", shard=f"{number}/3", threshold=1.0
            )
            assert (code, found["shard"]) == (0, f"{number}/3")
            assert "`labeltool merge` does" in found["why"]
            assert all(tier["verdict"] is None for tier in found["tiers"].values())
            seen += ids(found)
        assert sorted(seen) == [*CASES, "r1", "r2"]
