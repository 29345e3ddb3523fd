from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeltool.errors import DataError
from labeltool.store.yaml import parse
from labeltool.store.yaml.reader import MAX_BYTES, MAX_DEPTH


def read(text: str) -> dict[Any, Any]:
    return parse(text.encode(), path="a.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("+5", 5),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-2.50", -2.5),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T18:40:00Z", "2026-11-23T18:40:00Z"),
        ("0007-late-refund", "0007-late-refund"),
        ("1.2.3", "1.2.3"),
        ("--", "--"),
        ("<<", "<<"),
        ("'7'", "7"),
        ('"true"', "true"),
        ('"\\u00e9\\t"', "é\t"),
        ("''", ""),
        ("|\n  7\n", "7\n"),
        ("[a, 1, [b]]", ["a", 1, ["b"]]),
        ("{b: 1, c: {d: no}}", {"b": 1, "c": {"d": "no"}}),
        ("{at: 2026-11-23T18:40:00Z, by: x}", {"at": "2026-11-23T18:40:00Z", "by": "x"}),
    ],
)
def test_plain_scalars_get_their_type_and_all_else_is_text(written: str, value: Any) -> None:
    found = read(f"a: {written}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text_or_integers() -> None:
    assert read('0: a\n-1: b\n"2": c\nno: d\n1.2.3: e\n') == {
        0: "a",
        -1: "b",
        "2": "c",
        "no": "d",
        "1.2.3": "e",
    }


def test_any_layout_is_read() -> None:
    written = "---\n# note\n? a\n:\n    - b\n    -   c: 1 # too\n        d: >\n          e\n...\n"
    assert read(written) == {"a": ["b", {"c": 1, "d": "e\n"}]}


def test_windows_line_ends_are_read() -> None:
    assert read("a: |\r\n  b\r\n  c\r\nd: 1\r\n") == {"a": "b\nc\n", "d": 1}


REFUSED = [
    ("", None, None, "empty"),
    ("# only a comment\n", None, None, "empty"),
    ("- a\n", 1, None, "no mapping"),
    ("just text\n", 1, None, "no mapping"),
    ("!t\na: 1\n", 1, None, "tags (!t)"),
    ("a: 1\nb: !!str 2\n", 2, "b", "tags (tag:yaml.org,2002:str)"),
    ("a: 1\nb: !!python/object/apply:os.system [id]\n", 2, "b", "tags"),
    ("a:\n  - b: ! 2\n", 2, "a.0.b", "tags are not read"),
    ("! a: 1\n", 1, "a", "tags are not read"),
    ("a: [!, 1]\nb: ! x\n", 1, "a.0", "tags"),
    ("%YAML 1.1\n---\na: no\n", 1, None, "directives"),
    ("%TAG ! tag:x,2000:\n---\na: 1\n", 1, None, "directives"),
    ("a: &x 1\n", 1, "a", "anchors"),
    ("a: 1\n&k b: 1\n", 2, "b", "anchors"),
    ("&r\na: 1\n", 1, None, "anchors"),
    ("a: 1\nb: *a\n", 2, "b", "aliases"),
    ("a: {b: 1}\nc:\n  <<: {b: 2}\n", 3, "c.<<", "merge keys"),
    ("a: 1\nb: 2\na: 3\n", 3, "a", "a second time"),
    ("a:\n  b: 1\n  'b': 2\n", 3, "a.b", "a second time"),
    ("1: a\n+1: b\n", 2, "+1", "a second time"),
    ("a: 1\n---\nb: 2\n", 2, None, "second document"),
    ("a: 1\n...\nb: 2\n", 3, None, "<document start>"),
    ("a: 1\n? [x]\n: 2\n", 2, "?", "a key must be"),
    ("a: 1\ntrue: 2\n", 2, "true", "is not text"),
    ("a: 1\n2.5: 2\n", 2, "2.5", "is not text"),
    ("~: 2\n", 1, "~", "is not text"),
    ("a:\n  c:\n    - d: 1\n      e: 0123\n", 4, "a.c.0.e", "0123 is text to some readers"),
    ("a: -00\n", 1, "a", "-00 is text to some readers"),
    ("a: 1e999\n", 1, "a", "too large"),
    (f"a: {'9' * 5000}\n", 1, "a", "too long"),
    ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, None, "merge conflict"),
    ("<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 1, None, "merge conflict"),
    ('a: "x\n<<<<<<< HEAD\ny"\n', 2, None, "merge conflict"),
    ("a: 1\nb: x\x00y\n", 2, None, "U+0000"),
    ("a: 1\nb: x\x1by\n", 2, None, "U+001B"),
    ("a: 1\nb: x\uffffy\n", 2, None, "U+FFFF"),
    ("\ufeffa: 1\n", 1, None, "byte order mark"),
    ("a: [1, 2\nb: 3\n", 2, "a.1", "flow sequence"),
    ("a:\n\tb: 1\n", 2, "a", "cannot start any token"),
    ("a: b: c\n", 1, "a", "mapping values are not allowed"),
    ('a: "x\n', 2, "a", "unexpected end of stream"),
    ('a: "\\ud800"\n', 1, "a", "invalid Unicode"),
    ("a: {b: 10:30, b: 1}\n", 1, "a.b", "a second time"),
    ("a: {b: 10:30, c: !t 1}\n", 1, "a.c", "tags"),
    ("a: {b: 10:30, c: ! 1}\n", 1, "a.c", "tags"),
]


@pytest.mark.parametrize(("text", "line", "field", "message"), REFUSED)
def test_what_is_refused_names_line_field_and_next_step(
    text: str, line: int | None, field: str | None, message: str
) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    where = caught.value.where
    assert where is not None
    assert message in caught.value.message
    assert (where.path, where.line, where.field) == ("a.yaml", line, field)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        ("a: 1".encode("utf-16"), 1, "UTF-16"),
        ("a: 1".encode("utf-16-be"), 1, "U+0000"),
        ("a: 1\nb: café\n".encode("latin1"), 2, "byte 0xE9 is not UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, "byte 0xED is not UTF-8"),
        (b"a: \xc0\xaf\n", 1, "byte 0xC0 is not UTF-8"),
    ],
)
def test_only_utf_8_is_read(data: bytes, line: int, message: str) -> None:
    with pytest.raises(DataError, match=message.replace("+", r"\+")) as caught:
        parse(data, path="a.yaml")
    assert caught.value.where is not None
    assert caught.value.where.line == line
    assert caught.value.hint is not None
    assert "UTF-8" in caught.value.hint


