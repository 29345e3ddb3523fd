"""Logs of chat completions and responses, as OpenAI's API speaks -> records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from labeltool.sources import texts
from labeltool.sources.documents import Value
from labeltool.sources.kinds import BadRow, Item, record
from labeltool.sources.rows import reach

_REQUESTS = ("request", "body", "input_body", "kwargs", "params")
_RESPONSES = ("response", "completion", "output_body", "result")


def rows(found: Iterable[Value | BadRow]) -> Iterator[Item]:
    """A record of each row: {request, response}, both in one object, or messages that end with the
    answer. A batch's output file says nothing of what was asked, and its rows are bad ones.
    """
    for one in found:
        if isinstance(one, BadRow):
            yield one
        elif not isinstance(one.value, dict):
            yield BadRow(one.line, "is no JSON object")
        else:
            yield _of_row(one.line, one.value)


def _of_row(line: int, row: dict[str, Any]) -> Item:
    request = _inner(row, _REQUESTS)
    response = _inner(row, _RESPONSES)
    if isinstance(response.get("body"), dict):
        response = response["body"]
    asked = request.get("messages")
    if asked is None and response is not row:
        asked = request.get("input", request.get("prompt"))
    elif asked is None:
        asked = row.get("input", row.get("prompt"))
    output, reason = _output(response)
    if output is None and isinstance(asked, list) and len(asked) > 1:
        last = asked[-1]
        if isinstance(last, dict) and last.get("role") in ("assistant", "model"):
            asked, output = (
                asked[:-1],
                texts.text(last.get("content")) or texts.text(last.get("tool_calls")),
            )
    try:
        when = texts.time(
            response.get("created")
            or response.get("created_at")
            or row.get("timestamp")
            or row.get("time")
            or row.get("created_at")
        )
        thumb = texts.feedback(row.get("feedback", reach(row, "metadata.feedback")))
    except ValueError as error:
        words = str(error)
        return BadRow(line, f"created: {words}" if words == "is no time" else f"feedback: {words}")
    return record(
        line,
        {
            "id": str(
                row.get("custom_id") or response.get("id") or row.get("id") or f"line {line}"
            ),
            "time": when,
            "input": _with_instructions(request.get("instructions"), texts.conversation(asked)),
            "output": output,
            "model": _text(response.get("model") or request.get("model")),
            "feedback": thumb,
            "finish_reason": _text(reason),
            "latency_ms": texts.number(row.get("latency_ms")),
            "expects": "json" if _wants_json(request) else None,
            "session": _text(row.get("session") or row.get("session_id")),
            "error": _error(row, response),
        },
    )


def _inner(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return next((row[name] for name in names if isinstance(row.get(name), dict)), row)


def _output(response: Mapping[str, Any]) -> tuple[str | None, Any]:
    """What was answered, and why it ended."""
    choices = response.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        message = choices[0].get("message")
        said = message.get("content") if isinstance(message, dict) else choices[0].get("text")
        if said is None and isinstance(message, dict):
            said = message.get("refusal") or message.get("tool_calls")
        return texts.text(said), choices[0].get("finish_reason")
    output = response.get("output")
    if isinstance(output, list):
        reason = reach(response, "incomplete_details.reason") or response.get("status")
        return texts.text(output), reason
    return (output, response.get("finish_reason")) if isinstance(output, str) else (None, None)


def _with_instructions(instructions: Any, asked: Any) -> Any:
    if not isinstance(instructions, str) or not instructions or not asked:
        return asked
    messages = asked if isinstance(asked, list) else [{"role": "user", "content": asked}]
    return [{"role": "system", "content": instructions}, *messages]


def _wants_json(request: Mapping[str, Any]) -> bool:
    kind = reach(request, "response_format.type") or reach(request, "text.format.type")
    return kind in ("json_object", "json_schema")


def _error(row: Mapping[str, Any], response: Mapping[str, Any]) -> str | None:
    error = row.get("error") or response.get("error")
    if not error:
        return None
    return _text(reach(error, "message")) or _text(error)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) or value is None else texts.text(value)
