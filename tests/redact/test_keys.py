from __future__ import annotations

import pytest

from labeltool.redact.keys import hide_keys


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcdefghijklmnop1234.",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0",
        "token ghp_0123456789abcdefghij0123 is bad",
        "https://alice:hunter2secret@example.org/repo.git",
        "AKIAIOSFODNN7EXAMPLE is not allowed",
    ],
)
def test_what_is_shaped_like_a_key_is_not_shown(text: str) -> None:
    shown = hide_keys(text)
    assert "[key]" in shown
    for part in ("abcdefghijklmnop", "eyJhbGci", "ghp_0123", "hunter2", "IOSFODNN7"):
        assert part not in shown


def test_a_key_of_the_settings_is_hidden_whatever_its_shape() -> None:
    assert hide_keys("bad key local-dev-key!", ["local-dev-key"]) == "bad key [key]!"


def test_the_longer_of_two_keys_goes_first() -> None:
    assert hide_keys("abcdefgh", ["abcdef", "abcdefgh"]) == "[key]"


@pytest.mark.parametrize("text", ["the task-list is long", "a risk-averse answer", "no key here"])
def test_ordinary_words_stay(text: str) -> None:
    assert hide_keys(text, ["key"]) == text
