"""OpenAI's shapes: pairs, stored completions, fine-tuning rows, responses, batches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.logs import items, lines

ASKED = [{"role": "user", "content": "Hi"}]
CHOICES = [
    {"index": 0, "message": {"role": "assistant", "content": "Ho"}, "finish_reason": "length"}
]


@pytest.mark.parametrize(
    "row",
    [
        {
            "request": {"model": "m", "messages": ASKED},
            "response": {"choices": CHOICES, "created": 1763632800},
        },
        {"messages": ASKED, "choices": CHOICES, "created": 1763632800, "model": "m"},
        {
            "object": "chat.completion",
            "id": "c",
            "created": 1763632800,
            "messages": ASKED,
            "choices": CHOICES,
        },
        {
            "custom_id": "r",
            "body": {"messages": ASKED},
            "response": {"status_code": 200, "body": {"choices": CHOICES, "created": 1763632800}},
        },
    ],
)
def test_a_request_with_its_response_is_a_record(row: dict[str, Any]) -> None:
    kind, (record,), bad = items(lines(row))
    assert (kind, bad) == ("openai", [])
    assert (record.input, record.output, record.finish_reason) == ("Hi", "Ho", "length")
    assert record.time == "2025-11-20T10:00:00Z"


def test_messages_that_end_with_the_answer_are_a_record() -> None:
    row = {"messages": [*ASKED, {"role": "assistant", "content": "Ho"}]}
    kind, (record,), _ = items(lines(row))
    assert (kind, record.input, record.output) == ("openai", "Hi", "Ho")


def test_the_responses_api_is_read() -> None:
    row = {
        "request": {
            "model": "m",
            "input": "Hi",
            "instructions": "Be kind.",
            "text": {"format": {"type": "json_schema"}},
        },
        "response": {
            "id": "resp_1",
            "created_at": 1763632800,
            "status": "incomplete",
            "incomplete_details": {"reason": "max_output_tokens"},
            "output": [
                {"type": "reasoning", "summary": []},
                {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "Ho"}],
                },
            ],
        },
    }
    _, (record,), _ = items(lines(row))
    assert (record.output, record.finish_reason, record.expects) == (
        "Ho",
        "max_output_tokens",
        "json",
    )
    assert len(record.input) == 2


def test_a_batch_output_without_its_requests_says_that_the_input_is_not_there() -> None:
    row = {
        "custom_id": "r",
        "response": {"status_code": 200, "body": {"choices": CHOICES}},
        "error": None,
    }
    _, records, bad = items(lines(row))
    assert (records, bad) == ([], [(1, "has no input")])
