"""Spans of OpenTelemetry's GenAI conventions and of OpenInference -> records.

Only what called a model is a record; retrieval, tools and the like are passed over. Conventions
changed over the years: messages may be attributes (as JSON or as they are), numbered attributes, or
events of the span.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from labeltool.sources import texts
from labeltool.sources.documents import Path, Value
from labeltool.sources.kinds import BadRow, Item, record
from labeltool.sources.rows import document, reach

_SCOPES = (
    ("resourceSpans", "scopeSpans"),
    ("resourceSpans", "instrumentationLibrarySpans"),
    ("resource_spans", "scope_spans"),
)
SPANS: set[Path] = {(first, "*", second, "*", "spans", "*") for first, second in _SCOPES}
RESOURCES: set[Path] = {(first, "*", "resource") for first, _ in _SCOPES}
_OPERATIONS = frozenset(
    {"chat", "text_completion", "generate_content", "invoke_agent", "completion", "responses"}
)
_INDEXED = re.compile(r"\.(\d+)(?=\.|$)")
_ROOTS = frozenset({"CHAIN", "AGENT"})


def otlp(found: Iterable[Value | BadRow]) -> Iterator[Item]:
    """Records of OTLP JSON: its spans and resources one by one, or whole documents in lines."""
    service: str | None = None
    for one in found:
        if isinstance(one, BadRow):
            yield one
        elif one.path and one.path[-1] == "resource":
            service = _service(one.value)
        elif one.path:
            yield from _of_span(one.line, one.value, service)
        else:
            yield from _of_document(one)


def _of_document(one: Value) -> Iterator[Item]:
    if not isinstance(one.value, dict):
        yield BadRow(one.line, "is no JSON object")
        return
    for first, second in _SCOPES:
        for resource in _list(one.value.get(first)):
            service = _service(reach(resource, "resource"))
            for scope in _list(reach(resource, second)):
                for span in _list(reach(scope, "spans")):
                    yield from _of_span(one.line, span, service)


def rows(found: Iterable[Value | BadRow]) -> Iterator[Item]:
    """Records of OpenInference spans as Phoenix exports them: a row each, nested or dotted."""
    for one in found:
        if isinstance(one, BadRow):
            yield one
            continue
        flat = {
            key.removeprefix("attributes."): value for key, value in _flat(one.value) if value != ""
        }
        span = {
            "spanId": flat.get("context.span_id") or flat.get("span_id") or flat.get("spanId"),
            "traceId": flat.get("context.trace_id") or flat.get("trace_id") or flat.get("traceId"),
            "parentSpanId": flat.get("parent_id") or flat.get("parentSpanId"),
            "startTimeUnixNano": flat.get("start_time") or flat.get("startTimeUnixNano"),
            "endTimeUnixNano": flat.get("end_time") or flat.get("endTimeUnixNano"),
            "status": {"code": flat.get("status_code"), "message": flat.get("status_message")},
        }
        flat.setdefault("openinference.span.kind", flat.get("span_kind") or flat.get("spanKind"))
        yield from _of_attributes(one.line, span, flat, None)


def _of_span(line: int, span: Any, service: str | None) -> Iterator[Item]:
    if not isinstance(span, dict):
        yield BadRow(line, "is no span")
        return
    found = _attributes(span.get("attributes"))
    for event in _list(span.get("events")):
        if isinstance(event, dict):
            _take_event(str(event.get("name")), _attributes(event.get("attributes")), found)
    flat = dict(_flat(found))
    yield from _of_attributes(line, span, flat | _whole(found), service)


def _of_attributes(
    line: int, span: Mapping[str, Any], flat: dict[str, Any], service: str | None
) -> Iterator[Item]:
    if not _calls_a_model(span, flat):
        return
    try:
        when = texts.time(span.get("startTimeUnixNano"))
    except ValueError:
        yield BadRow(line, "startTimeUnixNano: is no time")
        return
    trace, id = span.get("traceId"), span.get("spanId")
    output, reason = _output(flat)
    scores, thumb = _evaluations(flat)
    fields: dict[str, Any] = {
        "id": "/".join(str(part) for part in (trace, id) if part) or f"line {line}",
        "time": when,
        "input": _input(flat),
        "output": output,
        "system": service or _text(flat.get("gen_ai.agent.name")),
        "model": _text(
            flat.get("gen_ai.response.model")
            or flat.get("gen_ai.request.model")
            or flat.get("llm.model_name")
        ),
        "finish_reason": reason,
        "latency_ms": texts.milliseconds(
            span.get("startTimeUnixNano"), span.get("endTimeUnixNano")
        ),
        "expects": "json" if _wants_json(flat) else None,
        "session": _text(flat.get("gen_ai.conversation.id") or flat.get("session.id")),
        "context": _documents(flat),
        "tags": [str(one) for one in _list(texts.decoded(flat.get("tag.tags")))],
        "error": _error(span, flat),
        "scores": scores,
        "feedback": thumb,
    }
    yield record(line, fields)


def _calls_a_model(span: Mapping[str, Any], flat: Mapping[str, Any]) -> bool:
    kind = flat.get("openinference.span.kind")
    if kind is not None:
        root = not span.get("parentSpanId")
        return str(kind).upper() == "LLM" or (root and str(kind).upper() in _ROOTS)
    operation = flat.get("gen_ai.operation.name") or flat.get("llm.request.type")
    if operation is not None:
        return str(operation) in _OPERATIONS
    return any(key.startswith(("gen_ai.input", "gen_ai.prompt", "llm.input")) for key in flat)


def _input(flat: Mapping[str, Any]) -> Any:
    said = flat.get("gen_ai.input.messages")
    if said is not None:
        system = texts.text(texts.decoded(flat.get("gen_ai.system_instructions")))
        messages = texts.conversation(said)
        if system and isinstance(messages, str):
            messages = [{"role": "user", "content": messages}]
        return [{"role": "system", "content": system}, *messages] if system else messages
    for prefix in ("llm.input_messages", "gen_ai.prompt"):
        messages = _numbered(flat, prefix)
        if messages:
            return texts.conversation(messages)
    for key in ("gen_ai.prompt", "input.value", "gen_ai.input"):
        if flat.get(key) is not None:
            return texts.conversation(flat[key])
    return None


def _output(flat: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """What the model said, and why it stopped."""
    reasons = texts.decoded(flat.get("gen_ai.response.finish_reasons"))
    reason = _list(reasons)[0] if _list(reasons) else reasons
    reason = (
        reason or flat.get("llm.finish_reason") or flat.get("gen_ai.completion.0.finish_reason")
    )
    said = texts.decoded(flat.get("gen_ai.output.messages"))
    if said is not None:
        for message in _list(said):
            if isinstance(message, dict):
                reason = reason or message.get("finish_reason")
                said = message.get("parts", message.get("content"))
                break
        return texts.text(said), _text(reason)
    for prefix in ("llm.output_messages", "gen_ai.completion"):
        messages = _numbered(flat, prefix)
        if messages:
            return texts.text(messages[-1].get("content")) or texts.text(
                messages[-1].get("tool_calls")
            ), _text(reason)
    for key in ("gen_ai.completion", "output.value"):
        if flat.get(key) is not None:
            return _answer(texts.decoded(flat[key])), _text(reason)
    return None, _text(reason)


def _answer(value: Any) -> str | None:
    """A completion as it was written: a text, a message, or a list of them."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "role" in value[0]:
        value = value[0]
    return texts.text(value)


