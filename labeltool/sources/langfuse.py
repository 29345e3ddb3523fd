"""Langfuse's exports -> records: generations, and traces with what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeltool.sources import texts
from labeltool.sources.documents import Value
from labeltool.sources.kinds import BadRow, Item, record

_THUMB = re.compile(r"feedback|thumb|user|rating", re.IGNORECASE)


def rows(found: Iterable[Value | BadRow]) -> Iterator[Item]:
    """A record of each generation and of each trace; other observations and scores are none."""
    for one in found:
        if isinstance(one, BadRow):
            yield one
        elif not isinstance(one.value, dict):
            yield BadRow(one.line, "is no JSON object")
        else:
            yield from _of_row(one.line, one.value)


def _of_row(line: int, row: dict[str, Any]) -> Iterator[Item]:
    kind = row.get("type")
    if kind is not None and str(kind).upper() not in ("GENERATION", "TRACE", "AGENT"):
        return
    if "value" in row and "input" not in row:
        return  # a score: its trace holds it too
    generation = _last_generation(row)
    start = row.get("startTime") or row.get("start_time") or row.get("timestamp")
    end = row.get("endTime") or row.get("end_time")
    try:
        when = texts.time(start)
    except ValueError:
        yield BadRow(line, "timestamp: is no time")
        return
    scores, thumb, comment = _scores(row)
    parameters = row.get("modelParameters") or generation.get("modelParameters")
    failed = str(row.get("level", generation.get("level"))).upper() == "ERROR"
    message = row.get("statusMessage") or generation.get("statusMessage")
    seconds = texts.number(row.get("latency")) if end is None else None
    fields = {
        "id": str(row.get("id") or f"line {line}"),
        "time": when,
        "input": texts.conversation(row.get("input")),
        "output": texts.text(_answer(texts.decoded(row.get("output")))),
        "system": row.get("name") if isinstance(row.get("name"), str) else None,
        "model": _text(row.get("model") or generation.get("model")),
        "feedback": thumb,
        "finish_reason": _reason(row) or _reason(generation),
        "latency_ms": seconds * 1000 if seconds else texts.milliseconds(start, end),
        "expects": "json" if "json" in str(_of(parameters, "response_format")) else None,
        "session": _text(row.get("sessionId") or row.get("session_id")),
        "link": _link(row),
        "tags": [tag for tag in _list(row.get("tags")) if isinstance(tag, str)],
        "notes": comment,
        "error": (_text(message) or "the call failed") if failed else None,
        "scores": scores,
    }
    yield record(line, fields)


def _last_generation(row: dict[str, Any]) -> dict[str, Any]:
    """The last generation that a trace holds: it says what the trace itself does not."""
    found = [
        one
        for one in _list(row.get("observations"))
        if isinstance(one, dict) and one.get("type") == "GENERATION"
    ]
    return found[-1] if found else {}


def _scores(row: dict[str, Any]) -> tuple[dict[str, float], int | None, str | None]:
    """Scores by name, the user's thumb, and what the user said with it."""
    found: dict[str, float] = {}
    thumb: int | None = None
    comment: str | None = None
    for score in _list(row.get("scores")):
        if not isinstance(score, dict):
            continue
        name, value = str(score.get("name")), texts.number(score.get("value"))
        if value is not None:
            found[name] = value
        if _THUMB.search(name):
            thumb = _thumb(score.get("stringValue", score.get("value")))
            comment = _text(score.get("comment"))
    return found, thumb, comment


def _thumb(value: Any) -> int | None:
    """Langfuse's thumbs are 1 and 0: a nought is a thumb down."""
    try:
        said = texts.feedback(value)
    except ValueError:
        return None
    return -1 if said == 0 and value is not None else said


def _answer(output: Any) -> Any:
    """The text of a completion, a message or a list of messages."""
    if isinstance(output, dict):
        choices = output.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            return choices[0].get("message")
        if "role" not in output and set(output) & {"completion", "output", "answer", "content"}:
            return next(
                output[k] for k in ("completion", "output", "answer", "content") if k in output
            )
    if isinstance(output, list) and output and isinstance(output[-1], dict):
        return output[-1]
    return output


def _reason(row: dict[str, Any]) -> str | None:
    metadata, output = row.get("metadata"), texts.decoded(row.get("output"))
    for holder in (metadata, output, row):
        for key in ("finish_reason", "finishReason", "stop_reason"):
            if isinstance(holder, dict) and isinstance(holder.get(key), str):
                return str(holder[key])
    return None


def _link(row: dict[str, Any]) -> str | None:
    path = row.get("htmlPath") or row.get("url")
    return path if isinstance(path, str) and path.startswith("https://") else None


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) or value is None else texts.text(value)
