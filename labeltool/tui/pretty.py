"""JSON laid out for reading. Only its spaces change: numbers, escapes and double keys stay."""

from __future__ import annotations

import json
import re

from labeltool.tui.widgets.text import CAP

MOST = 4 * CAP
"""Characters above which laying out would be felt on a key."""
INDENT = "  "
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class NotJson(ValueError):
    """`words` say why a text cannot be laid out."""

    @property
    def words(self) -> str:
        return str(self)


def pretty(text: str) -> str:
    """A JSON object or list, one member a line. Raises NotJson."""
    if text.lstrip()[:1] not in ("{", "["):
        raise NotJson("it begins with neither { nor [")
    if len(text) > MOST:
        raise NotJson(f"{len(text):,} characters are too many to lay out here")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError):  # an integer of thousands of digits is one
        raise NotJson("it is nested too deeply, or a number in it is too long") from None
    return _laid_out(_TOKEN.findall(text))


def _laid_out(tokens: list[str]) -> str:
    parts: list[str] = []
    depth, after = 0, ""
    for part in tokens:
        if part in ("}", "]"):
            depth -= 1
            parts += [] if after in ("{", "[") else ["\n", INDENT * depth]
        elif after in ("{", "[", ","):
            parts += ["\n", INDENT * depth]
        parts.append(": " if part == ":" else part)
        depth += part in ("{", "[")
        after = part
    return "".join(parts)
