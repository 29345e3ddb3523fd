from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from labeltool.errors import DataError
from labeltool.store.yaml import dump, edit, parse
from tests.store.yaml.values import MAPPINGS, TEXTS, same

RUBRIC = b"""\
# What a good summary is.
name:   support-summary      # the file's name
version: 2
since: 2026-11-20
note: ~
empty:
stable: {alpha: 0.80, at: 10:30,  words: [a,b]}
criteria:
    - id: action_items   # counted by hand
      text: >
        All action items
        are captured.
      levels: {0: No., 1: 'Yes.'}

    # the second one
    - {id: tone, max: 0_2}
text: |
    block
      text

changelog:
    - version: 2
      cases: []   # none
# the end
"""


def difference(before: bytes, change: Callable[[Any], Any]) -> list[str]:
    after = edit(before, change)
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_an_amendment_changes_its_own_lines_only() -> None:
    def amend(rubric: Any) -> None:
        rubric["version"] = 3
        rubric["criteria"][0]["levels"][1] = "All: of them"
        rubric["changelog"].append(
            {"version": 3, "date": "2026-11-23", "changed": ["tone"], "reason": "Two\nlines 😀."}
        )

    assert difference(RUBRIC, amend) == [
        "- version: 2",
        "+ version: 3",
        "-       levels: {0: No., 1: 'Yes.'}",
        '+       levels: {0: No., 1: "All: of them"}',
        "+     - version: 3",
        '+       date: "2026-11-23"',
        "+       changed: [tone]",
        "+       reason: |-",
        "+         Two",
        "+         lines 😀.",
    ]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda r: r.update(name="x"), ["- name:   support-summary      # the file's name"]),
        (lambda r: r.update(since="2026-11-21"), ['+ since: "2026-11-21"']),
        (lambda r: r.update(note="no"), ["- note: ~", '+ note: "no"']),
        (lambda r: r.pop("empty"), ["- empty:"]),
        (
            lambda r: r.update({"y": {"a": [1, {"b": "c\n"}]}}),
            ['+ "y":', "+   a:", "+       - b: |"],
        ),
        (lambda r: r["criteria"].pop(), ["-     - {id: tone, max: 0_2}"]),
    ],
)
def test_each_change_shows_in_few_lines(change: Callable[[Any], Any], lines: list[str]) -> None:
    found = difference(RUBRIC, change)
    assert [line for line in lines if line not in found] == []
    assert len(found) <= 8


def test_a_change_sees_what_the_strict_reader_sees() -> None:
    seen: list[Any] = []
    edit(RUBRIC, lambda r: seen.extend([r["since"], r["stable"]["at"], r["criteria"][1]["max"]]))
    assert seen == ["2026-11-20", "10:30", "0_2"]


def test_without_a_change_the_very_bytes_come_back() -> None:
    assert edit(RUBRIC, lambda rubric: None) is RUBRIC
    assert edit(RUBRIC, lambda rubric: rubric.update(version=2)) is RUBRIC


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"---\na: 1\nb: [1,2]\n...\n", b"---\na: 7\nb: [1,2]\n...\n"),
        (b"# top\n\na: 1 # why\n\n# end", b"# top\n\na: 7 # why\n\n# end"),
        (b"{a: 1, b: {c: 2}}\n", b"{a: 7, b: {c: 2}}\n"),
        (b"a: 1", b"a: 7\n"),
        (b"b: two\n  lines\n\nc: ~\na: 1\nd:\n", b"b: two\n  lines\n\nc: ~\na: 7\nd:\n"),
    ],
)
def test_unusual_layouts_stay(before: bytes, after: bytes) -> None:
    assert edit(before, lambda document: document.update(a=7)) == after


def test_windows_line_ends_stay() -> None:
    data = RUBRIC.replace(b"\n", b"\r\n")
    expected = RUBRIC.replace(b"version: 2\nsince", b"version: 3\nsince").replace(b"\n", b"\r\n")
    assert edit(data, lambda rubric: rubric.update(version=3)) == expected


def test_an_astral_or_carriage_return_text_replaces_a_block() -> None:
    for text in ("a\r\nb\r\n", "😀\nb", " \t\n", "\x1b[0m\n"):
        edited = edit(RUBRIC, lambda rubric, text=text: rubric.update(text=text))  # type: ignore[misc]
        assert parse(edited, path="a.yaml")["text"] == text


@pytest.mark.parametrize(
    "data",
    [b"a: !!python/object/apply:os.system [id]\n", b"a: &x 1\nb: *x\n", b"a: 1\na: 2\n", b"- a\n"],
)
def test_what_the_strict_reader_refuses_is_never_edited(data: bytes) -> None:
    def never(document: Any) -> None:
        raise AssertionError("the change was made")

    with pytest.raises(DataError) as caught:
        edit(data, never, path="rubrics/a.yaml")
    assert caught.value.where is not None
    assert caught.value.where.line is not None


def test_a_text_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(DataError, match="half of a surrogate pair"):
        edit(RUBRIC, lambda rubric: rubric.update(name="\ud83d"))


@settings(max_examples=60)
@given(MAPPINGS, TEXTS, TEXTS)
def test_an_edit_of_any_file_reads_back(value: dict[Any, Any], key: str, text: str) -> None:
    data = dump(value)

    def change(document: Any) -> None:
        document[key] = text
        document["added"] = [{"text": text, text: 1}]

    edited = edit(data, change)
    expected = {**value, key: text, "added": [{"text": text, text: 1}]}
    assert same(parse(edited, path="a.yaml"), expected)
