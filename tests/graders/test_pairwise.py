"""Which of two outputs a judge takes, and what it may not say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from labeltool.config import OpenAIJudge as Settings
from labeltool.errors import DataError, Where
from labeltool.graders.asking import JudgeFailure
from labeltool.graders.judging import make_judge
from labeltool.graders.pairwise import ModelPairJudge, Pair, ReferencePairJudge, read_choice
from labeltool.graders.probes import PROBES, Probe
from labeltool.graders.reply import BadReplyError
from labeltool.llm.endpoint import Endpoint
from labeltool.model.rubric import Rubric
from tests.fake_openai import FakeOpenAI, fake_openai
from tests.graders.judged import GRADED, RUBRIC

GOOD, BAD = GRADED.output, "All is well."
PAIR = Pair(GRADED.input, GRADED.context, GRADED.expected, GOOD, BAD)
BY_HAND = Rubric.model_validate(
    {
        "name": "r",
        "version": 1,
        "criteria": [{"id": "warm", "text": "Warm.", "max": 1, "grader": "human"}],
    }
)


def choice(winner: Any = "first", rationale: Any = "It names the order.") -> str:
    return json.dumps({"winner": winner, "rationale": rationale})


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai(answer=lambda body: choice()) as running:
        yield running


def judge(server: FakeOpenAI, rubric: Rubric = RUBRIC, **said: Any) -> ModelPairJudge:
    endpoint = Endpoint(base_url=server.url, api_key_env="K", env={})
    settings = Settings(kind="openai", model="j", **said)
    return ModelPairJudge(settings, rubric, endpoint, where=Where("labeltool.yaml"))


async def test_it_says_which_and_why_in_one_call(server: FakeOpenAI) -> None:
    opened = judge(server)
    chosen = await opened.choose(PAIR)
    await opened.close()
    assert (chosen.winner, chosen.rationale) == ("first", "It names the order.")
    assert len(chosen.spent) == server.count() == 1
    system, user = (message["content"] for message in server.calls[0]["messages"])
    assert "Summarise a ticket." in system
    assert GOOD not in system
    data = json.loads(user.partition(" begin\n")[2].split("\n")[0])
    assert (data["first"], data["second"]) == (GOOD, BAD)
    assert "All facts." in user.partition(" end\n")[2]


async def test_what_each_system_looked_up_stands_with_its_output(server: FakeOpenAI) -> None:
    opened = judge(server)
    await opened.choose(replace(PAIR, contexts=((), [("d", "looked up")])))
    await opened.close()
    user = server.calls[0]["messages"][1]["content"]
    assert '"documents_of_second": [{"id": "d", "text": "looked up"}]' in user
    assert "documents_of_first" not in user


async def test_a_choice_that_is_none_is_repaired_once(server: FakeOpenAI) -> None:
    replies = [choice("A"), choice("tie")]
    server.answer = lambda body: replies.pop(0)
    opened = judge(server)
    assert (await opened.choose(PAIR)).winner == "tie"
    server.answer = lambda body: choice(1)
    with pytest.raises(JudgeFailure, match="the winner is none of"):
        await opened.choose(PAIR)
    await opened.close()


@pytest.mark.parametrize(
    "said",
    [
        choice("both"),
        choice(None),
        choice(["first"]),
        choice("first", ""),
        choice("first", ":"),
        '{"winner": "first"}',
        '{"winner": "first", "winner": "second", "rationale": "x"}',
        '{"winner": "first", "rationale": "x", "score": 10}',
        "first",
    ],
)
def test_only_a_winner_with_a_reason_is_a_choice(said: str) -> None:
    with pytest.raises(BadReplyError):
        read_choice(said)


async def test_the_other_order_is_another_question_and_the_rubric_part_of_it(
    server: FakeOpenAI,
) -> None:
    opened = judge(server)
    swapped = replace(PAIR, first=BAD, second=GOOD)
    assert opened.request(PAIR) != opened.request(swapped)
    amended = RUBRIC.model_copy(update={"task": "Other."})
    other = judge(server, amended)
    assert other.request(PAIR) != opened.request(PAIR)
    assert other.fingerprint == opened.fingerprint
    assert judge(server, params={"seed": 1}).fingerprint != opened.fingerprint


def test_a_rubric_that_only_people_score_is_none_for_a_judge(server: FakeOpenAI) -> None:
    with pytest.raises(DataError, match="no criterion for a judge"):
        judge(server, BY_HAND)
    with pytest.raises(DataError, match="no criterion for a judge"):
        ReferencePairJudge(make_judge(), BY_HAND)


class TestTheReferenceJudge:
    def choose(self, first: str, second: str) -> str:
        opened = ReferencePairJudge(make_judge(), RUBRIC)
        pair = replace(PAIR, first=first, second=second)
        return opened.choose(pair, input_text=str(GRADED.input)).winner

    def test_takes_the_one_that_it_scores_higher_in_either_order(self) -> None:
        assert self.choose(GOOD, BAD) == "first"
        assert self.choose(BAD, GOOD) == "second"

    def test_finds_no_difference_between_the_same(self) -> None:
        assert self.choose(GOOD, GOOD) == "tie"

    @pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
    def test_is_not_talked_into_a_choice(self, probe: Probe) -> None:
        assert self.choose(probe.apply(BAD), GOOD) == "second"
