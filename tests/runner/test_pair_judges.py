from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.errors import IncompleteError
from labeltool.model.case import Case, Document
from labeltool.runner.pair_judges import PairJudge, open_pair_judge
from labeltool.runner.replies import Replies
from tests.fake_openai import FakeOpenAI, fake_openai
from tests.projects import Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [{"id": "facts", "text": "All facts.", "max": 2}],
}
CASE = Case.model_validate(
    {"id": "c", "tier": "golden", "input": "Order 17 never came.", "expected": "Order 17 is lost."}
)
ONCE: dict[str, Any] = {"repeat": 0, "fresh": False}


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    said = json.dumps({"winner": "second", "rationale": "It is shorter."})
    with fake_openai(answer=lambda body: said) as running:
        yield running


def opened(project: Project, name: str, **said: Any) -> PairJudge:
    workspace = project.context().workspace
    store = workspace.dataset()
    return open_pair_judge(workspace, name, store.rubric, store=store, env={}, **said)


@pytest.fixture
def project(tmp_path: Path, server: FakeOpenAI) -> Project:
    strict = {"kind": "openai", "model": "j", "base_url": server.url}
    judges = {"default": {"kind": "reference"}, "strict": strict}
    return Project.make(tmp_path, rubric=RUBRIC, judges=judges)


async def test_a_choice_is_kept_under_its_order_and_repeat(
    project: Project, server: FakeOpenAI, tmp_path: Path
) -> None:
    replies = Replies(tmp_path)
    judge = opened(project, "strict", replies=replies)
    first = await judge.choose(CASE, "a", "b", **ONCE)
    assert (first.winner, first.rationale, first.error) == ("second", "It is shorter.", None)
    assert (first.calls.live, first.calls.cached) == (1, 0)
    kept = await judge.choose(CASE, "a", "b", **ONCE)
    assert (kept.winner, kept.calls.live, kept.calls.cached) == ("second", 0, 1)
    assert kept.calls.cached_input == first.calls.input_tokens
    await judge.choose(CASE, "b", "a", **ONCE)
    await judge.choose(CASE, "a", "b", repeat=1, fresh=False)
    await judge.choose(CASE, "a", "b", repeat=0, fresh=True)
    await judge.choose(CASE, "a", "b", **ONCE, contexts=((Document(id="d", text="t"),), ()))
    assert server.count() == 5
    await judge.close()
    replies.close()


async def test_a_fault_is_that_pairs_error_and_a_wrong_key_everybodys(
    project: Project, server: FakeOpenAI
) -> None:
    judge = opened(project, "strict")
    server.always = "400"
    failed = await judge.choose(CASE, "a", "b", **ONCE)
    assert failed.error is not None
    assert (failed.calls.live, failed.fatal) == (1, False)
    server.always = "401"
    assert (await judge.choose(CASE, "a", "b", **ONCE)).fatal
    await judge.close()


async def test_the_reference_judge_compares_its_own_scores(project: Project) -> None:
    judge = opened(project, "default")
    chosen = await judge.choose(CASE, "Order 17 is lost.", "All is well.", **ONCE)
    assert chosen.winner == "first"
    assert chosen.rationale.startswith("its own scores of them are 1.00 and 0.")
    assert chosen.calls.live == 0
    assert judge.fingerprint.endswith("/pair-0.05")
    await judge.close()


def test_a_key_is_wanted_only_where_it_is_asked(project: Project) -> None:
    project.write(
        "labeltool.yaml", {"dataset": "d", "judges": {"strict": {"kind": "openai", "model": "j"}}}
    )
    assert opened(project, "strict", asked=False).kind == "openai"
    with pytest.raises(IncompleteError):
        opened(project, "strict")
