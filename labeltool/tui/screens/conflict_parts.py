"""What is written of a merge conflict, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from labeltool.commands.resolve_conflict import TwoSides
from labeltool.model.base import Noun, Score
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.rubric_diff import diff
from labeltool.safe_text import one_line
from labeltool.tui import keys, texts
from labeltool.tui.difference import difference
from labeltool.tui.screens.rubric_parts import SIGNS, field_lines
from labeltool.tui.widgets.scores import LONGEST_NAME, name_of
from labeltool.tui.widgets.sides import Row
from labeltool.tui.widgets.text import Line, lines_of

WAYS = {"ours": "take-a", "theirs": "take-b"}
"""The keys of the ways to settle a whole file; any other way has the key of `other`."""
Picked = Mapping[str, Score | None]
"""{criterion: the score that is chosen}; None: it is left out."""


def heads(side: TwoSides) -> list[Content]:
    """Who said what: a conflict is about two decisions that everybody may read."""
    said = (("A", "here", side.conflict.ours_by), ("B", "there", side.conflict.theirs_by))
    return [
        Content.assemble((letter, "bold $focus"), f" {one_line(who or where, 24)}")
        for letter, where, who in said
    ]


def rows(side: TwoSides, picked: Picked, focused: str | None) -> list[Row]:
    """Criteria, then who decided why; of any other file what became of it."""
    ours, theirs = side.conflict.ours_noun, side.conflict.theirs_noun
    found = [_score_row(side, id, picked, here=id == focused) for id in side.scores]
    if isinstance(ours, Resolution) and isinstance(theirs, Resolution):
        both = (ours, theirs)
        found.append(_row("because", [(one.because or "-").replace("_", " ") for one in both]))
        if any(one.note for one in both):
            found.append(_row("note", [f"“{one.note}”" if one.note else "" for one in both], 4))
        found.append(_row("when", [one.resolved_at or "-" for one in both]))
    elif isinstance(ours, Rubric) and isinstance(theirs, Rubric):
        base = side.conflict.base_noun
        found.append(_row("version", [str(one.version) for one in (ours, theirs)]))
        found.append(_row("changed", [_changed(base, one) for one in (ours, theirs)], 3))
        found.append(_row("why", [_reason(one) for one in (ours, theirs)], 4))
    else:
        said = (side.conflict.ours, side.conflict.theirs)
        found.append(_row("file", ["taken away" if one is None else "changed" for one in said]))
    return found


def _score_row(side: TwoSides, id: str, picked: Picked, *, here: bool) -> Row:
    cells = [Content("-" if one is None else str(one)) for one in side.scores[id]]
    if id not in side.differ:
        end = Content.styled("same", "$quiet")
    elif id in picked:
        end = Content.styled(f"[{'-' if picked[id] is None else picked[id]}]", "bold $focus")
    else:
        end = Content.styled("·", "$needs")
    name = Content.styled(one_line(name_of(id), LONGEST_NAME), "bold $strong" if here else "")
    return Row(name, cells, end, here)


def _row(name: str, cells: list[str], tall: int = 1) -> Row:
    shown = [Content(one_line(cell, 400)) for cell in cells]
    return Row(Content.styled(name, "$quiet"), shown, tall=tall)


def _changed(base: Noun | None, after: Rubric) -> str:
    if not isinstance(base, Rubric):
        return "a rubric of its own"
    found = diff(base, after)
    marks = [f"{SIGNS[one.what][0]}{name_of(one.id)}" for one in found.criteria]
    return "  ".join([*marks, *(f"~{one.field}" for one in found.fields)])


def _reason(rubric: Rubric) -> str:
    last = next((one for one in rubric.changelog if one.version == rubric.version), None)
    return f"“{last.reason}”" if last is not None and last.reason else ""


def about_lines(side: TwoSides) -> list[Line]:
    """The output that was resolved, or what differs in the file."""
    conflict = side.conflict
    if side.output is not None:
        lines = [Line(Content.styled("output", "$focus")), *lines_of(side.output.output.rstrip())]
        if side.case is not None:
            lines += [Line(Content("")), Line(Content.styled("input", "$focus"))]
            lines += texts.input_lines(side.case)
        return lines
    ours, theirs = conflict.ours_noun, conflict.theirs_noun
    if isinstance(ours, Rubric) and isinstance(theirs, Rubric):
        return _between(ours, theirs)
    return difference(_text(conflict.ours), _text(conflict.theirs))


def _between(ours: Rubric, theirs: Rubric) -> list[Line]:
    """From A's rubric to B's, criterion by criterion."""
    found = diff(ours, theirs)
    lines = [line for field in found.fields for line in field_lines(field, 2)]
    for change in found.criteria:
        sign, style = SIGNS[change.what]
        head = Content.assemble((sign, style), (f" {name_of(change.id)}", "bold $strong"))
        lines += [Line(head), *(line for field in change.fields for line in field_lines(field, 2))]
    return lines or [Line(Content("they differ in their changelogs only"))]


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "replace")


def scale_of(side: TwoSides, focused: str | None) -> tuple[int, ...]:
    """The levels of the focused criterion, as far as they are known."""
    criterion = side.rubric.criterion(focused) if side.rubric and focused else None
    return tuple(criterion.scale) if criterion is not None else ()


def way_lines(side: TwoSides, whole: str | None) -> list[Line]:
    """The ways to settle it as a whole, each with its key; `whole` is the chosen one."""
    lines = []
    for way in side.ways:
        key = Content.styled(keys.shown(WAYS.get(way.key, "other")), "bold $focus")
        mark = Content.styled("▸ " if way.key == whole else "  ", "$focus")
        text = Content.styled(one_line(way.words), "bold $strong" if way.key == whole else "")
        lines.append(Line(text, mark + key, 5))
    return lines


def level_lines(side: TwoSides, focused: str | None, whole: str | None) -> list[Line]:
    """The focused criterion; where there is none, or a whole side is taken, the ways."""
    criterion = side.rubric.criterion(focused) if side.rubric and focused else None
    if criterion is None:
        return way_lines(side, whole)
    lines = [Line(line.text.stylize("bold $strong")) for line in lines_of(criterion.text)]
    said = [level for level in criterion.scale if level in criterion.levels]
    for level in said:
        first, *rest = lines_of(criterion.levels[level], indent=4)
        lines += [first._replace(gutter=Content.styled(f" {level}", "bold $focus")), *rest]
    if not said:
        words = f"{criterion.min} to {criterion.max}; the rubric has no words for its levels"
        lines.append(Line(Content.styled(words, "$quiet")))
    return lines
