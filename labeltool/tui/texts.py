"""A case's texts as lines for the panes: roles told apart by a sign, nothing read as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from textual.content import Content

from labeltool.commands.label_view import View
from labeltool.model.case import Case, Document, Message
from labeltool.safe_text import one_line
from labeltool.tui.widgets.text import Line, lines_of

ROLE = 10
"""Cells of the role column at most."""
_SPEAKER = re.compile(r"[^\s:\[<][^:\n]{0,23}:(?=\s|$)")
_SIGNS = {"user": "›", "assistant": "‹", "system": "§", "tool": "=", "developer": "§"}
_STYLES = {"user": "$focus", "assistant": "$strong"}


def input_lines(case: Case) -> list[Line]:
    """The input, then the documents that the answer may rest on."""
    if isinstance(case.input, str):
        lines = _speakers_marked(lines_of(case.input))
    else:
        lines = conversation(case.input)
    return _trimmed(lines) + documents(case.context)


def _speakers_marked(lines: list[Line]) -> list[Line]:
    """Where lines begin like `Customer: ...`, twice or more, the names stand out."""
    found = [_SPEAKER.match(line.text.plain) for line in lines]
    if sum(match is not None for match in found) < 2:
        return lines
    return [
        line._replace(text=line.text.stylize("bold $strong", 0, match.end())) if match else line
        for line, match in zip(lines, found, strict=True)
    ]


def conversation(messages: Sequence[Message]) -> list[Line]:
    """Messages with their role in a column of its own, closed by a sign."""
    column = min(ROLE, max(len(message.role) for message in messages)) + 3
    lines: list[Line] = []
    for message in messages:
        texts = _trimmed(lines_of(message.content, indent=column)) if message.content else []
        for call in message.tool_calls or ():
            text = json.dumps(call, ensure_ascii=False)
            texts += [Line(Content("call ") + line.text, indent=column) for line in lines_of(text)]
        first, *rest = texts or [Line(Content(""), indent=column)]
        lines += [first._replace(gutter=_role(message.role, column)), *rest]
    return lines


def _role(role: str, column: int) -> Content:
    name = one_line(role, ROLE)
    sign = _SIGNS.get(role, "·")
    return Content.styled(name, f"bold {_STYLES.get(role, '$quiet')}").pad_right(
        0
    ) + Content.styled(f" {sign} ".rjust(column - Content(name).cell_length), "$quiet")


def documents(context: Sequence[Document]) -> list[Line]:
    lines: list[Line] = []
    for document in context:
        head = Content.styled(f"context · {one_line(document.id)}", "$focus")
        lines += [Line(Content("")), Line(head), *_trimmed(lines_of(document.text))]
    return lines


def output_lines(view: View) -> list[Line]:
    if not view.output.output.strip():
        return [Line(Content.styled("(the output is empty)", "$needs"))]
    return _trimmed(lines_of(view.output.output)) + documents(view.output.context)


def expected_lines(case: Case) -> list[Line]:
    """The acceptable answers; `or` stands between several."""
    lines: list[Line] = []
    for index, answer in enumerate(case.acceptable):
        if index:
            lines.append(Line(Content.styled("or", "$focus")))
        lines += _trimmed(lines_of(answer))
    if not lines:
        lines = [Line(Content.styled("no expected answer: the rubric decides alone", "$quiet"))]
    if case.notes:
        lines.append(Line(Content("")))
        gutter = Content.styled("note  ", "$focus")
        first, *rest = _trimmed(lines_of(case.notes, "$quiet", indent=6))
        lines += [first._replace(gutter=gutter), *rest]
    return lines


def output_note(view: View) -> str:
    """What the checks of the case say of the output, for the rule above it."""
    parts = [
        f"{'!' if c.error else '✓' if c.passed else '✗'} {one_line(c.name, 20)}"
        for c in view.checks
    ]
    reason = view.output.finish_reason
    if reason not in (None, "stop"):
        parts.append(f"finish: {one_line(str(reason), 16)}")
    return "  ".join(parts)


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without blank lines at the end: they cost rows and say nothing."""
    end = len(lines)
    while end > 1 and not lines[end - 1].text.plain.strip():
        end -= 1
    return lines[:end]
