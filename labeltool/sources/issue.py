"""A bug report on GitHub -> a record: an event, an issue, or the Markdown of one.

The body of an issue that was written with a form carries the form's labels as headings. What
people paste (logs with headings of their own, code fences, quotes) stays where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeltool.sources.kinds import BadRow, Item, record
from labeltool.sources.rows import reach

LABELS: dict[str, str] = {
    "What the user asked": "input",
    "What came back": "output",
    "What should have come back": "expected",
    "System": "system",
    "Anything else": "notes",
}
"""The form that `init` writes: its labels, and the fields of a record they fill."""

_IDS: dict[str, str] = {
    **{one: one for one in ("input", "output", "expected", "system", "notes")},
    "asked": "input",
    "came_back": "output",
    "should_have_come_back": "expected",
    "question": "input",
    "answer": "output",
    "anything_else": "notes",
}
MAX_NOTES = 4_000
_MAX_BODY = 2 * 2**20
_HEADING = re.compile(r"#{2,4}[ \t]+(.+?)[ \t]*#*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_WHOLE_FENCE = re.compile(r"(`{3,}|~{3,})[^\n`]*\n(.*)\n\1[`~]*", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOTHING = frozenset({"_no response_", "no response", "n/a", ""})


def labels_of(form: Any) -> dict[str, str]:
    """{label: field} of an issue form (its YAML as values), for fields whose id says what they
    are; the usual labels stay known.
    """
    found = dict(LABELS)
    body = reach(form, "body")
    for part in body if isinstance(body, list) else ():
        id, label = reach(part, "id"), reach(part, "attributes.label")
        if isinstance(label, str) and isinstance(id, str):
            field = _IDS.get(id.replace("-", "_"))
            if field:
                found[label.strip()] = field
    return found


def of_event(value: Any, labels: Mapping[str, str]) -> Iterator[Item]:
    """The record of an event ({issue: {...}}), of an issue, or of each in a list."""
    for one in value if isinstance(value, list) else [value]:
        issue = one.get("issue", one) if isinstance(one, dict) else None
        if not isinstance(issue, dict) or not isinstance(issue.get("body", ""), str | None):
            yield BadRow(1, "is no issue")
            continue
        number = issue.get("number")
        link = issue.get("html_url") or issue.get("url")
        about = {
            "id": f"#{number}" if isinstance(number, int) else "issue",
            "time": _date(issue.get("created_at") or issue.get("createdAt")),
            "link": link if isinstance(link, str) and link.startswith("https://") else None,
        }
        yield _record(issue.get("body") or "", _title(issue.get("title")), about, labels)


def of_markdown(text: str, name: str, labels: Mapping[str, str]) -> Item:
    """The record of an issue's body alone."""
    return _record(text, None, {"id": name}, labels)


def _record(body: str, title: str | None, about: dict[str, Any], labels: Mapping[str, str]) -> Item:
    if len(body) > _MAX_BODY:
        return BadRow(1, f"is longer than {_MAX_BODY >> 20} MiB")
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    fields = sections(body, labels)
    if "input" not in fields:
        said = _COMMENT.sub("", body).strip() or title
        notes = "It was not written with the form: cut the input down to what the user asked."
        fields = {"input": said or "", "notes": f"{title}\n\n{notes}" if title else notes}
    elif title:
        fields["notes"] = f"{title}\n\n{fields['notes']}" if "notes" in fields else title
    if len(fields.get("notes", "")) > MAX_NOTES:
        cut = fields["notes"][:MAX_NOTES].rstrip()
        fields["notes"] = f"{cut}\n[{len(fields['notes']) - len(cut)} characters more]"
    return record(1, {**about, **fields})


def sections(body: str, labels: Mapping[str, str]) -> dict[str, str]:
    """{field: value} of a form's body. Only the form's own labels are headings, only outside code
    fences, and each only once: what somebody pasted stays in the field they pasted it into.
    """
    known = {label.casefold(): field for label, field in labels.items()}
    found: dict[str, list[str]] = {}
    field: str | None = None
    fence: str | None = None
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence) and not line[mark.end() :].strip():
            fence = None
        heading = _HEADING.fullmatch(line) if fence is None else None
        said = known.get(heading[1].strip(" :*").casefold()) if heading else None
        if said is not None and said not in found:
            field = said
            found[field] = []
        elif field is not None:
            found[field].append(line)
    values = {name: _value("\n".join(lines)) for name, lines in found.items()}
    return {name: value for name, value in values.items() if value is not None}


def _value(text: str) -> str | None:
    """What was answered: without the fence or the quote marks around the whole of it."""
    text = _COMMENT.sub("", text).strip("\n")
    if text.strip().casefold() in _NOTHING:
        return None
    fenced = _WHOLE_FENCE.fullmatch(text.strip())
    if fenced and f"\n{fenced[1]}" not in f"\n{fenced[2]}":
        return fenced[2]
    lines = text.strip().split("\n")
    if all(line.startswith(">") for line in lines):
        return "\n".join(line[1:].removeprefix(" ") for line in lines)
    return text.strip()


def _title(value: Any) -> str | None:
    return value.strip()[:300] or None if isinstance(value, str) else None


def _date(value: Any) -> str | None:
    return value if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else None
