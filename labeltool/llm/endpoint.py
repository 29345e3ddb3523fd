"""One OpenAI-compatible server, asked through the openai client with its own retries off."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from labeltool.errors import IncompleteError
from labeltool.llm.failure import CallFailure
from labeltool.llm.retry import Caller, Policy, Tried
from labeltool.llm.retry_after import retry_after
from labeltool.llm.wire import Wire
from labeltool.redact.keys import hide_keys

if TYPE_CHECKING:
    import httpx2

R = TypeVar("R")

OPENAI_URL = "https://api.openai.com/v1"
KEYLESS = "no-key-needed"
SAID_CHARS = 300
MAX_REPLY_BYTES = 64_000_000
_BUSY = frozenset({429, 503})
_AGAIN = frozenset({408, 409, 425, 429})
_NEVER = frozenset({401, 403})
_REFUSED = frozenset({400, 404, 415, 422, 500, 501})
_FORMATS = (b"response_format", b"schema", b"json_object", b"grammar", b"maxlength", b"maxitems")


class Endpoint:
    """A base URL and its key. Made once a run, closed at its end.

    The key is read from the environment and leaves this object in the Authorization header only.
    Raises IncompleteError where the key's variable is not set and the server is OpenAI's own;
    servers of one's own often want none, and nobody wants one of an endpoint that is never asked
    (`asked`).
    """

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key_env: str,
        env: Mapping[str, str],
        concurrency: int = 8,
        asked: bool = True,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.url = (base_url or env.get("OPENAI_BASE_URL") or OPENAI_URL).rstrip("/")
        key = env.get(api_key_env, "").strip()
        if asked and not key and self.url == OPENAI_URL:
            raise IncompleteError(
                f"{api_key_env} is not set: nothing can be asked of {self.url}",
                hint=f"export {api_key_env}=..., or say `base_url` of a server of your own",
            )
        self._key = key or KEYLESS
        self._caller = Caller(self.url, policy=policy, clock=clock)
        self._concurrency = concurrency
        self._wire: Wire | None = None

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        read: Callable[[bytes], R],
        deadline_s: float,
    ) -> tuple[R, Tried]:
        """What `read` makes of the server's answer, and how the call went. Raises CallFailure.

        A retriable CallFailure of `read` is tried again, as one of the wire is.
        """
        wire = self._opened()
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        formatted = "response_format" in body

        async def send() -> R:
            return read(await self._once(wire, path, content, formatted=formatted))

        return await self._caller.call(send, deadline_s=deadline_s)

    async def close(self) -> None:
        if self._wire is not None:
            await self._wire.close()
            self._wire = None

    def hide(self, text: str) -> str:
        """`text` without this endpoint's key and without what is shaped like one."""
        known = () if self._key == KEYLESS else (self._key,)
        return hide_keys(text, known)

    def _opened(self) -> Wire:
        if self._wire is None:
            self._wire = Wire.open(self.url, self._key, at_once=self._concurrency + 8)
        return self._wire

    async def _once(self, wire: Wire, path: str, body: bytes, *, formatted: bool) -> bytes:
        import httpx2

        try:
            response = await wire.post(f"{self.url}{path}", body)
        except httpx2.HTTPError as error:
            raise self._broken(error) from None
        if not response.is_success:
            raise self._refused(response, formatted=formatted)
        self._heed(response.headers)
        content = response.content
        if len(content) > MAX_REPLY_BYTES:
            raise CallFailure("bad_output", f"the reply has {len(content):,} bytes")
        kind = response.headers.get("content-type", "application/json")
        if "json" not in kind.lower():
            shown = hide_keys(_first_words(content))
            message = f"the server answered {kind.partition(';')[0]}, not JSON: {shown}"
            raise CallFailure("bad_output", message, retriable=True)
        return content

    def _broken(self, error: BaseException) -> CallFailure:
        """In the words of what broke first: the transport calls a closed connection a timeout."""
        while error.__cause__ is not None:
            error = error.__cause__
        said = self.hide(_one_line(f"{type(error).__name__}: {error}"))
        return CallFailure("system", f"{self.url} could not be reached: {said}", retriable=True)

    def _refused(self, response: httpx2.Response, *, formatted: bool) -> CallFailure:
        status = response.status_code
        said, code = _said(response.content)
        message = f"the server answered {status}: {self.hide(said)}"
        spent = status == 402 or "insufficient_quota" in code
        if status in _NEVER or spent:
            return CallFailure("system", message, fatal=True)
        if formatted and status in _REFUSED and _names_a_format(response.content):
            return CallFailure("system", message, no_format=True)
        return CallFailure(
            "system",
            message,
            retriable=status in _AGAIN or status >= 500,
            busy=status in _BUSY,
            retry_after=retry_after(response.headers),
        )

    def _heed(self, headers: Mapping[str, str]) -> None:
        """An allowance that is used up holds the next calls until it is filled again."""
        if headers.get("x-ratelimit-remaining-requests") == "0":
            wait = _duration(headers.get("x-ratelimit-reset-requests", ""))
            if wait is not None and wait <= self._caller.policy.retry_after_s:
                self._caller.pace.hold(wait)


def _names_a_format(content: bytes) -> bool:
    said = content[:10_000].lower()
    return any(word in said for word in _FORMATS)


def _said(content: bytes) -> tuple[str, str]:
    """What an error reply says, in one line, and its code."""
    from pydantic_core import from_json

    try:
        found = from_json(content)
    except ValueError:
        return _first_words(content), ""
    error = found.get("error", found) if isinstance(found, dict) else found
    if not isinstance(error, dict):
        return _one_line(str(error)), str(error)
    code = f"{error.get('code', '')} {error.get('type', '')}"
    return _one_line(str(error.get("message") or error)), code


def _first_words(content: bytes) -> str:
    return _one_line(content[: 4 * SAID_CHARS].decode("utf-8", "replace")) or "nothing"


def _one_line(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= SAID_CHARS else f"{joined[: SAID_CHARS - 1]}…"


def _duration(text: str) -> float | None:
    """Seconds of `1s`, `6m0s`, `20ms`, `1h2m`; None for anything else."""
    import re

    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    size = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
    return sum(float(number) * size[unit] for number, unit in parts)
