"""A chat completion: messages in, one text out, everything else about the reply checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeltool.llm.endpoint import Endpoint
from labeltool.llm.failure import CallFailure

OURS = frozenset({"model", "messages", "stream", "stream_options", "n"})
"""What `params` may not say: labeltool says it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is what the model wrote, its refusal where it refused. Tokens are None where the
    server did not count them. latency_ms: of the attempt that succeeded.
    """

    text: str
    finish_reason: str | None
    model: str | None
    input_tokens: int | None
    output_tokens: int | None
    attempts: int = 1
    latency_ms: float = 0.0


async def chat(
    endpoint: Endpoint,
    *,
    model: str,
    messages: Sequence[Mapping[str, Any]],
    params: Mapping[str, Any],
    deadline_s: float,
    response_format: Mapping[str, Any] | None = None,
) -> Reply:
    """One reply of `model` to `messages`. Raises CallFailure."""
    body: dict[str, Any] = {"model": model, "messages": list(messages), **params}
    if response_format is not None:
        body["response_format"] = dict(response_format)
    said, tried = await endpoint.post("/chat/completions", body, read=_read, deadline_s=deadline_s)
    return replace(said, attempts=tried.attempts, latency_ms=tried.latency_ms)


def _read(content: bytes) -> Reply:
    from pydantic_core import from_json

    try:
        found = from_json(content, allow_inf_nan=False)
    except ValueError as error:
        broken = f"the reply is no whole JSON: {error}"
        raise CallFailure("bad_output", broken, retriable=True) from None
    choice = _first_choice(found)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise CallFailure("bad_output", "the reply's first choice has no message", retriable=True)
    text: object = message.get("content")
    if text is None:
        text = message.get("refusal")
    if not isinstance(text, str):
        tools = bool(message.get("tool_calls"))
        calls = " (it calls tools, which nobody here answers)" if tools else ""
        raise CallFailure("bad_output", f"the reply has no text{calls}", retriable=not tools)
    usage = found.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Reply(
        text=text,
        finish_reason=_text(choice.get("finish_reason")),
        model=_text(found.get("model")),
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
    )


def _first_choice(found: object) -> dict[str, Any]:
    choices = found.get("choices") if isinstance(found, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise CallFailure("bad_output", "the reply has no choices", retriable=True)
    first: dict[str, Any] = choices[0]
    return first


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
