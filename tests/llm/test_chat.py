"""Calls to a real server on loopback, well-behaved and not."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from labeltool.errors import IncompleteError
from labeltool.llm.chat import Reply, chat
from labeltool.llm.endpoint import Endpoint
from labeltool.llm.failure import CallFailure
from labeltool.llm.retry import Policy
from tests.fake_openai import FakeOpenAI, fake_openai

KEY = "local-secret-key-4411"
QUICK = Policy(first_wait_s=0.01, waiting_s=2.0, retry_after_s=1.0)


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@asynccontextmanager
async def endpoint(server: FakeOpenAI, policy: Policy = QUICK) -> AsyncIterator[Endpoint]:
    opened = Endpoint(base_url=server.url, api_key_env="MY_KEY", env={"MY_KEY": KEY}, policy=policy)
    try:
        yield opened
    finally:
        await opened.close()


async def ask(opened: Endpoint, text: str = "hello there", **said: Any) -> Reply:
    options: dict[str, Any] = {"params": {"temperature": 0}, "deadline_s": 5.0, **said}
    return await chat(opened, model="m", messages=[{"role": "user", "content": text}], **options)


async def test_a_reply_comes_with_its_tokens_its_time_and_why_it_ended(
    server: FakeOpenAI,
) -> None:
    async with endpoint(server) as opened:
        reply = await ask(opened)
    assert (reply.text, reply.finish_reason, reply.model) == ("hello there", "stop", "m")
    assert (reply.input_tokens, reply.output_tokens, reply.attempts) == (2, 2, 1)
    assert reply.latency_ms > 0
    assert server.calls[0]["temperature"] == 0
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "fault",
    [
        *("429", "429-plain", "500", "502", "503", "reset", "truncated", "half-json"),
        *("html", "empty", "null-choices", "null-content", "nan"),
    ],
)
async def test_what_passes_is_tried_again(server: FakeOpenAI, fault: str) -> None:
    server.script = deque([fault])
    async with endpoint(server) as opened:
        reply = await ask(opened)
    assert (reply.text, reply.attempts, server.count()) == ("hello there", 2, 2)


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        ("500", "system", "the server answered 500: The server had an error"),
        ("reset", "system", "could not be reached"),
        ("truncated", "system", "could not be reached"),
        ("half-json", "bad_output", "no whole JSON"),
        ("html", "bad_output", "answered text/html, not JSON: <html><body>Bad gateway"),
        ("empty", "bad_output", "no whole JSON"),
        ("null-choices", "bad_output", "no choices"),
        ("null-content", "bad_output", "no text"),
    ],
)
async def test_what_stays_is_one_typed_error_after_four_attempts(
    server: FakeOpenAI, fault: str, kind: str, says: str
) -> None:
    server.always = fault
    async with endpoint(server) as opened:
        with pytest.raises(CallFailure) as caught:
            await ask(opened)
    assert (caught.value.kind, caught.value.attempts, server.count()) == (kind, 4, 4)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert not caught.value.fatal


@pytest.mark.parametrize("fault", ["400", "404", "redirect"])
async def test_what_asking_again_cannot_mend_is_not_asked_again(
    server: FakeOpenAI, fault: str
) -> None:
    server.always = fault
    async with endpoint(server) as opened:
        with pytest.raises(CallFailure):
            await ask(opened)
    assert server.count() == 1


@pytest.mark.parametrize("fault", ["401", "quota"])
async def test_a_wrong_key_and_a_spent_quota_end_it_without_showing_the_key(
    server: FakeOpenAI, fault: str
) -> None:
    server.always = fault
    async with endpoint(server) as opened:
        with pytest.raises(CallFailure) as caught:
            await ask(opened)
        assert caught.value.fatal
        assert KEY not in caught.value.message
        with pytest.raises(CallFailure) as again:
            await ask(opened)
    assert again.value is caught.value
    assert server.count() == 1, "nobody is asked after that"


async def test_a_server_that_never_worked_ends_it_after_the_first_calls(
    server: FakeOpenAI,
) -> None:
    server.always = "404"
    fatal: list[bool] = []
    async with endpoint(server, Policy(first_calls=5)) as opened:
        for _ in range(5):
            with pytest.raises(CallFailure) as caught:
                await ask(opened)
            fatal.append(caught.value.fatal)
    assert fatal == [False] * 4 + [True]
    assert "the first 5 calls to" in caught.value.message


async def test_one_success_keeps_an_endpoint_alive(server: FakeOpenAI) -> None:
    server.script = deque(["ok"])
    server.always = "404"
    async with endpoint(server, Policy(first_calls=2)) as opened:
        await ask(opened)
        for _ in range(4):
            with pytest.raises(CallFailure) as caught:
                await ask(opened)
            assert not caught.value.fatal


async def test_a_server_that_drips_meets_a_deadline(server: FakeOpenAI) -> None:
    server.always = "drip"
    async with endpoint(server) as opened:
        with pytest.raises(CallFailure) as caught:
            await ask(opened, deadline_s=0.3)
    assert caught.value.kind == "timeout"
    assert caught.value.message == "no whole answer within 0.3 s"


async def test_an_hour_is_not_waited_for(server: FakeOpenAI) -> None:
    server.always = "429-hour"
    async with endpoint(server) as opened:
        with pytest.raises(CallFailure, match="Come back later"):
            await ask(opened)
    assert server.count() == 1


async def test_retries_have_a_bound_for_the_whole_run(server: FakeOpenAI) -> None:
    server.script = deque(["ok"])
    server.always = "500"
    async with endpoint(server, Policy(spare=2, first_wait_s=0.01)) as opened:
        await ask(opened)
        for _ in range(6):
            with pytest.raises(CallFailure):
                await ask(opened)
    assert server.count() <= 7 + 2 + 7 // 2


async def test_a_busy_server_is_asked_more_slowly_until_all_is_answered(
    server: FakeOpenAI,
) -> None:
    server.per_second = 20
    async with endpoint(server, Policy()) as opened:
        replies = await asyncio.gather(*(ask(opened, f"q {n}") for n in range(40)))
    assert [reply.text for reply in replies] == [f"q {n}" for n in range(40)]


async def test_an_allowance_that_is_used_up_is_waited_for(server: FakeOpenAI) -> None:
    server.script = deque(["used-up"])
    async with endpoint(server) as opened:
        await ask(opened)
        began = time.monotonic()
        await ask(opened)
    assert time.monotonic() - began >= 0.04


async def test_an_unreachable_server_is_named() -> None:
    opened = Endpoint(
        base_url="http://127.0.0.1:9/v1", api_key_env="NONE", env={}, policy=Policy(attempts=1)
    )
    with pytest.raises(CallFailure, match=r"127\.0\.0\.1:9/v1 could not be reached"):
        await ask(opened)
    await opened.close()


def test_the_official_server_wants_a_key_before_anything_is_asked() -> None:
    with pytest.raises(IncompleteError, match="OPENAI_API_KEY is not set"):
        Endpoint(base_url=None, api_key_env="OPENAI_API_KEY", env={})


def test_a_server_of_ones_own_may_want_none() -> None:
    assert Endpoint(base_url="http://localhost:1/v1/", api_key_env="K", env={}).url.endswith("/v1")
