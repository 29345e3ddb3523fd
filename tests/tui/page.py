"""`labeltool serve` as a process, and somebody who talks HTTP with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp

from tests.small_repo import Repo
from tests.tui.terminal import PATIENCE_S

PROGRAM = (sys.executable, "-m", "labeltool")


class Served:
    """The server over `repo`. `url` is what it printed."""

    def __init__(self, repo: Repo, *args: str, program: Sequence[str] = PROGRAM):
        self.process = subprocess.Popen(
            [*program, "serve", *args],
            cwd=repo.root,
            env={**repo.env, "LABELTOOL_THEME": "dark"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://"), self.process.communicate()
        self.host = urlsplit(self.url).netloc
        self.origin = f"http://{self.host}"
        self.token = self.url.partition("token=")[2]

    def __enter__(self) -> Served:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Exit code, the rest of stdout, stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err

    def apps(self) -> list[int]:
        """Process ids of the apps behind the open pages."""
        return [pid for pid in _processes() if _parent(pid) == self.process.pid]


async def get(
    served: Served, path: str, *, session: aiohttp.ClientSession | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. The Host header can be given as any other."""
    if session is None:
        async with aiohttp.ClientSession() as made:
            return await get(served, path, session=made, **headers)
    async with session.get(served.origin + path, headers=headers, allow_redirects=False) as answer:
        return answer.status, dict(answer.headers), await answer.read()


async def come_in(served: Served, session: aiohttp.ClientSession) -> str:
    """Open the page as the printed URL says; its HTML."""
    async with session.get(served.url) as answer:
        assert answer.status == 200
        return await answer.text()


def socket_url(served: Served) -> str:
    return f"ws://{served.host}/ws?width=100&height=30"


def visitor() -> aiohttp.ClientSession:
    """A browser of its own: cookies of addresses are kept, as browsers keep them."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def until_seen(page: aiohttp.ClientWebSocketResponse, text: str) -> bytes:
    """Read what the app writes until `text` was in it."""
    seen = b""
    async with asyncio.timeout(PATIENCE_S):
        while text.encode() not in seen:
            message = await page.receive()
            assert message.type in {aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT}, message
            if message.type is aiohttp.WSMsgType.BINARY:
                seen += message.data
    return seen


async def until_gone(pids: Iterable[int]) -> None:
    """Until none of the processes lives."""
    deadline = time.monotonic() + PATIENCE_S
    while any(_lives(pid) for pid in pids):
        assert time.monotonic() < deadline, "an app outlived its page"
        await asyncio.sleep(0.02)


def arguments(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _status(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    status = _status(pid)
    return int(status[1]) if status else 0


def _lives(pid: int) -> bool:
    return _status(pid)[:1] not in ([], ["Z"])
