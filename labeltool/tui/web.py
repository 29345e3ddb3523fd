"""The app in a browser: textual-serve's app service and scripts behind a door of our own.

Its own server is not used: it answers to any Host and Origin, lists its folders, logs URLs, runs
the app through a shell, and its page asks a font host.
"""

from __future__ import annotations

import asyncio
import errno
import html
import shlex
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from string import Template
from typing import Any

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from labeltool.commands import serve as rules
from labeltool.commands.serve import Door, Knock
from labeltool.errors import UsageError
from labeltool.safe_text import one_line, visible
from labeltool.tui import theme

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 10.0
"""How long an app may take to end by itself. Killed after that it still loses nothing saved."""
MOST_PAGES = 8
MOST_MESSAGE = 1 << 20

_PAGE = Path(__file__).with_name("page")
_THEIRS = Path(textual_serve.__file__).with_name("static")
STATIC: Mapping[str, tuple[Path, str]] = {
    "textual.js": (_THEIRS / "js" / "textual.js", "text/javascript"),
    "xterm.css": (_THEIRS / "css" / "xterm.css", "text/css"),
    "mono.ttf": (_THEIRS / "fonts" / "RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "page.js": (_PAGE / "page.js", "text/javascript"),
    "page.css": (_PAGE / "page.css", "text/css"),
    "icon.svg": (_PAGE / "icon.svg", "image/svg+xml"),
}
HEADERS: Mapping[str, str] = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "clipboard-read=(), camera=(), microphone=(), geolocation=()",
    "Server": "labeltool",
}


def policy(host: str) -> str:
    """The page's content-security policy.

    Styles are inline because the terminal's script writes them. The sandbox lets no window be
    opened: addresses in outputs become links in the terminal, and a click on one must not leave
    this machine.
    """
    # 'self' means the websocket too, but not in every browser; an IPv6 address is no legal source.
    sockets = "" if host.startswith("[") else f" ws://{host}"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        f"font-src 'self'; img-src 'self'; connect-src 'self'{sockets}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-same-origin"
    )


class PageApp(AppService):
    """The process behind one page. No shell; a session of its own, so ctrl+c is ours to pass on."""

    def __init__(self, argv: Sequence[str], page: web.WebSocketResponse):
        super().__init__(
            shlex.join(argv),
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self._argv, self._page = argv, page
        self._errors: asyncio.Task[None] | None = None

    async def _close(self) -> None:
        await self._page.close()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stderr is not None
        self._stdin = process.stdin
        self._errors = asyncio.create_task(_passed_on(process.stderr))
        # The library would write it raw to our stdout.
        process.stderr = asyncio.StreamReader()
        process.stderr.feed_eof()
        return process

    async def on_data(self, payload: bytes) -> None:
        """To the page; where it is gone the app must not block on a full pipe."""
        with suppress(ConnectionError):
            await super().on_data(payload)

    async def run(self) -> None:
        await super().run()
        await self._close()  # also when the app ended without a word

    async def stop(self) -> None:
        """Close the app's terminal, so it keeps its draft and ends; killed when it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        self.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        for task in (self._task, self._errors):
            if task is not None:
                # A hook that the app left behind may hold its streams open.
                with suppress(TimeoutError):
                    await asyncio.wait_for(task, 1)


async def _passed_on(errors: asyncio.StreamReader) -> None:
    """An app's last words, safe to show, to our stderr."""
    while chunk := await errors.read(4096):
        sys.stderr.write(visible(chunk.decode("utf-8", "replace")))
        sys.stderr.flush()


class Site:
    """The routes. Every request passes the door first; every response carries HEADERS."""

    def __init__(self, door: Door, argv: Sequence[str], *, title: str, colours: Mapping[str, str]):
        self._door, self._argv = door, argv
        self._page = Template((_PAGE / "index.html").read_text(encoding="utf-8"))
        self._words = {"title": html.escape(title), **colours}
        self._open: set[web.WebSocketResponse] = set()

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._index, allow_head=False)
        app.router.add_get("/ws", self._socket, allow_head=False)
        app.router.add_get("/static/{name}", self._static, allow_head=False)
        app.on_response_prepare.append(self._headed)
        app.on_shutdown.append(self._closed)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        refusal = self._door.refusal(
            Knock(
                host=request.headers.get("Host"),
                origin=request.headers.get("Origin"),
                cookie=request.cookies.get(self._door.cookie_name),
                token=request.query.get("token"),
                page=request.path == "/",
                socket=request.path == "/ws",
            )
        )
        if refusal is not None:
            return web.Response(status=refusal.status, text=refusal.words + "\n")
        response: web.StreamResponse = await handler(request)
        return response

    async def _headed(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)
        host = request.host if request.host.lower() in self._door.hosts else self._door.address
        response.headers["Content-Security-Policy"] = policy(host)

    async def _index(self, request: web.Request) -> web.Response:
        text = self._page.substitute(self._words, socket=f"ws://{request.host}/ws")
        response = web.Response(text=text, content_type="text/html")
        door = self._door
        response.set_cookie(
            door.cookie_name, door.pass_, httponly=True, samesite="Strict", path="/"
        )
        return response

    async def _static(self, request: web.Request) -> web.Response:
        found = STATIC.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        path, kind = found
        return web.Response(body=await asyncio.to_thread(path.read_bytes), content_type=kind)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if len(self._open) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text=f"{MOST_PAGES} pages are open already.\n")
        page = web.WebSocketResponse(heartbeat=15, timeout=2, max_msg_size=MOST_MESSAGE)
        app = PageApp(self._argv, page)
        size = rules.size(request.query.get("width"), request.query.get("height"))
        self._open.add(page)
        try:
            await page.prepare(request)
            await app.start(*(size or (80, 24)))
            async for message in page:
                if message.type is WSMsgType.TEXT:
                    with suppress(ValueError):
                        await _heeded(message.json(), app, page)
        finally:
            self._open.discard(page)
            await app.stop()
        return page

    async def _closed(self, _: web.Application) -> None:
        ending = [page.close(code=WSCloseCode.GOING_AWAY) for page in self._open]
        await asyncio.gather(*ending, return_exceptions=True)


