"""A real HTTP server on loopback that speaks the OpenAI protocol and misbehaves when told to."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Body = dict[str, Any]
Answer = Callable[[Body], str]


REFUSALS: Mapping[str, tuple[int, str, str | None, Mapping[str, str]]] = {
    "429": (429, "Rate limit reached", None, {"retry-after": "0.01"}),
    "429-plain": (429, "Slow down", None, {}),
    "429-hour": (429, "Come back later", None, {"retry-after": "3600"}),
    "quota": (429, "You exceeded your current quota", "insufficient_quota", {}),
    "401": (401, "Incorrect API key provided: KEY", "invalid_api_key", {}),
    "404": (404, "The model MODEL does not exist", None, {}),
    "400": (400, "Unsupported value: temperature", None, {}),
    "500": (500, "The server had an error", None, {}),
    "502": (502, "The server had an error", None, {}),
    "503": (503, "The server had an error", None, {}),
    "redirect": (307, "Elsewhere", None, {"location": "http://127.0.0.1:9/v1"}),
}
JSON_TYPE = "application/json"
BODIES: Mapping[str, Callable[[bytes], tuple[bytes, str]]] = {
    "half-json": lambda whole: (whole[: len(whole) // 2], JSON_TYPE),
    "html": lambda whole: (b"<html><body>Bad gateway</body></html>", "text/html"),
    "empty": lambda whole: (b"", JSON_TYPE),
    "null-choices": lambda whole: (b'{"choices": null}', JSON_TYPE),
    "null-content": lambda whole: (b'{"choices": [{"message": {"content": null}}]}', JSON_TYPE),
    "nan": lambda whole: (whole.replace(b'"created": 1', b'"created": NaN'), JSON_TYPE),
    "used-up": lambda whole: (whole, JSON_TYPE),
}
"""What comes back instead; `used-up` is a good reply that says that the allowance is spent."""


def echo(body: Body) -> str:
    """The last message, as it came."""
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else json.dumps(content)


@dataclass
class FakeOpenAI:
    """`answer` writes the replies. `script`: a fault for each of the next calls, `ok` for none.

    `flake`: the share of calls that meet one of `flakes`, drawn with a seed. `calls` are the bodies
    that came in, `headers` theirs. `formats`: the response formats that it has, None for all; a
    schema with greatest lengths is `bounded`.
    """

    answer: Answer = echo
    latency_s: float = 0.0
    script: deque[str] = field(default_factory=deque)
    always: str = "ok"
    flake: float = 0.0
    flakes: tuple[str, ...] = ("500", "reset", "truncated", "429", "html", "empty")
    per_second: float | None = None
    formats: frozenset[str] | None = None
    calls: list[Body] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    url: str = ""
    at_once: int = 0
    most_at_once: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(7))
    _went_out: deque[float] = field(default_factory=deque)

    def count(self) -> int:
        return len(self.calls)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        body = json.loads(await request.read())
        self.calls.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.latency_s:
                await asyncio.sleep(self.latency_s)
            if (wait := self._over_the_rate()) > 0:
                return _error(429, "Rate limit reached", headers={"retry-after": f"{wait:.3f}"})
            fault = self._next()
            wanted = _format(body)
            if wanted is not None and self.formats is not None and wanted not in self.formats:
                return _error(400, f"response_format: {wanted} is not supported")
            if fault == "ok":
                return web.Response(body=self.reply(body), content_type="application/json")
            return await self._misbehave(fault, request, body)
        finally:
            self.at_once -= 1

    def _over_the_rate(self) -> float:
        """Seconds until the next call may come; 0 where this one may."""
        if self.per_second is None:
            return 0.0
        now = asyncio.get_running_loop().time()
        while self._went_out and self._went_out[0] < now - 1:
            self._went_out.popleft()
        if len(self._went_out) >= self.per_second:
            return self._went_out[0] + 1 - now
        self._went_out.append(now)
        return 0.0

    def _next(self) -> str:
        if self.script:
            return self.script.popleft()
        if self.flake and self._random.random() < self.flake:
            return self._random.choice(self.flakes)
        return self.always

    def reply(self, body: Body) -> bytes:
        text = self.answer(body)
        words = sum(len(str(m["content"]).split()) for m in body["messages"])
        return json.dumps(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": body["model"],
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": text},
                        "finish_reason": "stop",
                    }
                ],
                "usage": {
                    "prompt_tokens": words,
                    "completion_tokens": len(text.split()),
                    "total_tokens": words + len(text.split()),
                },
            }
        ).encode()

    async def _misbehave(self, fault: str, request: web.Request, body: Body) -> web.StreamResponse:
        whole = self.reply(body) if "messages" in body else b'{"created": 1, "data": []}'
        if fault in REFUSALS:
            status, message, code, headers = REFUSALS[fault]
            sent = request.headers.get("authorization", "").removeprefix("Bearer ")
            said = message.replace("KEY", sent).replace("MODEL", body["model"])
            return _error(status, said, code=code, headers=headers)
        if fault in BODIES:
            return _body(BODIES[fault], whole)
        if fault == "reset":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        assert fault in {"truncated", "drip"}, f"no such fault: {fault}"
        return await (_cut if fault == "truncated" else _drip)(request, whole)

    async def embeddings(self, request: web.Request) -> web.StreamResponse:
        """Vectors that the text alone decides."""
        body = json.loads(await request.read())
        self.calls.append(body)
        if (fault := self._next()) != "ok":
            return await self._misbehave(fault, request, body)
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        data = [
            {"object": "embedding", "index": n, "embedding": _vector(text)}
            for n, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return web.json_response({"object": "list", "data": data, "usage": usage})


def _format(body: Body) -> str | None:
    found = body.get("response_format")
    if found is None:
        return None
    return "bounded" if "maxLength" in json.dumps(found) else str(found["type"])


def _error(
    status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    error = {"message": message, "type": code, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


def _body(make: Callable[[bytes], tuple[bytes, str]], whole: bytes) -> web.Response:
    body, kind = make(whole)
    used_up = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "50ms"}
    headers = used_up if body is whole else {}
    return web.Response(body=body, content_type=kind, headers=headers)


async def _cut(request: web.Request, whole: bytes) -> web.StreamResponse:
    """Promises the whole and closes after half."""
    response = web.StreamResponse(headers={"content-type": "application/json"})
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


async def _drip(request: web.Request, whole: bytes) -> web.StreamResponse:
    """A byte now and then: no single read takes long, the whole never ends."""
    response = web.StreamResponse(headers={"content-type": "application/json"})
    await response.prepare(request)
    for byte in whole:
        await response.write(bytes([byte]))
        await asyncio.sleep(0.02)
    return response


def _vector(text: str) -> list[float]:
    digest = hashlib.sha256(text.encode()).digest()
    return [byte / 255 - 0.5 for byte in digest[:16]]


@contextmanager
def fake_openai(**said: Any) -> Iterator[FakeOpenAI]:
    """The server, in a thread of its own, until the block ends."""
    server = FakeOpenAI(**said)
    loop = asyncio.new_event_loop()
    up = threading.Event()
    runners: list[web.AppRunner] = []

    async def start() -> None:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_post("/v1/chat/completions", server.chat)
        app.router.add_post("/v1/embeddings", server.embeddings)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}/v1"
        up.set()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()
        loop.run_until_complete(runners[0].cleanup())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert up.wait(20)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
