"""A headless Chromium with one page, driven over its DevTools websocket."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE_S = 60.0
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-proxy-server", "--hide-scrollbars", "--remote-debugging-port=0"),
)


def program() -> str | None:
    """Where a Chromium is installed."""
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


class Page:
    """What a person does with the page, and what the browser saw meanwhile."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._session: dict[str, str] = {}
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())
        self.requests: list[str] = []
        self.complaints: list[str] = []
        """Errors on the console: what the policy blocked, what scripts threw."""
        self.received = b""
        """What the app wrote to the terminal, over the page's websocket."""

    async def send(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": params, **self._session}
        await self._socket.send_json(message)
        return await asyncio.wait_for(answer, PATIENCE_S)

    async def opened(self, size: tuple[int, int], scale: float) -> None:
        target = await self.send("Target.createTarget", url="about:blank")
        attached = await self.send(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self.send(f"{domain}.enable")
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=scale,
            mobile=False,
        )

    async def go(self, url: str) -> None:
        await self.send("Page.navigate", url=url)

    async def value(self, script: str) -> Any:
        """What a script gives; a promise is awaited. As if a person had asked for it."""
        given = await self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in given, given
        return given["result"].get("value")

    async def click(self, x: int, y: int) -> None:
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        await self.send("Input.dispatchMouseEvent", type="mousePressed", **where)
        await self.send("Input.dispatchMouseEvent", type="mouseReleased", **where)

    async def press(self, keys: str) -> None:
        """Characters as a keyboard sends them; `\\r` is enter."""
        for key in keys:
            code = 13 if key == "\r" else ord(key.upper())
            named = {"key": "Enter" if key == "\r" else key, "windowsVirtualKeyCode": code}
            await self.send("Input.dispatchKeyEvent", type="keyDown", text=key, **named)
            await self.send("Input.dispatchKeyEvent", type="keyUp", **named)

    async def until_received(self, text: str) -> None:
        """Until the app wrote `text`; what came so far is forgotten then."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: text.encode() in self.received)
            self.received = self.received.partition(text.encode())[2]

    async def until_painted(self) -> None:
        """Until the terminal has drawn what it was given."""
        await self.value(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    async def picture(self) -> bytes:
        """A PNG of the page."""
        taken = await self.send("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    async def close(self) -> None:
        self._session = {}
        with suppress(ConnectionError, TimeoutError):
            await self.send("Browser.close")
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader

    async def _read(self) -> None:
        async for message in self._socket:
            heard = message.json()
            if "id" in heard:
                assert "error" not in heard, heard
                self._answers.pop(heard["id"]).set_result(heard["result"])
            else:
                await self._note(heard["method"], heard["params"])

    async def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(params["url"])
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            async with self._news:
                self.received += base64.b64decode(params["response"]["payloadData"])
                self._news.notify_all()


@asynccontextmanager
async def chromium(
    folder: Path, *, size: tuple[int, int] = (1180, 760), scale: float = 1
) -> AsyncIterator[Page]:
    """A browser whose profile is `folder`, with one empty page of `size` CSS pixels."""
    found = program()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found,
        *FLAGS,
        f"--user-data-dir={folder}",
        "about:blank",
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        env={**os.environ, "HOME": str(folder)},
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        address = await asyncio.wait_for(_address(process.stderr), PATIENCE_S)
        draining = asyncio.create_task(process.stderr.read())
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(address, max_msg_size=0) as socket,
        ):
            page = Page(socket)
            await page.opened(size, scale)
            try:
                yield page
            finally:
                await page.close()
        await asyncio.wait_for(process.wait(), PATIENCE_S)
        await draining
    finally:
        _kill(process)
        await process.wait()


async def _address(stderr: asyncio.StreamReader) -> str:
    while line := await stderr.readline():
        if line.startswith(b"DevTools listening on "):
            return line.split()[-1].decode()
    raise AssertionError("Chromium did not start")


def _kill(process: Process) -> None:
    """The browser with the helpers it started: they are one process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
