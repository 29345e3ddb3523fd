"""What kind of log this is: by its name, and by how it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import from_json

from labeltool.sources.kinds import FIELDS, Kind
from labeltool.sources.rows import reach

_CSV = (".csv", ".tsv")
_MARKDOWN = (".md", ".markdown")
_LINES = (".jsonl", ".ndjson", ".json", ".log")
_TEXT = (".txt",)
_LISTS = (
    *("resourceSpans", "resource_spans", "data", "traces", "observations", "records", "rows"),
    *("items", "spans", "cases", "logs", "generations"),
)
_GENERATION = frozenset({"traceId", "projectId", "sessionId", "observations", "userId", "htmlPath"})


def kind_of(name: str, head: bytes) -> Kind | None:
    """The kind of a log called `name` that begins with `head` (unpacked); None: cannot be told."""
    plain = re.sub(r"\.(?:gz|zst)$", "", name.lower())
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return _kind_of_json(first_value(start))
    if plain.endswith(_CSV):
        return "csv"
    if plain.endswith(_LINES):
        return "jsonl"
    text = start[:4096].decode("utf-8", "replace")
    if plain.endswith(_MARKDOWN) or re.search(
        r"^#{2,4} What (?:the user asked|came back)", text, re.MULTILINE
    ):
        return "github-issue"
    return "text" if plain.endswith(_TEXT) else None


def first_value(head: bytes) -> Any:
    """The first JSON value that `head` begins with, as far as it goes."""
    line, _, _ = head.partition(b"\n")
    for part, whole in ((line, True), (head, False)):
        try:
            return from_json(part, allow_partial=False if whole else "trailing-strings")
        except ValueError:
            continue
    return None


def lists_in(value: Any) -> list[str]:
    """The keys of a document's lists of rows; none where the document is the row."""
    if not isinstance(value, Mapping):
        return []
    return [key for key in _LISTS if isinstance(value.get(key), list)]


def _kind_of_json(value: Any) -> Kind:
    if isinstance(value, Mapping) and str(value.get("schema", "")).startswith("labeltool/results@"):
        return "results"
    row = _first_row(value)
    for kind, fits in _FITS.items():
        if isinstance(row, Mapping) and fits(row):
            return kind
    return "jsonl"


def _first_row(value: Any) -> Any:
    """The row that stands for the others: the document itself, or the first of its list."""
    if isinstance(value, Mapping) and not _is_row(value) and "resourceSpans" not in value:
        value = next((value[key] for key in lists_in(value)), value)
    if isinstance(value, list):
        return value[0] if value else None
    return value


def _is_otlp(row: Mapping[str, Any]) -> bool:
    return "resourceSpans" in row or "resource_spans" in row or "scopeSpans" in row


def _is_langfuse(row: Mapping[str, Any]) -> bool:
    return bool(_GENERATION & set(row)) and ("input" in row or "type" in row)


def _is_row(value: Mapping[str, Any]) -> bool:
    return "input" in value and bool(set(value) & (set(FIELDS) - {"input"}))


def _is_issue(row: Mapping[str, Any]) -> bool:
    issue = row.get("issue", row)
    return (
        isinstance(issue, Mapping) and "body" in issue and ("number" in issue or "title" in issue)
    )


def _is_openinference(row: Mapping[str, Any]) -> bool:
    if any(key.startswith(("attributes.", "context.span_id")) for key in row):
        return True
    attributes = row.get("attributes")
    return isinstance(attributes, Mapping) and (
        "span_kind" in row
        or "openinference" in attributes
        or "llm" in attributes
        or any(k.startswith(("llm.", "openinference.")) for k in attributes)
    )


def _is_chat(row: Mapping[str, Any]) -> bool:
    if "choices" in row or str(row.get("object", "")).startswith(("chat.completion", "response")):
        return True
    if isinstance(row.get("messages"), list) and "input" not in row:
        return True
    return any(
        reach(row, path) is not None
        for path in ("response.choices", "response.body", "request.messages", "body.messages")
    ) or ("request" in row and "response" in row)


_FITS: dict[Kind, Callable[[Mapping[str, Any]], bool]] = {
    "otlp": _is_otlp,
    "github-issue": _is_issue,
    "openinference": _is_openinference,
    "openai": _is_chat,
    "langfuse": _is_langfuse,
}
