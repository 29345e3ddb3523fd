"""What can go wrong with a call, as the one error that the rest of labeltool sees."""

from __future__ import annotations

from typing import Literal

FailureKind = Literal["timeout", "system", "bad_output"]


class CallFailure(Exception):
    """A call that gave no usable reply. `message` is one line without keys.

    kind: `timeout`, `system` (unreachable, refused, broken), `bad_output` (what came back is no
    reply). fatal: no other call to this endpoint can succeed, so the run ends. retriable: the
    next attempt may succeed. retry_after: seconds that the server asked for. busy: the server said
    that we are too quick. no_format: it has not the response format that was asked for, which says
    nothing about other calls. attempts: how many were made.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        fatal: bool = False,
        retriable: bool = False,
        busy: bool = False,
        retry_after: float | None = None,
        no_format: bool = False,
    ):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.fatal = fatal
        self.retriable = retriable
        self.busy = busy
        self.retry_after = retry_after
        self.no_format = no_format
        self.attempts = 1
