"""Systems of kind openai, against a real server on loopback."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from labeltool.config import OpenAISystem as Settings
from labeltool.errors import DataError, Where
from labeltool.llm.endpoint import Endpoint
from labeltool.llm.retry import Policy
from labeltool.model.case import Case
from labeltool.systems.base import SystemFailure
from labeltool.systems.openai import OpenAISystem
from tests.fake_openai import FakeOpenAI, fake_openai

WHERE = Where("labeltool.yaml", field="systems.mini")
CASE = Case.model_validate(
    {
        "id": "one",
        "tier": "golden",
        "input": "Where is my parcel?",
        "expected": "a secret expectation",
        "vars": {"tone": "kind"},
        "notes": "a secret note",
    }
)


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@asynccontextmanager
async def system(
    root: Path, server: FakeOpenAI, prompt: str = "{{ input }}", **said: Any
) -> AsyncIterator[OpenAISystem]:
    path = said.pop("path", "prompt.md")
    (root / path).write_text(prompt, encoding="utf-8")
    settings = Settings(kind="openai", model="m", prompt=path, **said)
    policy = Policy(first_wait_s=0.01)
    endpoint = Endpoint(base_url=server.url, api_key_env="KEY", env={}, policy=policy)
    opened = OpenAISystem("mini", settings, root, endpoint, where=WHERE)
    try:
        yield opened
    finally:
        await opened.close()


async def test_a_text_file_is_one_user_message(tmp_path: Path, server: FakeOpenAI) -> None:
    async with system(tmp_path, server, "Be {{ vars.tone }}: {{ input }}", params={"seed": 1}) as s:
        answer = await s.answer(CASE)
    assert answer.output == "Be kind: Where is my parcel?"
    assert server.calls[0]["messages"] == [
        {"role": "user", "content": "Be kind: Where is my parcel?"}
    ]
    assert (server.calls[0]["model"], server.calls[0]["seed"]) == ("m", 1)
    assert answer.usage is not None
    assert answer.usage.input_tokens == 6
    assert (answer.finish_reason, answer.attempts) == ("stop", 1)
    assert answer.latency_ms is not None


async def test_a_yaml_file_is_a_list_of_messages(tmp_path: Path, server: FakeOpenAI) -> None:
    prompt = "- role: system\n  content: Be brief.\n- role: user\n  content: '{{ input }}'\n"
    async with system(tmp_path, server, prompt, path="prompt.yaml") as s:
        await s.answer(CASE)
    assert server.calls[0]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Where is my parcel?"},
    ]


async def test_the_model_sees_nothing_that_a_system_may_not(
    tmp_path: Path, server: FakeOpenAI
) -> None:
    async with system(tmp_path, server, "{{ input }} {{ expected }}") as s:
        with pytest.raises(SystemFailure, match=r"prompt\.md cannot be filled in: 'expected'"):
            await s.answer(CASE)
    assert server.count() == 0


async def test_a_chat_input_can_be_put_into_a_text(tmp_path: Path, server: FakeOpenAI) -> None:
    chat = CASE.model_copy(
        update={
            "input": Case.model_validate(
                {
                    **CASE.model_dump(),
                    "input": [
                        {"role": "user", "content": "Hi"},
                        {"role": "assistant", "content": "Hello"},
                    ],
                }
            ).input
        }
    )
    async with system(tmp_path, server, "{{ input_text }}") as s:
        assert (await s.answer(chat)).output == "user: Hi\n\nassistant: Hello"


async def test_the_fingerprint_is_of_all_that_shapes_the_answer(
    tmp_path: Path, server: FakeOpenAI
) -> None:
    prints = []
    for prompt, said in (
        ("{{ input }}", {}),
        ("{{ input }}!", {}),
        ("{{ input }}", {"params": {"temperature": 0}}),
    ):
        async with system(tmp_path, server, prompt, **said) as s:
            prints.append(s.fingerprint)
    async with system(tmp_path, server, timeout_s=5.0) as s:
        assert s.fingerprint == prints[0], "how long we wait shapes no answer"
        assert s.request(CASE) == '[{"content":"Where is my parcel?","role":"user"}]'
    assert len(set(prints)) == 3


async def test_a_fault_is_that_cases_error(tmp_path: Path, server: FakeOpenAI) -> None:
    server.script = deque(["400"])
    async with system(tmp_path, server) as s:
        with pytest.raises(SystemFailure) as caught:
            await s.answer(CASE)
        assert not caught.value.fatal
        assert (await s.answer(CASE)).output == "Where is my parcel?"


async def test_a_wrong_key_ends_the_run(tmp_path: Path, server: FakeOpenAI) -> None:
    server.always = "401"
    async with system(tmp_path, server) as s:
        with pytest.raises(SystemFailure) as caught:
            await s.answer(CASE)
    assert caught.value.fatal


@pytest.mark.parametrize(
    ("prompt", "path", "says"),
    [
        ("{{ input", "p.md", "is no template"),
        ("role: user\n", "p.yaml", "holds no list"),
        ("[]", "p.yaml", "holds no message"),
        ("- role: usr\n  content: x\n", "p.yaml", "no role is named 'usr'"),
        ("- role: user\n", "p.yaml", "a message is {role, content}"),
        ("- {role: user, content: 3}\n", "p.yaml", "`content` is no text"),
    ],
)
async def test_a_prompt_that_is_none_is_named_before_anything_is_asked(
    tmp_path: Path, server: FakeOpenAI, prompt: str, path: str, says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        async with system(tmp_path, server, prompt, path=path):
            pass
    assert caught.value.where is not None
    assert caught.value.where.path == path


async def test_a_prompt_that_is_not_there(tmp_path: Path, server: FakeOpenAI) -> None:
    settings = Settings(kind="openai", model="m", prompt="prompts/gone.md")
    endpoint = Endpoint(base_url=server.url, api_key_env="KEY", env={})
    with pytest.raises(DataError, match=r"there is no file prompts/gone\.md") as caught:
        OpenAISystem("mini", settings, tmp_path, endpoint, where=WHERE)
    assert str(caught.value.where) == "labeltool.yaml: systems.mini.prompt"


async def test_params_that_are_ours_are_refused(tmp_path: Path, server: FakeOpenAI) -> None:
    with pytest.raises(DataError, match="`stream` is not for params"):
        async with system(tmp_path, server, params={"stream": True}):
            pass
