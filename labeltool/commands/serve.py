"""`serve`: who may reach the app in a browser. Decisions only; `tui/web.py` does the talking."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from labeltool.errors import UsageError

LEAST, MOST = 1, 1000
"""Columns or rows that a page may ask for."""


@dataclass(frozen=True, slots=True)
class Knock:
    """What a request says of itself. Headers that are missing are None.

    page: it asks for the page, where the token may stand in the URL. socket: it is a websocket.
    """

    host: str | None
    origin: str | None
    cookie: str | None = None
    token: str | None = None
    page: bool = False
    socket: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    words: str


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in whoever came by the printed URL, and no other page that the same browser shows.

    bound: the loopback address that is listened on. token: stands in the printed URL. pass_: the
    cookie's value; another secret, so that neither tells the other.
    """

    bound: str
    port: int
    token: str = field(repr=False)
    pass_: str = field(repr=False)

    @classmethod
    def make(cls, bound: str, port: int, secret: Callable[[], str]) -> Door:
        return cls(bound, port, secret(), secret())

    @property
    def address(self) -> str:
        return _authority(self.bound, self.port)

    @property
    def url(self) -> str:
        """The whole URL, with the token: for the person's eyes only."""
        return f"http://{self.address}/?token={self.token}"

    @property
    def hosts(self) -> frozenset[str]:
        """The Host headers that are ours. Any other name is somebody's DNS pointing here."""
        names = {"127.0.0.1", "localhost", "::1", self.bound}
        hosts = {_authority(name, self.port) for name in names}
        return frozenset(hosts | {host.removesuffix(":80") for host in hosts if self.port == 80})

    @property
    def cookie_name(self) -> str:
        """Cookies do not tell ports apart: two servers must not overwrite each other's."""
        return f"labeltool-{self.port}"

    def refusal(self, knock: Knock) -> Refusal | None:
        """Why this request is turned away; None lets it in."""
        if knock.host is None or knock.host.lower() not in self.hosts:
            return Refusal(421, f"This server answers to {self.address} only, with that very port.")
        if knock.origin is None and knock.socket:
            return Refusal(403, "A websocket must say its origin.")
        if knock.origin is not None and knock.origin != f"http://{knock.host}".lower():
            return Refusal(403, "Another site's page may not reach this server.")
        if not self._knows(knock):
            return Refusal(403, "Open the whole URL that `labeltool serve` printed.")
        return None

    def _knows(self, knock: Knock) -> bool:
        by_cookie = _same(knock.cookie, self.pass_)
        by_token = _same(knock.token, self.token)
        return by_cookie or (knock.page and by_token)


def loopback(host: str) -> str:
    """The address to listen on. Raises UsageError for one that other machines could reach."""
    if host.lower() == "localhost":
        return "127.0.0.1"  # said, not looked up: a resolver may answer anything
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        address = None
    mapped = isinstance(address, ipaddress.IPv6Address) and address.packed != LOOPBACK_6
    if address is None or mapped or not address.is_loopback or "%" in str(address):
        raise UsageError(
            f"--host {host}: the app is served on this machine only (127.0.0.1, ::1, localhost)",
            hint="from elsewhere: ssh -L 8000:127.0.0.1:8000 HOST, and labeltool serve --port 8000",
        )
    return str(address)


LOOPBACK_6 = ipaddress.IPv6Address("::1").packed


def size(width: object, height: object) -> tuple[int, int] | None:
    """Columns and rows as a page says them, within bounds; None where they are no numbers."""
    try:
        columns, rows = int(str(width)), int(str(height))
    except ValueError:
        return None
    return min(max(columns, LEAST), MOST), min(max(rows, LEAST), MOST)


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _same(said: str | None, secret: str) -> bool:
    """In a time that tells nothing of the secret."""
    return hmac.compare_digest((said or "").encode("utf-8", "replace"), secret.encode())
