"""Systems of kind http, against a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from labeltool.config import HttpSystem as Settings
from labeltool.errors import IncompleteError, Where
from labeltool.llm.retry import Policy
from labeltool.model.case import Case
from labeltool.systems.base import SystemFailure
from labeltool.systems.http import HttpSystem

WHERE = Where("labeltool.yaml", field="systems.api")
CASE = Case.model_validate(
    {"id": "one", "tier": "golden", "input": "Where?", "expected": "secret", "tags": ["angry"]}
)


@asynccontextmanager
async def system(url: str, **said: Any) -> AsyncIterator[HttpSystem]:
    env = said.pop("env", {})
    policy = Policy(first_wait_s=0.01)
    settings = Settings(kind="http", url=url, **said)
    opened = HttpSystem("api", settings, env=env, concurrency=4, where=WHERE, policy=policy)
    try:
        yield opened
    finally:
        await opened.close()


async def test_the_case_goes_there_and_the_answer_comes_back(httpserver: HTTPServer) -> None:
    reply = {
        "output": "At the depot.",
        "context": [{"id": "d1", "text": "Depot."}],
        "usage": {"input_tokens": 3, "output_tokens": 4},
        "finish_reason": "stop",
    }
    httpserver.expect_request("/s", method="POST").respond_with_json(reply)
    async with system(
        httpserver.url_for("/s"), headers_env={"X-Key": "MY_KEY"}, env={"MY_KEY": "hush-hush"}
    ) as s:
        answer = await s.answer(CASE)
    assert answer.output == "At the depot."
    assert answer.usage is not None
    assert answer.latency_ms is not None
    request, _ = httpserver.log[0]
    assert request.headers["X-Key"] == "hush-hush"
    assert json.loads(request.data) == {
        "id": "one",
        "input": "Where?",
        "context": [],
        "vars": {},
        "tags": ["angry"],
    }


async def test_what_passes_is_tried_again(httpserver: HTTPServer) -> None:
    replies = [Response("down", status=503), Response("{", 200), Response('{"output": "x"}', 200)]

    def handler(request: Request) -> Response:
        return replies.pop(0)

    httpserver.expect_request("/s").respond_with_handler(handler)
    async with system(httpserver.url_for("/s")) as s:
        answer = await s.answer(CASE)
    assert (answer.output, answer.attempts) == ("x", 3)


@pytest.mark.parametrize(
    ("body", "status", "kind", "says"),
    [
        ("no such thing", 404, "system", "the server answered 404: no such thing"),
        ('{"answer": "x"}', 200, "bad_output", "wants a JSON object with `output`"),
        ('{"output": 1}', 200, "bad_output", "wants a JSON object with `output`"),
        ('{"output": "a", "output": "b"}', 200, "bad_output", "stands in one object twice"),
        ("", 302, "system", "the server answered 302"),
    ],
)
async def test_what_is_no_answer_is_that_cases_error(
    httpserver: HTTPServer, body: str, status: int, kind: str, says: str
) -> None:
    headers = {"location": "http://127.0.0.1:9/"}
    httpserver.expect_request("/s").respond_with_response(Response(body, status, headers=headers))
    async with system(httpserver.url_for("/s")) as s:
        with pytest.raises(SystemFailure) as caught:
            await s.answer(CASE)
    assert caught.value.kind == kind
    assert says in caught.value.message


async def test_a_header_that_comes_back_in_an_error_is_not_shown(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/s").respond_with_data("bad key hush-hush-4411", status=401)
    async with system(
        httpserver.url_for("/s"), headers_env={"X-Key": "K"}, env={"K": "hush-hush-4411"}
    ) as s:
        with pytest.raises(SystemFailure) as caught:
            await s.answer(CASE)
    assert caught.value.fatal
    assert caught.value.message == "the server answered 401: bad key [key]"


async def test_a_variable_that_is_not_set_is_said_before_anything_is_asked() -> None:
    with pytest.raises(IncompleteError, match="MY_KEY is not set"):
        async with system("http://127.0.0.1:9/", headers_env={"X-Key": "MY_KEY"}):
            pass


async def test_a_server_that_is_not_there_is_an_error_after_four_attempts() -> None:
    async with system("http://127.0.0.1:9/") as s:
        with pytest.raises(SystemFailure, match="could not be reached") as caught:
            await s.answer(CASE)
    assert caught.value.attempts == 4
