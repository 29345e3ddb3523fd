"""Hashes follow the text and nothing else."""

import hashlib

from labeltool.model.case import Case, Message
from labeltool.model.hashing import case_hash, input_hash, text_hash, verified_hash


def test_a_text_hash_is_what_sha256sum_prints() -> None:
    assert text_hash("Grüße") == hashlib.sha256("Grüße".encode()).hexdigest()[:12]


def test_messages_hash_as_canonical_json() -> None:
    messages = (Message(role="user", content="hi"), Message(role="assistant", content="ü"))
    text = '[{"content":"hi","role":"user"},{"content":"ü","role":"assistant"}]'
    assert input_hash(messages) == text_hash(text)
    assert input_hash("hi") == text_hash("hi")


def test_a_null_field_of_a_message_changes_nothing() -> None:
    written = Case.model_validate(
        {
            "id": "a",
            "tier": "golden",
            "input": [{"role": "user", "content": "x", "tool_calls": None}],
        }
    )
    left_out = Case.model_validate(
        {"id": "a", "tier": "golden", "input": [{"role": "user", "content": "x"}]}
    )
    assert input_hash(written.input) == input_hash(left_out.input)


def test_verifying_signs_input_and_expected_only() -> None:
    case = Case(id="a", tier="golden", input="x", expected="y")
    assert verified_hash(case) == verified_hash(case.model_copy(update={"tags": ("new",)}))
    assert verified_hash(case) != verified_hash(case.model_copy(update={"expected": "z"}))
    assert verified_hash(case) != verified_hash(case.model_copy(update={"input": "z"}))
    assert verified_hash(case) == text_hash('{"expected":"y","input":"x"}')


def test_a_case_hash_ignores_what_people_said_about_it() -> None:
    case = Case(id="a", tier="golden", input="x", expected="y")
    assert case_hash(case) == case_hash(case.model_copy(update={"notes": "hm", "tags": ("t",)}))
    assert case_hash(case) != case_hash(case.model_copy(update={"vars": {"a": 1}}))