def test_a_tab_as_indentation_is_named() -> None:
    with pytest.raises(DataError) as caught:
        read("a:\n\tb: 1\n")
    assert caught.value.hint == "indent with spaces, not tabs"


def test_a_padded_number_says_how_to_quote_it() -> None:
    with pytest.raises(DataError) as caught:
        read("zip: 01234\n")
    assert caught.value.hint is not None
    assert '"01234"' in caught.value.hint


def test_marks_that_only_look_like_yaml_are_text() -> None:
    text = "a: |\n  ! x *y &z !t\n  <<<<<<< HEAD\n  a: 1\n  a: 2\n  --- \n  %YAML\nb: Stop! Now!\n"
    assert read(text)["a"] == "! x *y &z !t\n<<<<<<< HEAD\na: 1\na: 2\n--- \n%YAML\n"


BOMBS = {
    "aliases": "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*a, *a, *a]\n" for c in "bcdefghij"),
    "brackets": "a: " + "[" * 1_000_000,
    "braces": "a: " + "{b: " * 300_000,
    "dashes": "a:\n" + "- " * 300_000,
    "keys": "a: " + "? " * 300_000,
    "indents": "".join(" " * i + "a:\n" for i in range(2000)),
    "colons": "a: {" + "b: 1:2, " * 100_000,
    "anchors": "".join(f"a{i}: &a{i} 1\n" for i in range(100_000)),
    "tags": "a: " + "! " * 300_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_in_about_the_time_of_reading_them(bomb: str) -> None:
    data = BOMBS[bomb].encode()
    harmless = f'a: "{"x " * (len(data) // 2)}"\n'.encode()
    start = time.process_time()
    for _ in range(3):
        parse(harmless, path="a.yaml")
    yardstick = time.process_time() - start
    start = time.process_time()
    with pytest.raises(DataError):
        parse(data, path="a.yaml")
    assert time.process_time() - start < 20 * yardstick + 0.5


def test_depth_has_a_limit_that_no_real_file_meets() -> None:
    deepest = "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert read(deepest)
    with pytest.raises(DataError, match=f"deeper than {MAX_DEPTH} levels"):
        read("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_size_has_a_limit() -> None:
    with pytest.raises(DataError, match="MiB are more than"):
        parse(b"a: " + b"x" * MAX_BYTES, path="a.yaml")


_NEARLY_YAML = st.sampled_from(
    [
        *("a", "b: ", "- ", "\n", "\n  ", "{", "}", "[", "]", ",", ":", "? ", "&x ", "*x", "!t "),
        *("! ", "|\n", ">-\n", '"', "'", "#", "%", "---\n", "...\n", "\t", "\x00", "é", "😀", "0"),
    ]
)


def refusal(data: bytes) -> DataError | None:
    try:
        assert isinstance(parse(data, path="a.yaml"), dict)
    except DataError as error:
        return error
    return None


@settings(max_examples=400)
@given(st.lists(_NEARLY_YAML, max_size=25).map("".join).map(str.encode) | st.binary(max_size=40))
def test_whatever_stands_in_a_file_is_a_mapping_or_a_clear_error(data: bytes) -> None:
    error = refusal(data)
    if error is not None:
        assert error.hint
        assert error.where is not None
        assert error.where.line is None or 1 <= error.where.line <= data.count(b"\n") + 2
