"""Traces: OpenTelemetry's GenAI spans and OpenInference, in the shapes that exporters write."""

from __future__ import annotations

import json

from labeltool.model.case import Message
from tests.sources.logs import GENAI, attribute, items, lines, otlp, span


def test_a_genai_span_is_a_record() -> None:
    kind, (record,), bad = items(json.dumps(otlp(span(GENAI)), indent=1))
    assert (kind, bad) == ("otlp", [])
    assert record.input == (
        Message(role="system", content="Be brief."),
        Message(role="user", content="Weather in Paris?"),
    )
    assert record.output == "It is rainy, and"
    assert (record.system, record.model) == ("support-bot", "gpt-5-2025")
    assert (record.finish_reason, record.session) == ("length", "conv-1")
    assert (record.time, record.latency_ms) == ("2025-11-20T10:00:00Z", 1500.0)
    assert record.id == "5b8efff798038103d269b633813fc60c/eee19b7ec3c1b174"


def test_an_export_a_line_reads_like_one_document() -> None:
    one = otlp(span(GENAI), span({"http.method": "GET"}))
    _, records, bad = items(lines(one, one) + "torn {\n" + lines(one))
    assert len(records) == 3
    assert [row.line for row in bad] == [3]


def test_each_resource_names_its_own_system() -> None:
    document = otlp(span(GENAI))
    document["resourceSpans"] += otlp(span(GENAI), service="other")["resourceSpans"]
    _, records, _ = items(json.dumps(document, indent=2))
    assert [one.system for one in records] == ["support-bot", "other"]


def test_a_large_document_is_read_in_pieces() -> None:
    spans = [span(GENAI, spanId=f"{number:016x}") for number in range(3_000)]
    data = json.dumps(otlp(*spans))
    assert len(data) > 2**21
    _, records, bad = items(data)
    assert (len(records), bad) == (3_000, [])
    assert len({one.id for one in records}) == 3_000


def test_a_document_that_was_cut_off_gives_what_it_holds() -> None:
    data = json.dumps(otlp(*(span(GENAI) for _ in range(5))), indent=1)
    _, records, bad = items(data[: len(data) * 3 // 5])
    assert len(records) >= 2
    assert [one.message for one in bad] == ["ends in the middle of the document"]


def test_messages_may_be_events_of_the_span() -> None:
    events = [
        {"name": "gen_ai.system.message", "attributes": [attribute("content", "Be brief.")]},
        {"name": "gen_ai.user.message", "attributes": [attribute("content", "Hi")]},
        {
            "name": "gen_ai.choice",
            "attributes": [
                attribute("finish_reason", "length"),
                attribute("message", '{"role": "assistant", "content": "Ho"}'),
            ],
        },
        {
            "name": "gen_ai.evaluation.result",
            "attributes": [
                attribute("gen_ai.evaluation.name", "user_feedback"),
                attribute("gen_ai.evaluation.score.label", "negative"),
            ],
        },
    ]
    _, (record,), _ = items(
        json.dumps(otlp(span({"gen_ai.operation.name": "chat"}, events=events)))
    )
    assert [one.content for one in record.input if isinstance(one, Message)] == ["Be brief.", "Hi"]
    assert (record.output, record.finish_reason, record.feedback) == ("Ho", "length", -1)


def test_numbered_prompts_of_older_instrumentation_are_read() -> None:
    old = {
        "llm.request.type": "chat",
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "Hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "Ho",
        "gen_ai.completion.0.finish_reason": "stop",
    }
    _, (record,), _ = items(json.dumps(otlp(span(old))))
    assert (record.input, record.output, record.finish_reason) == ("Hi", "Ho", "stop")


def test_a_failed_span_says_so() -> None:
    failed = span(GENAI, status={"code": 2, "message": "429 quota"})
    _, (record,), _ = items(json.dumps(otlp(failed)))
    assert record.error == "429 quota"


def test_openinference_attributes_in_otlp_are_read() -> None:
    attributes = {
        "openinference.span.kind": "LLM",
        "llm.model_name": "gpt-5",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "Hi",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "Ho",
        "llm.invocation_parameters": '{"response_format": {"type": "json_object"}}',
        "session.id": "s",
        "metadata": "{}",
    }
    retriever = {"openinference.span.kind": "RETRIEVER", "input.value": "Hi"}
    _, (record,), _ = items(json.dumps(otlp(span(attributes), span(retriever))))
    assert (record.input, record.output, record.expects) == ("Hi", "Ho", "json")


def test_phoenix_rows_are_read_dotted_or_nested() -> None:
    dotted = {
        "context.span_id": "a1",
        "context.trace_id": "t1",
        "parent_id": None,
        "span_kind": "LLM",
        "start_time": "2026-11-20T10:00:00+00:00",
        "end_time": "2026-11-20T10:00:02+00:00",
        "status_code": "OK",
        "attributes.llm.model_name": "m",
        "attributes.input.value": "Hi",
        "attributes.output.value": "Ho",
        "annotations.0.annotation.name": "user feedback",
        "annotations.0.annotation.label": "thumbs_down",
        "annotations.0.annotation.score": 0,
    }
    nested = {
        "context": {"span_id": "a2", "trace_id": "t1"},
        "span_kind": "LLM",
        "attributes": {
            "llm": {
                "input_messages": [{"message": {"role": "user", "content": "Hi"}}],
                "output_messages": [{"message": {"role": "assistant", "content": "Ho"}}],
            }
        },
    }
    kind, (first, second), bad = items(lines(dotted, nested))
    assert (kind, bad) == ("openinference", [])
    assert (first.id, first.input, first.output, first.feedback) == ("t1/a1", "Hi", "Ho", -1)
    assert first.latency_ms == 2000.0
    assert (second.id, second.input, second.output) == ("t1/a2", "Hi", "Ho")
