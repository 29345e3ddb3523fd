"""One call of a REST API: patience with what passes, words for what does not."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from labeltool.forge.base import ForgeError, NotLoggedIn, Refused, Reply, Transport
from labeltool.safe_text import one_line

ATTEMPTS = 4
WAIT_S = 20.0
_PASSING = (429, 502, 503, 504)
_TOKEN = re.compile(
    r"\b(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|(?:bearer|token)\s+\S{8,})",
    re.IGNORECASE,
)


class Caller:
    """Speaks JSON over a transport. `secrets` never stand in an error; `pause` waits seconds."""

    def __init__(
        self,
        transport: Transport,
        *,
        secrets: tuple[str, ...] = (),
        pause: Callable[[float], None] = time.sleep,
    ):
        self._transport = transport
        self._secrets = tuple(secret for secret in secrets if secret)
        self._pause = pause

    @property
    def name(self) -> str:
        return self._transport.name

    def get(self, path: str) -> Any:
        return self._call("GET", path, None)

    def send(self, method: str, path: str, fields: Mapping[str, object]) -> Any:
        return self._call(method, path, json.dumps(fields).encode())

    def _call(self, method: str, path: str, body: bytes | None) -> Any:
        """The JSON of the answer. Raises ForgeError, Refused, NotLoggedIn."""
        waited = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            reply = self._transport.send(method, path, body)
            wait = _wait(reply, attempt)
            if wait is None or attempt == ATTEMPTS or waited + wait > WAIT_S:
                break
            self._pause(wait)
            waited += wait
        if 200 <= reply.status < 300:
            return self._json(reply, method, path)
        raise self._error(reply, f"{method} {path.partition('?')[0]}")

    def _json(self, reply: Reply, method: str, path: str) -> Any:
        try:
            return json.loads(reply.body) if reply.body.strip() else None
        except (ValueError, RecursionError):
            kind = one_line(reply.headers.get("content-type", "no content type"), 60)
            raise ForgeError(
                f"{self.name} answered {method} {path.partition('?')[0]} with something that is "
                f"no JSON ({kind})",
                hint="is GITHUB_API_URL right, and is there a proxy in between?",
                status=reply.status,
            ) from None

    def _error(self, reply: Reply, call: str) -> ForgeError:
        said = f": {words}" if (words := self._words(reply)) else ""
        message = f"{self.name} answered {call} with {reply.status}{said}"
        if reply.status == 401:
            hint = "log in again (gh auth login, glab auth login), or set GITHUB_TOKEN anew"
            return NotLoggedIn(message, hint=hint, status=401)
        if _limited(reply):
            hint = "the host limits how often it is asked: try again in some minutes"
            return ForgeError(message, hint=hint, status=reply.status)
        if reply.status in (403, 404):
            hint = "the token or account may not do that: it must write pull requests there"
            return Refused(message, hint=hint, status=reply.status)
        if 300 <= reply.status < 400:
            hint = "a redirect is only followed on the same host: set the remote's present address"
            return ForgeError(message, hint=hint, status=reply.status)
        return ForgeError(message, hint="try again later", status=reply.status)

    def _words(self, reply: Reply) -> str:
        """What the host says of the failure: `message` and what stands in `errors`."""
        try:
            found = json.loads(reply.body)
        except (ValueError, RecursionError):
            return ""
        if not isinstance(found, dict):
            return ""
        parts = [found.get("message") or found.get("error")]
        errors = found.get("errors")
        parts += [
            one.get("message") if isinstance(one, dict) else one
            for one in (errors[:3] if isinstance(errors, list) else ())
        ]
        return self.clean("; ".join(part for part in map(_text, parts) if part))

    def clean(self, text: str) -> str:
        """In one line, without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return one_line(_TOKEN.sub("***", text), 300)


def _text(part: object) -> str:
    if isinstance(part, list):
        return "; ".join(one for one in part[:3] if isinstance(one, str))
    return part if isinstance(part, str) else ""


def _wait(reply: Reply, attempt: int) -> float | None:
    """Seconds until it may work, None where waiting changes nothing."""
    if reply.status not in _PASSING and not _limited(reply):
        return None
    said = reply.headers.get("retry-after", "")
    if said.isascii() and said.isdigit():
        return float(said)
    # The primary limit ends within the hour, not within our patience.
    if reply.headers.get("x-ratelimit-remaining") == "0":
        return None
    return float(2 ** (attempt - 1))


def _limited(reply: Reply) -> bool:
    if reply.status == 429:
        return True
    return reply.status == 403 and (
        "retry-after" in reply.headers
        or reply.headers.get("x-ratelimit-remaining") == "0"
        or b"rate limit" in reply.body[:4096].lower()
    )
