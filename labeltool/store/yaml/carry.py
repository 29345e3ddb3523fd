"""A change found in one layout of a text, carried over into another layout of it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def carried_over(text: str, untouched: str, changed: str) -> str:
    """`text` with the lines replaced in which `changed` differs from `untouched`."""
    if text == untouched:
        return changed
    before, after = untouched.splitlines(True), changed.splitlines(True)
    layout = _layout_differences(before, text.splitlines(True))
    out: list[str] = []
    for tag, start, end, new_start, new_end in _opcodes(before, after):
        if tag == "equal":
            for low, high, lines in layout:
                if start <= low and high <= end and low < end:
                    out += lines
                elif low < end and high > start:
                    out += before[max(low, start) : min(high, end)]
        else:
            if start < end:  # else the equal part that follows, or the end, brings them
                out += _only_in_text(layout, start)
            out += after[new_start:new_end]
    return "".join(out + _only_in_text(layout, len(before)))


def _only_in_text(layout: Sequence[tuple[int, int, Sequence[str]]], at: int) -> list[str]:
    return [line for low, high, lines in layout if low == high == at for line in lines]


def _layout_differences(
    before: Sequence[str], lines: Sequence[str]
) -> list[tuple[int, int, Sequence[str]]]:
    """Pieces of `before` (from, to) and the `lines` they stand for; equal ones line by line."""
    found: list[tuple[int, int, Sequence[str]]] = []
    for tag, start, end, low, high in _opcodes(before, lines):
        if tag == "equal":
            found += [(at, at + 1, before[at : at + 1]) for at in range(start, end)]
        else:
            found.append((start, end, lines[low:high]))
    return found


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
