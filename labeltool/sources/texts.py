"""What other tools write for a text, a list of messages, a time, a thumb: as records hold it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from labeltool.sources.documents import parse

_DOWN = frozenset(
    {"-1", "negative", "down", "bad", "thumbs_down", "thumbs-down", "thumbsdown", "dislike"}
    | {"unhelpful", "incorrect", "no", "false", "fail", "\U0001f44e"}
)
_UP = frozenset(
    {"1", "+1", "positive", "up", "good", "thumbs_up", "thumbs-up", "thumbsup", "like", "helpful"}
    | {"correct", "yes", "true", "pass", "\U0001f44d"}
)
_NEUTRAL = frozenset({"0", "neutral", "none", "null", "n/a"})


def text(value: Any) -> str | None:
    """A text: a string as it is, of a message its content, of parts their texts, else as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        for key in ("content", "text", "parts"):
            if key in value and (value.get("role") or value.get("type") or len(value) == 1):
                found = text(value[key])
                if found is not None:
                    return found
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return _parts(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return None  # 1e999 is no number, and no text either


def _parts(parts: Sequence[Mapping[str, Any]]) -> str:
    said = []
    for part in parts:
        kind = part.get("type")
        if "role" in part or kind in (None, "text", "input_text", "output_text", "refusal"):
            words = part.get("text", part.get("content", part.get("refusal", part.get("parts"))))
            if words is None and kind is None and "role" not in part:
                return json.dumps(parts, ensure_ascii=False)
            said.append(text(words) or "")
        elif kind == "message":
            said.append(text(part.get("content")) or "")
        elif kind in ("reasoning", "thinking"):
            continue
        elif kind in ("tool_call", "function_call", "tool_use"):
            said.append(json.dumps(part, ensure_ascii=False))
        elif kind == "tool_call_response":
            said.append(text(part.get("response", part.get("result"))) or "")
        else:
            said.append(f"[{kind}]")
    return "\n".join(one for one in said if one)


def decoded(value: Any) -> Any:
    """The value that a text holds as JSON where it holds a list or an object, else the text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return parse(value)
        except ValueError:
            return value
    return value


def conversation(value: Any) -> Any:
    """An input: text, or messages; one message of the user alone is its text."""
    value = decoded(value) if isinstance(value, str) and value.startswith(("[{", "{")) else value
    if isinstance(value, Mapping):
        for key in ("messages", "input", "prompt", "query", "question"):
            if key in value and (key != "input" or len(value) == 1):
                return conversation(value[key])
        value = [value] if "role" in value else value
    if not _are_messages(value):
        return text(value)
    messages = [_message(one) for one in value]
    if len(messages) == 1 and messages[0]["role"] == "user" and messages[0].get("content"):
        return messages[0]["content"]
    return messages


def _are_messages(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, Mapping) and isinstance(one.get("role"), str) for one in value)
    )


def _message(value: Mapping[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": value["role"]}
    content = value.get("content", value.get("parts"))
    calls = value.get("tool_calls")
    if isinstance(content, list) and not calls:
        calls = [
            part
            for part in content
            if isinstance(part, Mapping) and part.get("type") in ("tool_call", "tool_use")
        ]
        content = [part for part in content if part not in calls]
    said = text(content) if content not in (None, []) else None
    if said is not None:
        message["content"] = said
    if calls and isinstance(calls, list):
        message["tool_calls"] = calls
    return message


def time(value: Any) -> str | None:
    """ISO in UTC of a date, or of seconds, milli-, micro- or nanoseconds since 1970.

    None where there is none. Raises ValueError for what is no time.
    """
    if value in (None, ""):
        return None
    if isinstance(value, str):
        if value.isdecimal() and len(value) >= 10:
            return time(int(value))
        moment = datetime.fromisoformat(value.strip())
        if len(value.strip()) == 10:
            return value.strip()
        return _iso(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("is no time")
    seconds = float(value)
    while abs(seconds) >= 1e11:
        seconds /= 1000
    try:
        return _iso(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError("is no time") from error


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def feedback(value: Any) -> int | None:
    """-1, 0 or 1 of a thumb in any spelling, None where there is none. Raises ValueError."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return 1 if value else -1
    if isinstance(value, int | float):
        return (value > 0) - (value < 0)
    word = str(value).strip().casefold()
    if word in _DOWN:
        return -1
    if word in _UP:
        return 1
    if word in _NEUTRAL:
        return 0
    raise ValueError("is neither positive nor negative")


def number(value: Any) -> float | None:
    """A finite number, None for what is none."""
    if isinstance(value, bool) or value in (None, ""):
        return float(value) if isinstance(value, bool) else None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def milliseconds(start: Any, end: Any) -> float | None:
    """Between two times, as `time` reads them but to the millisecond; None where one is missing."""
    first, last = _moment(start), _moment(end)
    if first is None or last is None or last < first:
        return None
    return round((last - first) * 1000, 3)


def _moment(value: Any) -> float | None:
    if isinstance(value, str) and not value.isdecimal():
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    found_number = number(value)
    while found_number is not None and abs(found_number) >= 1e11:
        found_number /= 1000
    return found_number
