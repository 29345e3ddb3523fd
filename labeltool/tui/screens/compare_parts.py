"""What the compare screen writes: the answer, the matrix, a case where systems part. Pure."""

from __future__ import annotations

from textual.content import Content

from labeltool.commands.compare_view import ComparedView, Parted
from labeltool.commands.runs_case import CaseDetail
from labeltool.safe_text import one_line
from labeltool.tui.difference import difference
from labeltool.tui.widgets.text import Line

NAME = 28
COLUMN = 16
LEAST = 9
FIRST = 2
"""Of what would change it, so many lines stand above the matrix."""
SIGNS = {True: ("✓ ", "$good"), False: ("✗ ", "$bad")}


def answer_lines(view: ComparedView, *, width: int) -> list[Line]:
    """Which, how sure, what would change it: the matrix between them."""
    doubtful = "$needs" if view.compared.untrusted else "$quiet"
    first, rest = view.changes[:FIRST], view.changes[FIRST:]
    return [
        Line(Content.styled(one_line(view.verdict, 600), "bold $strong")),
        *(_bullet(text, "$focus") for text in first),
        Line(Content.styled(one_line(view.basis, 600), doubtful)),
        Line(Content("")),
        *_matrix(view, width),
        Line(Content("")),
        *(_bullet(text, "$focus") for text in rest),
        *(_bullet(text, "$quiet") for text in view.notes),
    ]


def _matrix(view: ComparedView, width: int) -> list[Line]:
    """As many systems as fit, the best first."""
    systems = len(view.head) - 2
    name = min(NAME, max(len(line[0]) for line in view.lines)) + 1
    column = max(LEAST, min(COLUMN, (width - name - 8) // max(1, systems)))
    fit = max(1, (width - name - 8) // column)
    counted = {row.key for row in view.compared.measures}
    rows = [_row(view.head, name, column, fit, "$quiet")]
    for line in view.lines:
        totals = not line[1]
        key = line[0].partition(" (")[0]
        style = "bold" if line[0] == "total" else "" if totals or key in counted else "$quiet"
        rows.append(_row(line, name, column, fit, style))
    if fit < systems:
        rows.append(Content.styled(f"{systems - fit} more systems: labeltool compare", "$quiet"))
    return [Line(row) for row in rows]


def _row(texts: tuple[str, ...], name: int, column: int, fit: int, style: str) -> Content:
    first, weight, *values = texts
    text = f"{one_line(first, name - 1):<{name}}{weight:>7} "
    text += "".join(f"{one_line(value, column - 1):>{column}}" for value in values[:fit])
    return Content.styled(text, style)


def _bullet(text: str, style: str) -> Line:
    return Line(Content.styled(one_line(text, 600), style), Content.styled("- ", style), 2)


def parted_row(one: Parted, winner: str | None, width: int) -> Content:
    """`✗ 0041-marketplace-seller-fees  golden  only lead passes`."""
    line = Content.assemble(SIGNS[winner in one.passes], one_line(one.row.id, 30))
    line = line.pad_right(max(1, 34 - line.cell_length))
    line += Content.styled(f"{one.row.tier:<12}", "$quiet")
    few, word = (one.passes, "passes") if len(one.passes) == 1 else (one.fails, "fails")
    said = f"only {few[0]} {word}" if len(few) == 1 else f"{len(one.passes)} pass"
    return line + Content(one_line(said, max(8, width - line.cell_length)))


def parted_lines(found: CaseDetail, one: Parted) -> list[Line]:
    """Both outputs as one text: what only who fails has under `-`, who passes under `+`."""
    fails, passes = one_line(one.fails[0], 30), one_line(one.passes[0], 30)
    head = Content.assemble(("- ", "bold $bad"), fails, ("   + ", "bold $good"), passes)
    lines = [Line(head)]
    if one.row.lost:
        lines.append(Line(Content.styled(f"{fails}: {one_line(one.row.lost, 300)}", "$needs")))
    lines.append(Line(Content("")))
    there = found.other.output if found.other else None
    if found.result.output is None and there is None:
        return [*lines, Line(Content.styled("neither output is kept here", "$quiet"))]
    return [*lines, *difference(found.result.output, there)]