def _numbered(flat: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """`prefix.0.message.role`, `prefix.0.content`... as messages."""
    found: dict[int, dict[str, Any]] = {}
    start = f"{prefix}."
    for key, value in flat.items():
        if not key.startswith(start):
            continue
        number, _, rest = key.removeprefix(start).partition(".")
        if not number.isdecimal() or int(number) > 10_000:
            continue
        rest = rest.removeprefix("message.")
        message = found.setdefault(int(number), {})
        if rest in ("role", "content"):
            message[rest] = value
        elif rest.startswith("contents.") and rest.endswith(".text"):
            message["content"] = "\n".join(
                filter(None, [message.get("content"), texts.text(value)])
            )
        elif rest.startswith("tool_calls."):
            message.setdefault("tool_calls", []).append({rest.partition(".tool_call.")[2]: value})
    return [{"role": "user", **message} for _, message in sorted(found.items()) if len(message) > 0]


def _evaluations(flat: Mapping[str, Any]) -> tuple[dict[str, float], int | None]:
    """Graders' scores by name, and the user's thumb, from what the span was annotated with."""
    scores: dict[str, float] = {}
    thumb: int | None = None
    for key, name in flat.items():
        if not key.endswith(".annotation.name") and not key.endswith("evaluation.name"):
            continue
        start = key.removesuffix("name")
        score = texts.number(flat.get(f"{start}score", flat.get(f"{start}score.value")))
        label = flat.get(f"{start}label", flat.get(f"{start}score.label"))
        if score is not None:
            scores[str(name)] = score
        if re.search(r"feedback|thumb|user|rating", str(name), re.IGNORECASE):
            thumb = _thumb(label, score)
    return scores, thumb


def _thumb(label: Any, score: float | None) -> int | None:
    try:
        return texts.feedback(label) if label is not None else texts.feedback(score)
    except ValueError:
        return None


def _documents(flat: Mapping[str, Any]) -> list[Any]:
    found = []
    for key, value in flat.items():
        match = re.fullmatch(r"retrieval\.documents\.(\d+)\.document\.content", key)
        if match:
            found.append((int(match[1]), value))
    return [document(number + 1, value) for number, value in sorted(found, key=lambda one: one[0])]


def _wants_json(flat: Mapping[str, Any]) -> bool:
    if str(flat.get("gen_ai.output.type")) == "json":
        return True
    keys = ("llm.invocation_parameters", "gen_ai.request.response_format")
    asked = "".join(str(flat.get(key, "")) for key in keys)
    return "json_schema" in asked or "json_object" in asked


def _error(span: Mapping[str, Any], flat: Mapping[str, Any]) -> str | None:
    status = span.get("status")
    code = status.get("code") if isinstance(status, dict) else None
    if str(code) in ("2", "STATUS_CODE_ERROR", "ERROR"):
        return _text(reach(status, "message")) or _text(flat.get("error.type")) or "the call failed"
    return _text(flat.get("error.type"))


def _take_event(name: str, event: dict[str, Any], found: dict[str, Any]) -> None:
    """What an event says of messages and evaluations, put where attributes would say it."""
    if name in ("gen_ai.content.prompt", "gen_ai.content.completion") or (
        name == "gen_ai.client.inference.operation.details"
    ):
        found |= {key: value for key, value in event.items() if key.startswith("gen_ai.")}
    elif name == "gen_ai.evaluation.result":
        number = sum(key.endswith(".evaluation.name") for key in found)
        for key, value in event.items():
            found[key.replace("gen_ai.evaluation", f"gen_ai.{number}.evaluation")] = value
    elif name == "gen_ai.choice":
        message = texts.decoded(event.get("message")) or event
        if isinstance(message, dict):
            found["gen_ai.completion"] = message.get("content")
        found.setdefault("llm.finish_reason", event.get("finish_reason"))
    else:
        role = re.fullmatch(r"gen_ai\.(system|user|assistant|tool)\.message", name)
        if role:
            number = sum(key.startswith("gen_ai.prompt.") for key in found) // 2
            found[f"gen_ai.prompt.{number}.role"] = role[1]
            found[f"gen_ai.prompt.{number}.content"] = event.get("content") or event.get("body")


def _attributes(listed: Any) -> dict[str, Any]:
    """OTLP's list of {key, value} as a dict; a dict as it is."""
    if isinstance(listed, dict):
        return dict(listed)
    return {
        str(one.get("key")): _any_value(one.get("value"), 0)
        for one in _list(listed)
        if isinstance(one, dict)
    }


def _any_value(value: Any, depth: int) -> Any:
    if not isinstance(value, dict) or depth > 50:
        return value
    for kind in ("stringValue", "boolValue", "doubleValue", "bytesValue", "string_value"):
        if kind in value:
            return value[kind]
    if "intValue" in value:
        said = str(value["intValue"])
        return int(said) if said.lstrip("-").isdecimal() and len(said) < 20 else said
    if "arrayValue" in value:
        return [_any_value(one, depth + 1) for one in _list(reach(value, "arrayValue.values"))]
    if "kvlistValue" in value:
        return _attributes(reach(value, "kvlistValue.values"))
    return None


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Leaves by dotted path: {"a": [{"b": 1}]} gives ("a.0.b", 1). Lists of plain values stay."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, item in enumerate(value):
            yield from _flat(item, f"{prefix}.{number}")
    else:
        yield prefix, value


def _whole(found: Mapping[str, Any]) -> dict[str, Any]:
    """Messages that are values of their own and not text: flattening took them apart."""
    return {key: value for key, value in found.items() if isinstance(value, list | dict)}


def _service(resource: Any) -> str | None:
    return _text(_attributes(reach(resource, "attributes")).get("service.name"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) or value is None else texts.text(value)
