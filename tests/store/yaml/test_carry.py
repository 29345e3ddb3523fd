from __future__ import annotations

import pytest

from labeltool.store.yaml.carry import carried_over


@pytest.mark.parametrize(
    ("text", "untouched", "changed", "expected"),
    [
        ("abc", "abc", "aXc", "aXc"),
        ("aBc", "abc", "abX", "aBX"),
        ("-abc", "abc", "Xbc", "-Xbc"),
        ("abc-", "abc", "abcX", "abcX-"),
        ("abc-", "abc", "ab", "ab-"),
        ("ab-c", "abc", "abXc", "abX-c"),
        ("a12bc", "abc", "abX", "a12bX"),
        ("ac", "abc", "abcX", "acX"),
        ("aBBc", "abc", "Xbc", "XBBc"),
        ("aMNd", "abcd", "abXd", "abXd"),
    ],
)
def test_only_what_changed_is_carried_over(
    text: str, untouched: str, changed: str, expected: str
) -> None:
    def lines(letters: str) -> str:
        return "".join(f"{letter}\n" for letter in letters)

    assert carried_over(lines(text), lines(untouched), lines(changed)) == lines(expected)
