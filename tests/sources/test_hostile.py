"""Whatever stands in a row, the others are read."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from labeltool.sources import Kind
from tests.hostile import HIDDEN, MARKUP, TERMINAL
from tests.sources.logs import GENAI, items, lines, otlp, span
from tests.sources.test_issue import FORM, event
from tests.sources.test_langfuse import TRACE

NATIVE = {
    "id": "r",
    "time": "2026-11-20",
    "input": [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
    "output": "o",
    "feedback": -1,
    "latency_ms": 1,
    "tags": ["a"],
    "context": [{"id": "1", "text": "t"}],
    "scores": {"a": 1},
}
CHAT = {
    "request": {"messages": [{"role": "user", "content": "x", "tool_calls": [{"id": 1}]}]},
    "response": {
        "choices": [{"message": {"content": "y"}, "finish_reason": "stop"}],
        "created": 1763632800,
        "error": {"message": "x"},
    },
}
PHOENIX = {
    "context": {"span_id": "a"},
    "span_kind": "LLM",
    "start_time": "2026-11-20T10:00:00Z",
    "attributes": {"llm": {"input_messages": [{"message": {"role": "user", "content": "x"}}]}},
    "annotations": [{"annotation": {"name": "feedback", "score": 1, "label": "up"}}],
}
SEEDS: dict[Kind, Any] = {
    "jsonl": NATIVE,
    "openai": CHAT,
    "langfuse": TRACE,
    "openinference": PHOENIX,
    "otlp": otlp(
        span({**GENAI, "gen_ai.prompt.0.role": "user"}, events=[{"name": "gen_ai.choice"}])
    ),
    "github-issue": json.loads(event(FORM)),
}
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, 1.5, "", "x", [], {}, [[]], [{}], {"a": 1}, ["x"], [None]),
    *("[{", '{"a": 1}', "\x00", "2026-99-99", 1e300, {"role": 5}, [{"role": "user"}]),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, item in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from places(item, (*path, key))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    value = copy.deepcopy(value)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    return value


@pytest.mark.parametrize("kind", SEEDS)
def test_any_value_in_any_place_is_a_record_or_a_bad_row(kind: Kind) -> None:
    seed = SEEDS[kind]
    everywhere = list(places(seed))
    for odd in ODD:
        for path in random.Random(repr(odd)).sample(everywhere, min(40, len(everywhere))):
            row = changed(seed, path, odd)
            items(json.dumps(row) if kind == "github-issue" else lines(row), kind=kind)


@pytest.mark.parametrize("text", [*TERMINAL, *HIDDEN[:-1], *MARKUP])
def test_hostile_text_comes_through_as_it_is(text: str) -> None:
    _, (record,), _ = items(lines({"id": text, "input": f"x {text}", "output": text}))
    assert (record.id, record.input, record.output) == (text, f"x {text}", text)
