from __future__ import annotations

import pytest

from labeltool.model.case import Case
from labeltool.systems.base import SystemFailure, answer_of, payload


def test_a_system_sees_the_question_and_nothing_of_the_answer() -> None:
    case = Case.model_validate(
        {
            "id": "c1",
            "tier": "golden",
            "input": [{"role": "user", "content": "hi"}],
            "expected": "secret",
            "checks": [{"kind": "contains", "value": "secret"}],
            "notes": "secret",
            "counterexamples": ["secret"],
            "context": [{"id": "d1", "text": "known"}],
            "vars": {"tone": "calm"},
            "tags": ["angry"],
        }
    )
    assert payload(case) == {
        "id": "c1",
        "input": [{"role": "user", "content": "hi"}],
        "context": [{"id": "d1", "text": "known"}],
        "vars": {"tone": "calm"},
        "tags": ["angry"],
    }


def test_a_whole_reply_comes_through_and_unknown_usage_is_left_out() -> None:
    answer = answer_of(
        {
            "output": "text",
            "context": [{"id": "d", "text": "t"}],
            "usage": {"input_tokens": 3, "output_tokens": 4, "cached_tokens": 9},
            "finish_reason": "stop",
        }
    )
    assert answer.output == "text"
    assert answer.context[0].text == "t"
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (3, 4)
    assert answer.finish_reason == "stop"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (None, "nothing"),
        (7, "int"),
        ({}, "no `output`"),
        ({"output": None}, "nothing"),
        ({"output": ["a"]}, "list"),
        ({"output": "a", "usage": {"input_tokens": -1}}, "usage"),
        ({"output": "a", "usage": {"input_tokens": float("nan")}}, "usage"),
        ({"output": "a", "usage": 7}, "usage"),
        ({"output": "a", "context": "d"}, "context"),
        ({"output": "a", "finish_reason": 3}, "finish_reason"),
        ({"output": "half \ud800"}, "surrogate"),
        ({"output": "x" * 4_000_001}, "characters"),
    ],
)
def test_a_reply_of_another_shape_is_an_error_that_says_what_came(reply: object, says: str) -> None:
    with pytest.raises(SystemFailure, match=says) as caught:
        answer_of(reply, text_allowed=True)
    assert caught.value.kind == "bad_output"


def test_a_bare_text_is_for_python_only() -> None:
    assert answer_of("text", text_allowed=True).output == "text"
    with pytest.raises(SystemFailure, match="JSON object"):
        answer_of("text")
