"""The app in a browser: a real server on loopback, real requests, real websockets."""

from __future__ import annotations

import re
import secrets
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.web import AppRunner, SockSite

from labeltool.commands.serve import Door
from tests.small_repo import Repo
from tests.tui.desk_repo import label_path, make
from tests.tui.page import (
    Served,
    arguments,
    come_in,
    environment,
    get,
    socket_url,
    until_gone,
    until_seen,
    visitor,
)
from tests.tui.terminal import drafts

pytest.importorskip("textual_serve", reason="needs the extra `serve`")
from labeltool.tui import web

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")

ASSETS = ("textual.js", "xterm.css", "mono.ttf", "page.js", "page.css", "icon.svg")
HOME, CASE = "outputs have no label of yours", "Where is my parcel?"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return make(tmp_path_factory.mktemp("served") / "repo")


@pytest.fixture(scope="module")
def served(repo: Repo) -> Iterator[Served]:
    with Served(repo) as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=x", "/ws", "/nothing", "/download/x"])
async def test_without_the_token_nothing_is_served(served: Served, path: str) -> None:
    status, headers, body = await get(served, path, Origin=served.origin)
    assert status == 403
    assert b"labeltool serve" in body
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("name", ASSETS)
async def test_assets_too_need_the_cookie(served: Served, name: str) -> None:
    assert (await get(served, f"/static/{name}"))[0] == 403
    assert (await get(served, f"/static/{name}?token={served.token}"))[0] == 403


async def test_the_url_gives_a_cookie_that_scripts_and_other_sites_cannot_use(
    served: Served,
) -> None:
    async with visitor() as session:
        async with session.get(served.url) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert re.search(r"; HttpOnly", cookie)
        assert re.search(r"; SameSite=Strict", cookie)
        assert served.token not in cookie
        status, _, _ = await get(served, "/", session=session)
        assert status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "0.0.0.0"])
async def test_a_rebound_name_gets_nothing_even_with_the_token(served: Served, host: str) -> None:
    name = host.format(port=served.host.rpartition(":")[2])
    status, headers, _ = await get(served, f"/?token={served.token}", Host=name)
    assert status == 421
    assert "Set-Cookie" not in headers


async def test_every_answer_is_locked_down(served: Served) -> None:
    async with visitor() as session:
        await come_in(served, session)
        paths = ("/", "/static/page.js", "/static/../web.py", "/static/nothing", "/download/key")
        answers = [await get(served, path, session=session) for path in paths]
    assert [status for status, _, _ in answers] == [200, 200, 404, 404, 404]
    for _, headers, _ in [*answers, await get(served, "/"), await get(served, "/", Host="evil")]:
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert not any(name.lower().startswith("access-control") for name in headers)
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "evil" not in policy


@pytest.mark.parametrize(
    ("host", "sources"),
    [("localhost:8000", "'self' ws://localhost:8000;"), ("[::1]:8000", "'self';")],
)
def test_the_policy_names_sources_that_browsers_understand(host: str, sources: str) -> None:
    assert f"connect-src {sources}" in web.policy(host)


