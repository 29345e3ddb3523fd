from __future__ import annotations

import io
import math
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from labeltool.errors import DataError
from labeltool.store.yaml import dump, parse
from tests import hostile
from tests.store.yaml.values import MAPPINGS, TEXTS, same


@settings(max_examples=400)
@given(MAPPINGS)
def test_every_value_comes_back_and_is_written_the_same_again(value: dict[Any, Any]) -> None:
    written = dump(value)
    read = parse(written, path="a.yaml")
    assert same(read, value)
    assert dump(read) == written


@settings(max_examples=300)
@given(st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3), max_size=4))
def test_other_readers_get_the_same_texts(value: dict[str, Any]) -> None:
    written = dump(value)
    assert pyyaml.load(written, pyyaml.CSafeLoader) == value
    assert pyyaml.safe_load(written) == value
    assert YAML(typ="safe", pure=True).load(io.BytesIO(written)) == value


@settings(max_examples=200)
@given(TEXTS)
def test_a_text_survives_wherever_it_stands(text: str) -> None:
    value = {"a": text, "b": [text], "c": [{"d": [text, "x"]}], text: 1, "e": {text: text}}
    written = dump(value)
    assert same(parse(written, path="a.yaml"), value)
    assert pyyaml.load(written, pyyaml.CSafeLoader) == value


@pytest.mark.parametrize("text", hostile.WRITABLE)
def test_hostile_texts_come_back(text: str) -> None:
    written = dump({"a": text, "b": {"c": [text]}})
    assert parse(written, path="a.yaml") == {"a": text, "b": {"c": [text]}}
    assert written.decode().endswith("\n")
    assert not written.endswith(b"\n\n")


@given(MAPPINGS)
def test_what_is_written_is_safe_for_a_terminal_and_for_git(value: dict[Any, Any]) -> None:
    written = dump(value).decode()
    assert not any(ord(c) < 0x20 and c not in "\n\t" for c in written)
    assert "\r" not in written
    assert "\ufeff" not in written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("0007-late-refund", "0007-late-refund"),
        ("77ab01c2d3e4", "77ab01c2d3e4"),
        ("support-summary@2", "support-summary@2"),
        ("http://a.example/b", "http://a.example/b"),
        ("it's", "it's"),
        ("Größe 日本", "Größe 日本"),
        ("😀 fine", "😀 fine"),
        ("", '""'),
        ("no", '"no"'),
        ("0123", '"0123"'),
        ("12:30:00", '"12:30:00"'),
        ("1_000", '"1_000"'),
        ("12345678e123", '"12345678e123"'),
        ("770112345678", '"770112345678"'),
        ("2026-11-23", '"2026-11-23"'),
        ("2026-11-23T18:40:00Z", '"2026-11-23T18:40:00Z"'),
        ("0x1F", '"0x1F"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ('"said": x', "'\"said\": x'"),
        (r"c:\dir: x", r"'c:\dir: x'"),
        ("a\tb", r'"a\tb"'),
        ("a\r\nb", r'"a\r\nb"'),
        ("line \nend", r'"line \nend"'),
        ("a\n\n", r'"a\n\n"'),
        ("\x1b[0m", r'"\e[0m"'),
        ("a\u2028b", r'"a\Lb"'),
        ("two\nlines", "|-\n  two\n  lines"),
        ("two\nlines\n", "|\n  two\n  lines"),
        ("say 😀\nlines\n", "|\n  say 😀\n  lines"),
        ("if x:\n\treturn\n", "|\n  if x:\n  \treturn"),
    ],
)
def test_the_style_fits_the_text(text: str, written: str) -> None:
    assert dump({"a": text}).decode() == f"a: {written}\n"


def test_long_texts_are_never_wrapped() -> None:
    text = "word " * 2000 + "end"
    assert dump({"a": text}) == f"a: {text}\n".encode()
    assert dump({"a": f"{text}: x"}).count(b"\n") == 1


def test_a_label_reads_like_the_design() -> None:
    label = {
        "case": "0007-late-refund",
        "rubric": "support-summary@2",
        "scores": {"action_items": 2, "tone": 1, "no_invention": "na"},
        "tags": [],
        "vars": {},
        "flag": None,
        "seconds": 41,
        "after_judge": False,
        "checks": [{"kind": "max_words", "value": 79}],
        "levels": {0: "None.", 1: "All, of: them"},
    }
    assert dump(label).decode() == (
        "case: 0007-late-refund\n"
        "rubric: support-summary@2\n"
        "scores: {action_items: 2, tone: 1, no_invention: na}\n"
        "tags: []\n"
        "vars: {}\n"
        "flag: null\n"
        "seconds: 41\n"
        "after_judge: false\n"
        "checks:\n"
        "- {kind: max_words, value: 79}\n"
        'levels: {0: None., 1: "All, of: them"}\n'
    )


def test_a_long_mapping_takes_a_line_a_field() -> None:
    value = {"a": {"first": "x" * 40, "second": "y" * 40}}
    assert dump(value).decode() == f"a:\n  first: {'x' * 40}\n  second: {'y' * 40}\n"


def test_an_emoji_elsewhere_changes_no_other_line() -> None:
    value = {
        "id": "a",
        "tags": ["x: y", "no", "", "c'd"],
        "empty": [],
        "nested": [{"text": "two\n  lines\n", "more": [{"k": "- a", "l": "q?"}]}],
        "long": "word " * 60 + "end",
        "escaped": "\x1b\u2028é",
    }
    plain = dump({**value, "note": "!"}).decode().splitlines()
    smiling = dump({**value, "note": "😀"}).decode().splitlines()
    assert [(a, b) for a, b in zip(plain, smiling, strict=True) if a != b] == [
        ('note: "!"', "note: 😀")
    ]


@pytest.mark.parametrize(
    ("value", "field", "message"),
    [
        ({"a": {"b": ["x", "\ud83d"]}}, "a.b.1", "half of a surrogate pair"),
        ({"a\udc00": 1}, "a\udc00", "half of a surrogate pair"),
        ({"a": {"b": math.nan}}, "a.b", "nan is no number to keep"),
        ({"a": [math.inf]}, "a.0", "inf is no number to keep"),
        ({"a": {None: 1}}, "a.None", "neither text nor an integer"),
        ({"a": {True: 1}}, "a.True", "neither text nor an integer"),
    ],
)
def test_what_no_file_can_hold_is_refused(value: Any, field: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        dump(value, path="cases/a.yaml")
    assert caught.value.where is not None
    assert (caught.value.where.path, caught.value.where.field) == ("cases/a.yaml", field)
    assert caught.value.hint


def test_other_types_are_a_programming_error() -> None:
    with pytest.raises(TypeError, match="bytes is no plain value"):
        dump({"a": b"x"})
