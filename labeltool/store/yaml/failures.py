"""What is wrong with a file, in the words a person can act on, and where."""

from __future__ import annotations

import re
from typing import Any

from labeltool.errors import DataError, Where
from labeltool.store.yaml.lines import field_at

_MARKER = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HINTS = (
    ("mapping values are not allowed", "quote a text that holds `: `"),
    ("found unexpected ':'", "quote a text that holds a colon"),
    ("could not find expected ':'", "a field is `name: value`; is the indentation right?"),
    ("cannot start any token", "quote a text that starts with this character"),
    ("while scanning a quoted scalar", "close the quotes"),
    ("unexpected end of stream", "close the quotes or brackets"),
    ("flow", "close the bracket, and quote texts that hold `,` `[` `]` `{` or `}`"),
    ("escape", "in double quotes write \\\\ for a backslash, or use single quotes"),
    ("undefined alias", "quote a text that starts with *"),
    ("alias", "quote a text that starts with *"),
    ("anchor", "quote a text that starts with &"),
    ("block", "check the indentation: fields of one mapping start in one column"),
    ("<document start>", "one file holds one mapping: remove what follows it"),
    ("directive", "delete the line that starts with %, or quote it"),
)


class Refused(Exception):
    """Sound YAML that is not read; `event` (anything with a start_mark) says where."""

    def __init__(self, message: str, hint: str, event: Any = None, *, line: int | None = None):
        super().__init__(message)
        self.hint = hint
        self.mark = event.start_mark if event is not None else None
        self.line = line if self.mark is None else self.mark.line + 1


def explain(error: Exception, data: bytes, path: str) -> DataError:
    """The error to show for whatever stopped the reader."""
    if isinstance(error, Refused):
        where = _where(path, data, error.mark, error.line)
        return DataError(str(error), hint=error.hint, where=where)
    if isinstance(error, RecursionError):
        return _too_deep(path)
    if (undecodable := _undecodable(data)) is not None:
        return explain(undecodable, data, path)
    return _broken(error, data, path)


def _broken(error: Exception, data: bytes, path: str) -> DataError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    told = f"{context}: {problem}" if context else problem
    hint = _hint(told, data, mark)
    where = _where(path, data, mark, None)
    if "<document start>" in told:
        where = Where(path, where.line)  # what stands there is in no field
    return DataError(f"not readable as YAML: {told}", hint=hint, where=where)


def _hint(told: str, data: bytes, mark: Any) -> str:
    if mark is not None and data.decode(errors="replace")[mark.index : mark.index + 1] == "\t":
        return "indent with spaces, not tabs"
    return next((hint for words, hint in _HINTS if words in told), "compare it with a sound file")


def _where(path: str, data: bytes, mark: Any, line: int | None) -> Where:
    if mark is None:
        return Where(path, line)
    return Where(path, mark.line + 1, field_at(data, mark.line, mark.column))


def _too_deep(path: str) -> DataError:
    return DataError(
        "nested too deeply", hint="no file needs that: look for stray brackets", where=Where(path)
    )


def _undecodable(data: bytes) -> Refused | None:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        return Refused(f"byte 0x{byte:02X} is not UTF-8", "save the file as UTF-8", line=line)
    if (odd := _UNPRINTABLE.search(text)) is not None:
        line = text.count("\n", 0, odd.start()) + 1
        return _unprintable(ord(odd[0]), line)
    return None


def _unprintable(code: int, line: int) -> Refused:
    if code == 0:
        hint = "remove it; if the file is UTF-16, save it as UTF-8"
    else:
        escape = f"x{code:02x}" if code < 0x100 else f"u{code:04x}"
        hint = f'remove it, or write it as "\\{escape}" in double quotes'
    return Refused(f"the character U+{code:04X} may not stand here as it is", hint, line=line)


def wrong_encoding(data: bytes) -> Refused:
    name = "UTF-16" if data[:1] in b"\xff\xfe" else "UTF-8 with a byte order mark"
    return Refused(f"the file is {name}", "save it as UTF-8 without a byte order mark", line=1)


def conflict(data: bytes) -> Refused:
    marker = _MARKER.search(data)
    line = data.count(b"\n", 0, marker.start()) + 1 if marker else 1
    return Refused(
        "a merge conflict is not settled here", "settle it, then remove the markers", line=line
    )


def not_a_mapping(event: Any) -> Refused:
    hint = "every file is a mapping: `name: value` lines"
    if getattr(event, "ctag", None) is not None:
        return tagged(event)
    return Refused("the file holds no mapping", hint, event)


def tagged(event: Any) -> Refused:
    tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
    shown = f" ({tag})" if isinstance(tag, str) else ""
    return Refused(
        f"tags{shown} are not read", "remove it, or quote a text that starts with !", event
    )


def aliased(event: Any) -> Refused:
    return Refused(
        "aliases (`*name`) are not read", "write it out, or quote a text that starts with *", event
    )


def unwanted_node(event: Any, depth: int) -> Refused:
    """A node with a tag or an anchor, or one that stands too deep."""
    if event.ctag is not None:
        return tagged(event)
    if event.anchor is not None:
        hint = "remove it, or quote a text that starts with &"
        return Refused("anchors (`&name`) are not read", hint, event)
    return Refused(f"nested deeper than {depth - 1} levels", "look for stray brackets", event)


def unwanted_key(event: Any) -> Refused:
    """What stands where a key belongs, and is no scalar."""
    if getattr(event, "ctag", None) is not None or getattr(event, "anchor", None) is not None:
        return aliased(event) if not hasattr(event, "ctag") else unwanted_node(event, 0)
    return Refused("a key must be one word or text", "quote a text that starts with [ or {", event)


def padded_number(event: Any) -> Refused:
    text = event.value
    return Refused(
        f"{text} is text to some readers and a number to others",
        f'quote it ("{text}") if it is text, or leave out the leading zeros',
        event,
    )
