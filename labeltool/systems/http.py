"""Systems behind a URL: the case goes there as JSON, the answer comes back as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from labeltool import strict_json
from labeltool.config import HttpSystem as Settings
from labeltool.errors import IncompleteError, Where
from labeltool.llm.failure import CallFailure
from labeltool.llm.retry import Caller, Policy
from labeltool.llm.retry_after import retry_after
from labeltool.model.case import Case
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.redact.keys import hide_keys
from labeltool.systems.base import (
    MAX_OUTPUT_CHARS,
    Answer,
    SystemFailure,
    answer_of,
    payload,
)

if TYPE_CHECKING:
    import httpx2

SAID_CHARS = 300
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
MAX_BYTES = 8 * MAX_OUTPUT_CHARS


class HttpSystem:
    """POSTs {id, input, context, vars, tags}; wants {output, context?, usage?, finish_reason?}.

    Redirects are not followed: they would carry the case to a host that nobody named. The
    fingerprint is the URL's: what stands behind it can change without a word, so nothing is kept.
    """

    kind: Literal["http"] = "http"
    live: Literal[True] = True

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        env: Mapping[str, str],
        concurrency: int,
        where: Where,
        policy: Policy | None = None,
    ):
        """Raises IncompleteError where a header's variable is not set."""
        self.name = name
        self._settings = settings
        self._concurrency = concurrency
        self._headers = {
            header: _variable(env, variable, where)
            for header, variable in settings.headers_env.items()
        }
        self._caller = Caller(settings.url, policy=policy)
        self._client: httpx2.AsyncClient | None = None
        self.fingerprint = f"http:{text_hash(canonical_json([settings.url]))}"

    def request(self, case: Case) -> None:
        """What the server does with a case is its own affair, so its answers are not kept."""

    async def answer(self, case: Case) -> Answer:
        client = self._opened()

        async def send() -> Answer:
            return await self._once(client, payload(case))

        try:
            found, tried = await self._caller.call(send, deadline_s=self._settings.timeout_s)
        except CallFailure as failure:
            raise SystemFailure.of(failure) from None
        return Answer(
            found.output,
            found.context,
            found.usage,
            found.finish_reason,
            tried.latency_ms,
            tried.attempts,
        )

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            import httpx2

            self._client = httpx2.AsyncClient(
                headers=self._headers,
                follow_redirects=False,
                timeout=httpx2.Timeout(None, connect=10.0),
                limits=httpx2.Limits(max_connections=self._concurrency + 8),
            )
        return self._client

    async def _once(self, client: httpx2.AsyncClient, body: dict[str, Any]) -> Answer:
        import httpx2

        try:
            response = await client.post(self._settings.url, json=body)
        except httpx2.HTTPError as error:
            said = self._shown(f"{type(error).__name__}: {error}")
            message = f"could not be reached: {said}"
            raise CallFailure("system", message, retriable=True) from None
        status = response.status_code
        if status != 200:
            raise CallFailure(
                "system",
                f"the server answered {status}: {self._shown(response.text)}",
                fatal=status in {401, 403},
                retriable=status in _AGAIN,
                busy=status in {429, 503},
                retry_after=retry_after(response.headers),
            )
        return self._read(response.content)

    def _read(self, content: bytes) -> Answer:
        if len(content) > MAX_BYTES:
            raise CallFailure("bad_output", f"the reply has {len(content):,} bytes")
        try:
            reply = strict_json.loads(content.decode())
        except ValueError as error:
            shown = self._shown(content[:SAID_CHARS].decode("utf-8", "replace"))
            message = f"the reply is no JSON ({error}): {shown}"
            raise CallFailure("bad_output", message, retriable=True) from None
        try:
            return answer_of(reply)
        except SystemFailure as failure:
            raise CallFailure("bad_output", failure.message) from None

    def _shown(self, text: str) -> str:
        line = " ".join(hide_keys(text, self._headers.values()).split())
        return (line if len(line) <= SAID_CHARS else f"{line[: SAID_CHARS - 1]}…") or "nothing"


def _variable(env: Mapping[str, str], name: str, where: Where) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise IncompleteError(
            f"{name} is not set, and {where} sends it", hint=f"export {name}=... and run again"
        )
    return value