async def test_nothing_served_refers_to_an_outside_host(served: Served) -> None:
    async with visitor() as session:
        bodies = {"page": (await come_in(served, session)).encode()}
        for name in ASSETS:
            status, _, bodies[name] = await get(served, f"/static/{name}", session=session)
            assert status == 200
    html = bodies["page"].decode()
    assert re.findall(r"(?:src|href)=\"(?!/static/)", html) == []
    assert re.findall(r"\w+://(?!127\.0\.0\.1:)", html) == []
    named = set(re.findall(r"/static/([\w.]+)", html + bodies["page.css"].decode()))
    assert named == set(ASSETS)
    for name in ("page.css", "page.js", "icon.svg"):
        assert (
            re.findall(rb"//[a-z]", bodies[name].replace(b"http://www.w3.org/2000/svg", b"")) == []
        )
    assert b"url(" not in bodies["xterm.css"]
    assert b"@import" not in bodies["xterm.css"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_another_sites_page_cannot_open_the_app(served: Served, origin: str | None) -> None:
    async with visitor() as session:
        await come_in(served, session)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(socket_url(served), origin=origin)
    assert refused.value.status == 403
    assert served.apps() == []


async def test_without_the_cookie_no_app_is_started(served: Served) -> None:
    async with visitor() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(
                f"{socket_url(served)}&token={served.token}", origin=served.origin
            )
    assert refused.value.status == 403
    assert served.apps() == []


async def test_the_page_reaches_the_app_and_the_app_never_sees_the_token(served: Served) -> None:
    async with visitor() as session:
        await come_in(served, session)
        async with session.ws_connect(socket_url(served), origin=served.origin) as page:
            await until_seen(page, HOME)
            (pid,) = served.apps()
            assert served.token.encode() not in arguments(pid) + environment(pid)
            assert served.token.encode() not in arguments(served.process.pid)
            for nonsense in ("{", "[]", '["stdin", 3]', '["resize", {"width": "x"}]', '"stdin"'):
                await page.send_str(nonsense)
            await page.send_json(["ping", "7"])
            answer = await page.receive(timeout=60)
            while answer.type is aiohttp.WSMsgType.BINARY:
                answer = await page.receive(timeout=60)
            assert answer.json() == ["pong", "7"]
            await page.send_json(["stdin", "\r"])
            await until_seen(page, CASE)
            await page.send_json(["stdin", "qq"])
            while not page.closed:
                await page.receive(timeout=60)
        await until_gone([pid])


async def test_a_page_that_is_closed_leaves_its_draft_and_no_process(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    with Served(repo, "--annotator", "bob") as served:
        async with visitor() as session:
            await come_in(served, session)
            async with session.ws_connect(socket_url(served), origin=served.origin) as page:
                await until_seen(page, HOME)
                await page.send_json(["stdin", "\r"])
                await until_seen(page, CASE)
                await page.send_json(["stdin", "2"])
                await until_seen(page, "[2]")
                pids = served.apps()
                assert len(pids) == 1
            await until_gone(pids)
            assert b'"draft"' in drafts(repo)
            async with session.ws_connect(socket_url(served), origin=served.origin) as page:
                await until_seen(page, HOME)
                await page.send_json(["stdin", "\r"])
                await until_seen(page, "half-made label")
                await page.send_json(["stdin", "1\r"])
                await until_seen(page, "committed")
        code, out, err = served.end(signal.SIGTERM)
    assert code == 128 + signal.SIGTERM
    assert "scores: {tone: 2, facts: 1}" in repo.read(label_path("a-parcel", "bob"))
    assert repo.commits() == 2
    assert repo.git("status", "--porcelain") == ""
    assert out == ""
    assert served.token not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_when_the_server_ends_its_apps_end_and_keep_their_drafts(
    tmp_path: Path, number: signal.Signals
) -> None:
    repo = make(tmp_path / "repo")
    with Served(repo) as served:
        async with visitor() as session:
            await come_in(served, session)
            async with session.ws_connect(socket_url(served), origin=served.origin) as page:
                await until_seen(page, HOME)
                await page.send_json(["stdin", "\r"])
                await until_seen(page, CASE)
                await page.send_json(["stdin", "2"])
                await until_seen(page, "[2]")
                pids = served.apps()
                assert len(pids) == 1
                served.process.send_signal(number)
                while not page.closed:
                    await page.receive(timeout=60)
        out, err = served.process.communicate(timeout=60)
    assert served.process.returncode == (130 if number is signal.SIGINT else -number)
    await until_gone(pids)
    assert b'"draft"' in drafts(repo)
    assert (out, "Traceback" in err) == ("", False)


class Home:
    """The site in this process, over an app that is a line of Python."""

    def __init__(self, script: str):
        self.script = script
        self._pages: list[aiohttp.ClientWebSocketResponse] = []

    async def __aenter__(self) -> Home:
        listening = web.listen("127.0.0.1", 0)
        self.door = Door.make("127.0.0.1", listening.getsockname()[1], secrets.token_urlsafe)
        argv = [sys.executable, "-S", "-c", self.script]
        colours = {"ground": "#000", "ink": "#fff", "accent": "#888"}
        site = web.Site(self.door, argv, title="<script>", colours=colours)
        self._runner = AppRunner(site.application(), access_log=None, shutdown_timeout=5)
        await self._runner.setup()
        await SockSite(self._runner, listening).start()
        self.visitor = visitor()
        async with self.visitor.get(self.door.url) as answer:
            self.html = await answer.text()
        return self

    async def __aexit__(self, *_: object) -> None:
        for page in self._pages:
            await page.close()
        await self.visitor.close()
        await self._runner.cleanup()

    async def page(self) -> aiohttp.ClientWebSocketResponse:
        address = self.door.address
        page = await self.visitor.ws_connect(f"ws://{address}/ws", origin=f"http://{address}")
        self._pages.append(page)
        return page


READY = "import os, sys, time; os.write(1, b'__GANGLION__\\n'); "
WAITS = READY + "sys.stdin.read()"


async def test_a_folder_name_is_text_in_the_page() -> None:
    async with Home(WAITS) as home:
        assert "<title>&lt;script&gt;</title>" in home.html


async def test_pages_are_bounded_and_a_closed_one_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "MOST_PAGES", 2)
    async with Home(WAITS) as home:
        first, _ = await home.page(), await home.page()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await home.page()
        assert refused.value.status == 503
        await first.close()
        await home.page()


async def test_an_app_that_dies_closes_its_page_and_its_words_are_safe_to_show(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with Home(READY + "sys.exit('\\x1b]0;owned\\x07')") as home:
        page = await home.page()
        assert (await page.receive(timeout=60)).type is aiohttp.WSMsgType.CLOSE
        await page.close()
    out, err = capsys.readouterr()
    assert out == ""
    assert "owned" in err
    assert "\x1b" not in err


async def test_an_app_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PATIENCE_S", 0.05)
    tell = "pid = b'%d' % os.getpid(); os.write(1, b'D' + len(pid).to_bytes(4, 'big') + pid); "
    async with Home(READY + tell + "time.sleep(600)") as home:
        page = await home.page()
        pid = int((await page.receive(timeout=60)).data)
        await page.close()
        await until_gone([pid])


async def test_an_app_that_floods_a_closed_page_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would wait for ever on a pipe that nobody reads."""
    monkeypatch.setattr(web, "PATIENCE_S", 60)
    flood = (
        "import threading; packet = b'D' + (1000).to_bytes(4, 'big') + b'x' * 1000; "
        "threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start(); "
        "exec('while True: os.write(1, packet)')"
    )
    async with Home(READY + flood) as home:
        page = await home.page()
        assert (await page.receive(timeout=60)).data.startswith(b"x")
        await page.close()
