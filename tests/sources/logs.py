"""Logs to read, and reading them."""

from __future__ import annotations

import io
import json
from typing import Any

from labeltool.model.record import Record
from labeltool.sources import BadRow, Kind, read


def items(
    data: bytes | str, name: str = "log", kind: Kind | None = None, **how: Any
) -> tuple[Kind, list[Record], list[BadRow]]:
    """The kind that it was taken for, the records, the bad rows."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    reading = read(stream, name, kind, **how)
    found = list(reading)
    return (
        reading.kind,
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, BadRow)],
    )


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def attribute(key: str, value: Any) -> dict[str, Any]:
    """As OTLP JSON has it: 64-bit integers as text."""
    if isinstance(value, bool):
        return {"key": key, "value": {"boolValue": value}}
    if isinstance(value, int):
        return {"key": key, "value": {"intValue": str(value)}}
    if isinstance(value, list):
        return {
            "key": key,
            "value": {"arrayValue": {"values": [{"stringValue": one} for one in value]}},
        }
    return {"key": key, "value": {"stringValue": value}}


def span(attributes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": "eee19b7ec3c1b174",
        "parentSpanId": "",
        "name": "chat gpt-5",
        "kind": 3,
        "startTimeUnixNano": "1763632800000000000",
        "endTimeUnixNano": "1763632801500000000",
        "attributes": [attribute(key, value) for key, value in attributes.items()],
        "status": {},
        **changes,
    }


def otlp(*spans: dict[str, Any], service: str = "support-bot") -> dict[str, Any]:
    """An export request as the OpenTelemetry collector's file exporter writes it."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [attribute("service.name", service)]},
                "scopeSpans": [{"scope": {"name": "openai", "version": "2"}, "spans": list(spans)}],
                "schemaUrl": "https://opentelemetry.io/schemas/1.37.0",
            }
        ]
    }


GENAI = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5",
    "gen_ai.response.model": "gpt-5-2025",
    "gen_ai.response.finish_reasons": ["length"],
    "gen_ai.usage.output_tokens": 52,
    "gen_ai.conversation.id": "conv-1",
    "gen_ai.system_instructions": '[{"type": "text", "content": "Be brief."}]',
    "gen_ai.input.messages": json.dumps(
        [{"role": "user", "parts": [{"type": "text", "content": "Weather in Paris?"}]}]
    ),
    "gen_ai.output.messages": json.dumps(
        [
            {
                "role": "assistant",
                "parts": [{"type": "text", "content": "It is rainy, and"}],
                "finish_reason": "length",
            }
        ]
    ),
}
