"""Langfuse: traces with scores, generations; what is neither is passed over."""

from __future__ import annotations

import json

from tests.sources.logs import items, lines

TRACE = {
    "id": "t1",
    "projectId": "p",
    "timestamp": "2026-11-20T10:00:00.123Z",
    "name": "support-bot",
    "input": {"question": "Where is my refund?"},
    "output": {"answer": "No idea."},
    "sessionId": "s1",
    "tags": ["refund"],
    "observations": [
        {"type": "SPAN", "model": None},
        {"type": "GENERATION", "model": "gpt-5", "metadata": {"finish_reason": "length"}},
    ],
    "scores": [
        {"name": "user-feedback", "value": 0, "comment": "useless", "source": "API"},
        {"name": "faithfulness", "value": 0.3},
    ],
    "htmlPath": "/project/p/traces/t1",
    "latency": 1.5,
}


def test_a_trace_brings_thumb_scores_and_the_reason_it_stopped() -> None:
    kind, (record,), bad = items(json.dumps([TRACE]))
    assert (kind, bad) == ("langfuse", [])
    assert (record.input, record.output) == ("Where is my refund?", "No idea.")
    assert (record.feedback, record.notes) == (-1, "useless")
    assert record.scores == {"user-feedback": 0.0, "faithfulness": 0.3}
    assert (record.model, record.finish_reason, record.system) == ("gpt-5", "length", "support-bot")
    assert (record.time, record.latency_ms) == ("2026-11-20T10:00:00Z", 1500.0)


def test_generations_are_records_and_spans_and_events_are_not() -> None:
    generation = {
        "id": "o1",
        "traceId": "t1",
        "type": "GENERATION",
        "startTime": "2026-11-20T10:00:00Z",
        "endTime": "2026-11-20T10:00:01Z",
        "input": [{"role": "user", "content": "Hi"}],
        "output": {"role": "assistant", "content": "Ho"},
        "level": "ERROR",
        "statusMessage": "timeout",
    }
    others = [{**generation, "type": kind} for kind in ("SPAN", "EVENT")]
    _, (record,), bad = items(lines(generation, *others))
    assert (record.input, record.output, record.error, bad) == ("Hi", "Ho", "timeout", [])
    assert record.latency_ms == 1000.0


def test_an_api_page_is_read() -> None:
    _, records, bad = items(json.dumps({"data": [TRACE, TRACE], "meta": {"page": 1}}, indent=2))
    assert (len(records), bad) == (2, [])
