"""The openai client's transport and headers, without what it makes anew for each call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

CONNECT_S = 10.0
_ABOUT_US = "x-stainless-"
"""Headers that tell about this machine, which no server needs."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The client's own `post` takes twice the time of what it sends: options, headers and URL are
    put together again each time, and its retries and reply models stand by, which are ours here.
    """

    client: AsyncOpenAI
    http: httpx2.AsyncClient
    headers: Mapping[str, str]

    @classmethod
    def open(cls, url: str, key: str, *, at_once: int) -> Wire:
        import httpx2
        from openai import AsyncOpenAI, DefaultAioHttpClient

        http = DefaultAioHttpClient(
            # A redirect would carry texts, and perhaps the key, to a host nobody named.
            follow_redirects=False,
            timeout=httpx2.Timeout(None, connect=CONNECT_S),
            limits=httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once),
        )
        client = AsyncOpenAI(api_key=key, base_url=url, max_retries=0, http_client=http)
        said = {**client.default_headers, **client.auth_headers}
        headers = {
            name: value
            for name, value in said.items()
            if isinstance(value, str) and not name.lower().startswith(_ABOUT_US)
        }
        return cls(client, http, headers)

    async def post(self, url: str, content: bytes) -> httpx2.Response:
        """The response, whatever its status. Raises httpx2.HTTPError."""
        return await self.http.post(url, content=content, headers=self.headers)

    async def close(self) -> None:
        await self.client.close()
