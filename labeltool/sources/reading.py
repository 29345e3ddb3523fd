"""One door to every kind of log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from labeltool.errors import DataError, UsageError, Where
from labeltool.sources import (
    detect,
    documents,
    issue,
    langfuse,
    openai_log,
    packed,
    results,
    rows,
    spans,
)
from labeltool.sources.documents import Path, Value
from labeltool.sources.kinds import KINDS, BadRow, Item, Kind, record

_HEAD = 1 << 16
_MAX_TEXT = 4 * 2**20


@dataclass(frozen=True)
class Reading:
    """What kind of log it is, and its records, which can be gone through once."""

    kind: Kind
    items: Iterator[Item]

    def __iter__(self) -> Iterator[Item]:
        return self.items


def read(
    stream: BinaryIO,
    name: str,
    kind: Kind | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    labels: Mapping[str, str] = issue.LABELS,
    case_of: results.Lookup = lambda id: None,
) -> Reading:
    """The records of `stream` one at a time, in bounded memory; gzip and zstandard are unpacked.

    `name` tells the kind where `kind` does not, and names rows that have no id. `mapping` is
    {field: column} for jsonl and csv (a dotted column reaches inside), `labels` {label: field} of
    the issue form, `case_of` the cases that a results file speaks of.

    Raises UsageError where the kind cannot be told; going through it raises DataError where the
    file as a whole cannot be read.
    """
    plain = packed.unpacked(stream, name)
    head = plain.peek(_HEAD)[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError("the file is UTF-16", hint="save it as UTF-8", where=Where(name))
    mapping = mapping or {}
    found = kind or _told(name, head, mapping)
    if mapping and found not in ("jsonl", "csv"):
        raise UsageError(
            f"--map says nothing about {found}", hint="its fields have names of their own"
        )
    if found == "csv":
        return Reading(found, rows.csv_rows(plain, name, mapping))
    if found == "text":
        return Reading(found, _text(plain, name))
    if found == "github-issue":
        return Reading(found, _issue(plain, name, labels))
    values = documents.lines(plain) if _says_lines(name) else _values(plain, head, found)
    if found == "jsonl":
        return Reading(found, rows.json_rows(values, name, mapping))
    if found == "results":
        return Reading(found, results.rows(values, case_of))
    if found == "otlp":
        return Reading(found, spans.otlp(values))
    by_row = {"openinference": spans.rows, "langfuse": langfuse.rows, "openai": openai_log.rows}
    return Reading(found, by_row[found](values))


def _told(name: str, head: bytes, mapping: Mapping[str, str]) -> Kind:
    if not head.strip():
        return "jsonl"  # an empty log says nothing, and nothing is wrong with it
    if mapping and head.lstrip()[:1] == b"{":
        return "jsonl"
    found = detect.kind_of(name, head)
    if found is None:
        raise UsageError(
            f"cannot tell what kind of log {name} is", hint=f"say --from {', '.join(KINDS)}"
        )
    return found


def _values(plain: BinaryIO, head: bytes, kind: Kind) -> Iterator[Value | BadRow]:
    """The rows of a JSON file: its lines, or the parts of the one document that it is."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if kind == "results":
        return documents.parts(plain, results.CASES)
    if start[:1] == b"[":
        return documents.parts(plain, {("*",)})
    first = detect.first_value(start)
    wanted: set[Path] = set()
    if not _is_record(first):
        wanted = {(key, "*") for key in detect.lists_in(first)}
    if _has_a_row_a_line(start, one_document=bool(wanted) and kind != "otlp"):
        return documents.lines(plain)
    if kind == "otlp":
        return documents.parts(plain, spans.SPANS | spans.RESOURCES)
    # Without a list of rows each document is a row, however it is laid out.
    return documents.parts(plain, wanted or {()})


def _says_lines(name: str) -> bool:
    return re.search(r"\.(?:jsonl|ndjson)(?:\.gz|\.zst)?$", name.lower()) is not None


def _has_a_row_a_line(start: bytes, *, one_document: bool) -> bool:
    if start[:1] != b"{":
        return True
    line, newline, rest = start.partition(b"\n")
    if one_document and not rest.strip():
        return False
    if rest.lstrip()[:1] == b"{":
        return True  # and if the first of them is broken, the others are not
    try:
        documents.parse(line)
    except ValueError:
        return False
    return bool(newline)


def _is_record(value: object) -> bool:
    return isinstance(value, Mapping) and bool({"input", "messages", "request"} & set(value))


def _text(plain: BinaryIO, name: str) -> Iterator[Item]:
    """The whole file is what was asked."""
    data = plain.read(_MAX_TEXT + 1)
    if len(data) > _MAX_TEXT:
        yield BadRow(1, f"is longer than {_MAX_TEXT >> 20} MiB")
        return
    try:
        said = data.decode("utf-8-sig").replace("\r\n", "\n").strip("\n")
    except UnicodeDecodeError:
        yield BadRow(1, "is not UTF-8")
        return
    yield record(1, {"id": name, "input": said})


def _issue(plain: BinaryIO, name: str, labels: Mapping[str, str]) -> Iterator[Item]:
    data = plain.read(documents.MAX_ROW + 1)
    if len(data) > documents.MAX_ROW:
        yield BadRow(1, f"is longer than {documents.MAX_ROW >> 20} MiB")
        return
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        try:
            value = documents.parse(data)
        except ValueError:
            yield BadRow(1, "is not JSON")
            return
        yield from issue.of_event(value, labels)
        return
    try:
        yield issue.of_markdown(data.decode("utf-8-sig"), name, labels)
    except UnicodeDecodeError:
        yield BadRow(1, "is not UTF-8")
