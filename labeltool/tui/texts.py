"""A case's texts as lines for the panes: roles told apart by a sign, nothing read as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from textual.content import Content

from labeltool.commands.label_view import View
from labeltool.model.case import Case, Document, Message
from labeltool.safe_text import one_line
from labeltool.tui.marks import marked, nearest
from labeltool.tui.pretty import NotJson, pretty
from labeltool.tui.widgets.text import Line, lines_of

ROLE = 10
"""Cells of the role column at most."""
_SPEAKER = re.compile(r"[^\s:\[<][^:\n]{0,23}:(?=\s|$)")
_SIGNS = {"user": "›", "assistant": "‹", "system": "§", "tool": "=", "developer": "§"}
_STYLES = {"user": "$focus", "assistant": "$strong"}


MARKS = "output  [-gone-] {+new+}"
"""The title of an output that is compared with expected."""


class Look(NamedTuple):
    """How texts are shown. It stays as it is from case to case."""

    difference: bool = False
    pretty: bool = False


PLAIN = Look()


class Pages(NamedTuple):
    """The lines of the three panes; `title` is that of the output."""

    input: list[Line]
    output: list[Line]
    expected: list[Line]
    title: str = "output"


def pages(view: View, look: Look, *, wide: bool) -> Pages:
    """What the panes show. `wide`: output and expected stand side by side with the score."""
    source = input_lines(view.case, look)
    if look.difference and view.case.acceptable and view.output.output.strip():
        return _compared(view, look, source, wide=wide)
    return Pages(source, output_lines(view, look), expected_lines(view.case, look))


def _compared(view: View, look: Look, source: list[Line], *, wide: bool) -> Pages:
    """Output against the nearest acceptable answer, word by word."""
    answers = [shaped(answer, look) for answer in view.case.acceptable]
    text = shaped(view.output.output, look)
    at = nearest(text, answers)
    found = marked(answers[at], text)
    output = list(found.after if wide else found.both)
    if found.same:
        output.insert(0, Line(Content.styled("= the same words as expected", "$good")))
    if len(answers) > 1:
        words = f"against answer {at + 1} of {len(answers)}, the nearest"
        output.insert(0, Line(Content.styled(words, "$quiet")))
    output += documents(view.output.context) + check_lines(view)
    before = {at: found.before} if wide else {}
    return Pages(source, output, expected_lines(view.case, look, before), MARKS)


def shaped(text: str, look: Look) -> str:
    """The text, laid out where it is JSON and that is wanted."""
    if look.pretty:
        try:
            return pretty(text)
        except NotJson:
            return text
    return text


def why_not_pretty(view: View) -> str | None:
    """Why laying out JSON would change nothing here; None where it does."""
    words = ""
    for text in (*_contents(view.case), view.output.output, *view.case.acceptable):
        try:
            pretty(text)
        except NotJson as error:
            if text == view.output.output:
                words = error.words
        else:
            return None
    return f"no text here is JSON; the output: {words}"


def _contents(case: Case) -> Iterator[str]:
    if isinstance(case.input, str):
        yield case.input
    else:
        yield from (message.content for message in case.input if message.content)


def input_lines(case: Case, look: Look = PLAIN) -> list[Line]:
    """The input, then the documents that the answer may rest on."""
    if isinstance(case.input, str):
        lines = _speakers_marked(lines_of(shaped(case.input, look), rest=_rest(case)))
    else:
        lines = conversation(case.input, look)
    return _trimmed(lines) + documents(case.context)


def _rest(case: Case) -> str:
    """Where to read on in a text that is too long for the screen."""
    return f"…/cases/{case.tier}/{case.id}.yaml holds them"


def _speakers_marked(lines: list[Line]) -> list[Line]:
    """Where lines begin like `Customer: ...`, twice or more, the names stand out."""
    found = [_SPEAKER.match(line.text.plain) for line in lines]
    if sum(match is not None for match in found) < 2:
        return lines
    return [
        line._replace(text=line.text.stylize("bold $strong", 0, match.end())) if match else line
        for line, match in zip(lines, found, strict=True)
    ]


def conversation(messages: Sequence[Message], look: Look = PLAIN) -> list[Line]:
    """Messages with their role in a column of its own, closed by a sign."""
    column = min(ROLE, max(len(message.role) for message in messages)) + 3
    lines: list[Line] = []
    for message in messages:
        content = shaped(message.content, look) if message.content else ""
        texts = _trimmed(lines_of(content, indent=column)) if content else []
        for call in message.tool_calls or ():
            texts += _call(call, column, look)
        first, *rest = texts or [Line(Content(""), indent=column)]
        lines += [first._replace(gutter=_role(message.role, column)), *rest]
    return lines


def _call(call: object, indent: int, look: Look) -> list[Line]:
    """A tool call: `call refund {"order": 4411}`; of another shape, as JSON."""
    function = call.get("function") if isinstance(call, dict) else None
    if isinstance(function, dict) and isinstance(function.get("name"), str):
        given = function.get("arguments", "")
        text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        text = f"{function['name']} {shaped(text, look)}"
    else:
        text = shaped(json.dumps(call, ensure_ascii=False), look)
    first, *rest = lines_of(text, indent=indent)
    sign = Content.styled("call ", "bold $focus")
    return [first._replace(text=sign + first.text), *rest]


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


def output_lines(view: View, look: Look = PLAIN) -> list[Line]:
    if view.output.output.strip():
        rest = f"…/{view.case.id}.yaml among the outputs holds them"
        lines = _trimmed(lines_of(shaped(view.output.output, look), rest=rest))
    else:
        lines = [Line(Content.styled("(the output is empty)", "$needs"))]
    return lines + documents(view.output.context) + check_lines(view)


def check_lines(view: View) -> list[Line]:
    """What each check of the case says of the output, below it: settled, nothing to score."""
    lines: list[Line] = []
    for check in view.checks:
        sign, style = ("✓", "$good") if check.passed else ("✗", "$bad")
        if check.error:
            sign, style = "!", "$needs"
        text = Content.assemble(
            (one_line(check.name, 24), ""), (f"  {_one(check.detail)}", "$quiet")
        )
        lines.append(Line(text, Content.styled(sign, style), 2))
    if lines:
        head = Line(Content.styled("checks of this case", "$quiet"))
        lines = [Line(Content("")), head, *lines]
    return lines


def _one(text: str) -> str:
    return one_line(text, 300)


def expected_lines(
    case: Case, look: Look = PLAIN, marked: Mapping[int, list[Line]] | None = None
) -> list[Line]:
    """The acceptable answers; `or` stands between several. `marked`: answers as marked lines."""
    lines: list[Line] = []
    for index, answer in enumerate(case.acceptable):
        if index:
            lines.append(Line(Content.styled("or", "$focus")))
        known = (marked or {}).get(index)
        shown = lines_of(shaped(answer, look), rest=_rest(case)) if known is None else known
        lines += _trimmed(shown)
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