async def _heeded(message: object, app: PageApp, page: web.WebSocketResponse) -> None:
    """One message of textual.js; what it never says is passed over."""
    match message:
        case ["stdin", str(data)]:
            await app.send_bytes(data.encode("utf-8", "replace"))
        case ["resize", {"width": width, "height": height}]:
            size = rules.size(width, height)
            if size is not None:
                await app.set_terminal_size(*size)
        case ["ping", str(data)]:
            await page.send_json(["pong", data])
        case ["focus", *_]:
            await app.focus()
        case ["blur", *_]:
            await app.blur()


def listen(bound: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises UsageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in bound else socket.AF_INET
    try:
        return socket.create_server((bound, port), family=family)
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be had: {error.strerror}"
        raise UsageError(
            f"port {port} of {bound} {why}", hint="--port 0 takes a free one"
        ) from error


def serve(
    listening: socket.socket,
    door: Door,
    *,
    root: Path,
    annotator: str | None,
    env: Mapping[str, str],
    ready: Callable[[], None],
) -> int:
    """Serve until a signal; 128 + its number. `ready` is called once the first page can be had.

    The app gets no secret: neither its arguments nor its environment hold the token.
    """
    # -P: a cloned repository in the current folder must not be where Python looks for modules.
    argv = [sys.executable, "-P", "-m", "labeltool.tui.served", str(root)]
    argv += [annotator] if annotator else []
    chosen = theme.LIGHT if theme.chosen(env) == theme.LIGHT.name else theme.DARK
    colours = {"ground": chosen.background, "ink": chosen.foreground, "accent": chosen.accent}
    site = Site(
        door,
        argv,
        title=f"labeltool · {one_line(root.name, 60)}",
        colours={name: colour or "inherit" for name, colour in colours.items()},
    )
    return asyncio.run(_serve(listening, site.application(), ready))


async def _serve(listening: socket.socket, app: web.Application, ready: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def end(number: int) -> None:
        if not ended.done():
            ended.set_result(number)

    for number in ENDING:
        loop.add_signal_handler(number, end, number)
    # No access log: URLs hold the token.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE_S + 5)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        ready()
        return 128 + await ended
    finally:
        await runner.cleanup()
