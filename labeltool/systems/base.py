"""What every system is: a name, a kind, a fingerprint, and an answer to a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import ValidationError

from labeltool.llm.failure import CallFailure
from labeltool.model.case import Case, Document
from labeltool.model.hashing import plain_input
from labeltool.model.output import Usage

FailureKind = Literal["system", "timeout", "no_output", "bad_output"]
MAX_OUTPUT_CHARS = 4_000_000


class SystemFailure(Exception):
    """No usable answer to this one case. `message` is one line; the run goes on, unless `fatal`
    says that no case can have one. attempts: calls that were made.
    """

    def __init__(self, kind: FailureKind, message: str, *, fatal: bool = False, attempts: int = 1):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.fatal = fatal
        self.attempts = attempts

    @classmethod
    def of(cls, failure: CallFailure) -> SystemFailure:
        return cls(failure.kind, failure.message, fatal=failure.fatal, attempts=failure.attempts)


@dataclass(frozen=True, slots=True)
class Answer:
    """One output. `latency_ms` only where it was measured on a live call of this run; `cached`:
    it was answered before.
    """

    output: str
    context: tuple[Document, ...] = ()
    usage: Usage | None = None
    finish_reason: str | None = None
    latency_ms: float | None = None
    attempts: int = 1
    cached: bool = False


class System(Protocol):
    """`fingerprint` changes when something that shapes the answers does; `live`: answers are
    made now.
    """

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def live(self) -> bool: ...

    def request(self, case: Case) -> str | None:
        """All that the answer depends on beside the fingerprint, where that is known: then an
        answer may be kept and given again. None where something else may shape it (code, files,
        the clock). Raises SystemFailure.
        """

    async def answer(self, case: Case) -> Answer:
        """The output for `case`. Raises SystemFailure, and nothing else for a fault of the
        system.
        """

    async def close(self) -> None: ...


def payload(case: Case) -> dict[str, Any]:
    """All that a system may see of a case: never expected, checks or notes."""
    return {
        "id": case.id,
        "input": plain_input(case.input),
        "context": [document.model_dump() for document in case.context],
        "vars": dict(case.vars),
        "tags": list(case.tags),
    }


def answer_of(reply: object, *, text_allowed: bool = False) -> Answer:
    """The answer in a system's reply: {output, context?, usage?, finish_reason?}, or a text
    where allowed.

    Raises SystemFailure (bad_output) for anything else.
    """
    if isinstance(reply, str) and text_allowed:
        return Answer(as_text(reply))
    wanted = "a text or a dict with `output`" if text_allowed else "a JSON object with `output`"
    if not isinstance(reply, Mapping):
        raise SystemFailure("bad_output", f"wants {wanted}, got {_kind(reply)}")
    if not isinstance(reply.get("output"), str):
        found = _kind(reply["output"]) if "output" in reply else "no `output`"
        raise SystemFailure("bad_output", f"wants {wanted}, got {found}")
    finish = reply.get("finish_reason")
    if finish is not None and not isinstance(finish, str):
        raise SystemFailure("bad_output", f"`finish_reason` is {_kind(finish)}, not a text")
    return Answer(as_text(reply["output"]), _context(reply.get("context")), _usage(reply), finish)


def as_text(output: str) -> str:
    """`output` where it can be an output. Raises SystemFailure."""
    if len(output) > MAX_OUTPUT_CHARS:
        raise SystemFailure("bad_output", f"the output has {len(output):,} characters")
    if not output.isascii():
        try:
            output.encode()
        except UnicodeEncodeError:
            raise SystemFailure(
                "bad_output", "the output holds a lone surrogate: it is no text"
            ) from None
    return output


def _context(found: object) -> tuple[Document, ...]:
    if found is None:
        return ()
    try:
        if not isinstance(found, list | tuple):
            raise TypeError
        return tuple(Document.model_validate(one) for one in found)
    except (TypeError, ValidationError):
        raise SystemFailure("bad_output", "`context` is no list of {id, text}") from None


def _usage(reply: Mapping[Any, Any]) -> Usage | None:
    found = reply.get("usage")
    if found is None:
        return None
    try:
        return Usage.model_validate(
            {name: found[name] for name in Usage.model_fields if name in found}
        )
    except (TypeError, ValidationError):
        raise SystemFailure(
            "bad_output", "`usage` wants whole numbers of input_tokens, output_tokens"
        ) from None


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
