"""GitHub's API over HTTP: one host, a bounded reply, a bounded wait."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from labeltool import __version__
from labeltool.forge.base import ForgeError, Reply

if TYPE_CHECKING:
    import httpx2

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_LARGEST = 8 << 20
_HOPS = 3
_REDIRECTS = (301, 302, 307, 308)


class Http:
    """Speaks with `api` (like https://api.github.com) as whom `token` stands for.

    A redirect is followed on the same origin only: the token goes nowhere else.
    """

    def __init__(self, api: str, token: str, *, timeout_s: float = 20.0):
        import httpx2

        self._api = httpx2.URL(api.rstrip("/") + "/")
        self._client = httpx2.Client(
            headers={
                **HEADERS,
                "Authorization": f"Bearer {token}",
                "User-Agent": f"labeltool/{__version__}",
                "Content-Type": "application/json",
            },
            timeout=httpx2.Timeout(timeout_s, connect=10.0),
            follow_redirects=False,
        )

    @property
    def name(self) -> str:
        return self._api.host

    def __enter__(self) -> Http:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def send(self, method: str, path: str, body: bytes | None) -> Reply:
        url = self._api.join(path)
        for _ in range(_HOPS):
            reply = self._once(method, url, body)
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target:
                return reply
            next_url = url.join(target)
            if _origin(next_url) != _origin(self._api):
                raise ForgeError(
                    f"{self.name} sends {method} {path.partition('?')[0]} on to another host, "
                    "which is not followed",
                    hint="set the remote's present address with `git remote set-url`",
                    status=reply.status,
                )
            url = next_url
        raise ForgeError(f"{self.name} redirects in circles", hint="check GITHUB_API_URL")

    def _once(self, method: str, url: httpx2.URL, body: bytes | None) -> Reply:
        import httpx2

        try:
            with self._client.stream(method, url, content=body) as response:
                data = bytearray()
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > _LARGEST:
                        raise ForgeError(f"{self.name} answers without end", hint="try again later")
                headers = {key.lower(): value for key, value in response.headers.items()}
                return Reply(response.status_code, bytes(data), headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            # The words of the library may quote a header; its kind says enough.
            raise ForgeError(
                f"{self.name} could not be reached ({type(error).__name__})",
                hint="check the network, then run it again: nothing is done twice",
            ) from None


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    usual = {"https": 443, "http": 80}.get(url.scheme)
    return url.scheme, url.host, url.port or usual
