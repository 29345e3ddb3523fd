"""A titled rule: what parts panes here instead of boxes."""

from __future__ import annotations

from textual.content import Content

MIN_DASHES = 2


def titled(title: str, note: str, width: int, *, focused: bool = False) -> Content:
    """`─ title ──────── note ─`, `width` cells wide; where both do not fit the note goes."""
    name = Content.styled(title, "bold $focus" if focused else "$strong")
    head = Content.assemble(("─ ", "$focus" if focused else "$rule"), name, " ")
    if not title:
        head = Content("")
    tail = Content.assemble(" ", (note, "$quiet"), (" ─", "$rule")) if note else Content("")
    room = width - head.cell_length - tail.cell_length
    if room < MIN_DASHES:
        tail, room = Content(""), width - head.cell_length
    line = Content.assemble(head, ("─" * max(0, room), "$rule"), tail)
    return line.truncate(width)
