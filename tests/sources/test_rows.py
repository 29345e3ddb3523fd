"""JSON Lines and CSV: rows by name or by a mapping; bad ones are named, not fatal."""

from __future__ import annotations

import pytest

from tests.sources.logs import items, lines


def test_a_native_row_is_read_field_by_field() -> None:
    row = {
        "id": "r1",
        "time": "2026-11-20T11:00:00+01:00",
        "input": "Hi",
        "output": "Ho",
        "system": "bot",
        "model": "m",
        "feedback": -1,
        "finish_reason": "stop",
        "latency_ms": 12,
        "expects": "json",
        "session": "s",
        "link": "https://logs.example.org/r1",
    }
    kind, (record,), bad = items(lines(row))
    assert (kind, bad) == ("jsonl", [])
    assert record.time == "2026-11-20T10:00:00Z"
    assert record.model_dump(exclude_defaults=True) == {
        **row,
        "time": "2026-11-20T10:00:00Z",
        "latency_ms": 12.0,
    }


def test_bad_rows_are_named_by_line_and_the_others_are_read() -> None:
    text = (
        lines({"id": "a", "input": "one"})
        + "not json\n\n[1]\n"
        + lines({"id": "b"}, {"id": "c", "input": "x", "feedback": "meh"})
        + '{"id": "d", "input": "half \\ud800"}\n{"id": "e", "input": 1e999}\n'
        + lines({"id": "f", "input": "x", "time": "yesterday"}, {"id": "g", "input": "two"})
        + '{"id": "torn", "inp'
    )
    _, records, bad = items(text)
    assert [one.id for one in records] == ["a", "g"]
    assert [one.line for one in bad] == [2, 4, 5, 6, 7, 8, 9, 11]
    assert "feedback: is neither positive nor negative" in [one.message for one in bad]


def test_what_is_wrong_with_a_row_never_quotes_it() -> None:
    text = '{"id": "a", "input": "sk-proj-secret", oops\n' + lines(
        {"id": 1, "input": {"key": "hunter2"}, "time": "hunter2"}
    )
    _, _, bad = items(text)
    assert len(bad) == 2
    assert not any("secret" in one.message or "hunter2" in one.message for one in bad)


def test_deep_json_is_a_bad_row() -> None:
    _, records, bad = items(
        '{"input": ' + "[" * 100_000 + "\n" + lines({"input": "x"}) * 2, "deep.jsonl"
    )
    assert len(records) == 2
    assert [one.line for one in bad] == [1]


def test_other_names_are_mapped_and_dotted_ones_reach_inside() -> None:
    row = {
        "q": "Hi",
        "resp": {"choices": [{"text": "Ho"}]},
        "meta": {"thumb": "down", "at": 1763632800},
    }
    mapping = {
        "input": "q",
        "output": "resp.choices.0.text",
        "feedback": "meta.thumb",
        "time": "meta.at",
    }
    _, (record,), _ = items(lines(row), mapping=mapping)
    assert (record.input, record.output, record.feedback) == ("Hi", "Ho", -1)
    assert record.time == "2025-11-20T10:00:00Z"
    assert record.id == "log:1"


def test_messages_stay_messages_and_one_of_the_user_alone_is_its_text() -> None:
    alone = [{"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url"}]}]
    two = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
    _, records, _ = items(lines({"input": alone}, {"input": two}))
    assert records[0].input == "Hi\n[image_url]"
    assert [message.role for message in records[1].input if not isinstance(message, str)] == [
        "system",
        "user",
    ]


@pytest.mark.parametrize("parted", [",", ";", "\t"])
def test_csv_is_read_with_quotes_and_newlines_in_cells(parted: str) -> None:
    text = f'q{parted}a{parted}thumb\r\n"Hi{parted}\r\nyou ""there"""{parted}Ho{parted}👎\r\n'
    text += f"only one cell\r\nBye{parted}Bye{parted}\r\n"
    mapping = {"input": "q", "output": "a", "feedback": "thumb"}
    kind, records, bad = items("\ufeff" + text, "x.csv", mapping=mapping)
    assert kind == "csv"
    assert [one.feedback for one in records] == [-1, None]
    assert records[0].input == f'Hi{parted}\r\nyou "there"'
    assert [(one.line, one.message) for one in bad] == [(4, "has 1 cells, the header has 3")]


def test_csv_that_is_not_utf8_in_a_line_loses_that_line() -> None:
    data = b"input,output\nHi,Ho\n\xff\xfe,x\nBye,Bye\n"
    _, records, bad = items(data, "x.csv")
    assert [one.input for one in records] == ["Hi", "Bye"]
    assert [(one.line, one.message) for one in bad] == [(3, "is not UTF-8")]


@pytest.mark.parametrize(
    "rows", ['[{"input": "a"},\n {"input": "b"}]', '{"data": [{"input": "a"}, {"input": "b"}]}\n']
)
def test_a_json_list_or_a_list_in_an_envelope_is_rows_too(rows: str) -> None:
    kind, records, bad = items(rows)
    assert (kind, bad) == ("jsonl", [])
    assert [one.input for one in records] == ["a", "b"]


def test_an_empty_log_holds_nothing_and_nothing_is_wrong() -> None:
    assert items(b"") == ("jsonl", [], [])
