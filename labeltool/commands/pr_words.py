"""How counts, names and long lists are said in a pull request. Every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from labeltool.safe_text import for_markdown, one_line

NOTE = 400
"""Characters of a note or a field that are shown."""


def plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def names(ids: Iterable[str]) -> str:
    return ", ".join(for_markdown(id) for id in ids)


def more(total: int, shown: int) -> list[str]:
    return ["", f"... and {total - shown} more: see the files"] if total > shown else []


def note(text: str | None) -> str:
    return for_markdown(one_line(text or "", NOTE))


def row(cells: Iterable[str]) -> str:
    """A table's row; the cells are Markdown already."""
    return "| " + " | ".join(cells) + " |"
