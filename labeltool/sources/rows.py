"""Rows with columns, JSON Lines or CSV: the fields of a record by their names, or by a mapping."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from labeltool.model.case import Document
from labeltool.sources import documents, texts
from labeltool.sources.kinds import FIELDS, BadRow, Item, record

_LIST_FIELDS = frozenset({"tags", "context", "scores"})
_DELIMITERS = ",\t;|"


def json_rows(
    found: Iterator[documents.Value | BadRow], name: str, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """Records of parsed values, each of which must be an object."""
    for one in found:
        if isinstance(one, BadRow):
            yield one
        elif not isinstance(one.value, dict):
            yield BadRow(one.line, "is no JSON object")
        else:
            yield of_row(one.line, one.value, name, mapping)


def csv_rows(stream: BinaryIO, name: str, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Records of a CSV file with a header; parted by commas, tabs, semicolons or bars."""
    lines = _Lines(stream)
    header: list[str] | None = None
    before = csv.field_size_limit(documents.MAX_ROW)
    try:
        first = next(lines, "")
        reader = csv.reader(lines.again(first), delimiter=_delimiter(first), strict=True)
        while True:
            start = lines.number + (header is not None)
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield BadRow(start, f"is not CSV: {error}")
                continue
            yield from lines.taken()
            if not cells:
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
            elif len(cells) != len(header):
                yield BadRow(start, f"has {len(cells)} cells, the header has {len(header)}")
            else:
                row = {key: cell for key, cell in zip(header, cells, strict=True) if cell}
                yield of_row(start, row, name, mapping)
        yield from lines.taken()
    finally:
        csv.field_size_limit(before)


def of_row(line: int, row: Mapping[str, Any], name: str, mapping: Mapping[str, str]) -> Item:
    """The record that `row` tells of; columns that are no field are passed over."""
    fields: dict[str, Any] = {}
    try:
        for field in FIELDS:
            column = mapping.get(field, field)
            value = row.get(column)
            if value is None and "." in column:
                value = reach(row, column)
            # An output of nothing is an answer, a bad one; elsewhere it is a field left out.
            if value is not None and (value != "" or field == "output"):
                fields[field] = _field(field, value)
    except ValueError as error:
        return BadRow(line, f"{column}: {_words(error)}")
    fields.setdefault("id", f"{name}:{line}")
    return record(line, fields)


def reach(row: Any, column: str) -> Any:
    """The value at a dotted path into objects and lists; None where there is none."""
    for key in column.split("."):
        if isinstance(row, Mapping):
            row = row.get(key)
        elif isinstance(row, list) and key.isdecimal() and int(key) < len(row):
            row = row[int(key)]
        else:
            return None
    return row


def _field(field: str, value: Any) -> Any:
    if field == "input":
        return (
            value if isinstance(value, str) and value[:1] not in "[{" else texts.conversation(value)
        )
    if field == "time":
        return texts.time(value)
    if field == "feedback":
        return texts.feedback(value)
    if field == "latency_ms":
        return texts.number(value)
    if field in _LIST_FIELDS:
        return _listed(field, texts.decoded(value))
    return value if isinstance(value, str) else texts.text(value)


def _listed(field: str, value: Any) -> Any:
    if field == "tags":
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return [str(one) for one in value] if isinstance(value, list) else None
    if field == "scores":
        if not isinstance(value, Mapping):
            raise ValueError("wants {name: score}")
        scores = {str(key): texts.number(score) for key, score in value.items()}
        return {key: score for key, score in scores.items() if score is not None}
    listed = value if isinstance(value, list) else [value]
    return [document(number, one) for number, one in enumerate(listed, 1)]


def document(number: int, value: Any) -> Document:
    """A document of the context; one without an id is numbered."""
    if isinstance(value, Mapping) and "text" in value:
        return Document(id=str(value.get("id") or number), text=texts.text(value["text"]) or "")
    return Document(id=str(number), text=texts.text(value) or "")


def _words(error: ValueError) -> str:
    """What was wrong, in words that quote nothing of the value."""
    said = str(error)
    return said if said.startswith(("is ", "wants ")) else "is no time"


class _Lines:
    """Decoded lines with the number of the last one; those that are no UTF-8 are put aside."""

    def __init__(self, stream: BinaryIO):
        self._lines = documents.raw_lines(stream)
        self._held: list[str] = []
        self._bad: list[BadRow] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._held:
            return self._held.pop()
        for number, line in self._lines:
            self.number = number
            if line is None:
                self._bad.append(BadRow(self.number, "is longer than a row may be"))
                continue
            try:
                return line.decode("utf-8")
            except UnicodeDecodeError:
                self._bad.append(BadRow(self.number, "is not UTF-8"))
        raise StopIteration

    def again(self, text: str) -> _Lines:
        self._held.append(text)
        return self

    def taken(self) -> list[BadRow]:
        bad, self._bad = self._bad, []
        return bad


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count) if header else ","
