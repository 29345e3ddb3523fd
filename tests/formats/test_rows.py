"""Rows of files that somebody else wrote: every bad one is named by its line."""

from __future__ import annotations

import io

import pytest

from labeltool.errors import DataError, Problem, UsageError
from labeltool.formats import rows
from labeltool.formats.rows import Format, Row


def read(data: str | bytes, format: Format) -> list[Row | Problem]:
    raw = data.encode() if isinstance(data, str) else data
    return list(rows.read(io.BytesIO(raw), "rows", format))


def told(data: str | bytes, format: Format) -> list[str]:
    return [str(one) for one in read(data, format) if isinstance(one, Problem)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' stands in one object twice"),
        ('{"a": {"b": 1, "b": 1}}', "the key 'b' stands in one object twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": 1e999}', "too large for a number"),
        ('{"a": ' + "9" * 5000 + "}", "5000 digits"),
        ('{"a": "\\ud83d"}', "half a surrogate pair"),
        ('{"\\uDE00": 1}', "half a surrogate pair"),
        ("[1]", "is no JSON object"),
        ("{", "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_json_line_is_named_and_the_next_one_still_read(line: str, words: str) -> None:
    first, problem, last = read('{"n": 1}\n' + line + '\n{"n": 3}\n', "jsonl")
    assert isinstance(problem, Problem)
    assert words in problem.message
    assert problem.where.line == 2
    assert (first, last) == (Row(1, {"n": 1}), Row(3, {"n": 3}))


def test_json_that_is_no_utf8_is_named() -> None:
    assert told(b'{"a": "\xe9"}\n', "jsonl") == [
        "rows:1: byte 0xe9 at column 8 is not UTF-8",
    ]


def test_a_whole_emoji_written_as_a_pair_is_text() -> None:
    assert read('{"a": "\\ud83d\\ude00"}', "jsonl") == [Row(1, {"a": "\N{GRINNING FACE}"})]


def test_a_json_list_is_told_what_jsonl_is() -> None:
    (problem,) = (one for one in read('[\n{"a": 1}', "jsonl") if isinstance(one, Problem))
    assert "a line of its own" in (problem.hint or "")


def test_csv_counts_lines_as_an_editor_does() -> None:
    data = '\ufeffid,input\r\na,"two\nlines"\r\n\r\nb,"say ""x"", y"\r\n'
    assert read(data, "csv") == [
        Row(2, {"id": "a", "input": "two\nlines"}),
        Row(5, {"id": "b", "input": 'say "x", y'}),
    ]


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_csv_may_be_parted_otherwise(mark: str) -> None:
    assert read(f"id{mark}input\na{mark}b, c\n", "csv") == [Row(2, {"id": "a", "input": "b, c"})]


def test_a_csv_row_with_too_many_cells_is_named() -> None:
    assert told("id,input\na,b\na,b,c\n", "csv") == ["rows:3: has 3 cells, the header has 2"]


def test_a_quote_that_never_closes_is_named_where_it_opens() -> None:
    (problem,) = told('id,input\na,b\nb,"x\ny\nz\n', "csv")
    assert problem.startswith("rows:3: is not CSV")


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="two columns are called 'id'"):
        read("id,id\n1,2\n", "csv")


def test_utf16_is_told_to_be_saved_as_utf8() -> None:
    with pytest.raises(DataError) as caught:
        read("id,input\n".encode("utf-16"), "csv")
    assert caught.value.hint == "save it as UTF-8"


def test_a_long_cell_is_read() -> None:
    (row,) = read(f"input\n{'x' * 300_000}\n", "csv")
    assert isinstance(row, Row)
    assert len(row.values["input"]) == 300_000


def test_one_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_LINE", 100)
    with pytest.raises(DataError, match="longer than"):
        read('{"a": "' + "x" * 200 + '"}', "jsonl")


def test_the_name_tells_the_format() -> None:
    assert rows.format_of("a/B.JSONL") == "jsonl"
    assert rows.format_of("x.tsv") == "csv"
    with pytest.raises(UsageError, match="cannot tell"):
        rows.format_of("x.parquet")
