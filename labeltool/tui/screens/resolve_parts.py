"""What the resolve screen writes, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from labeltool.commands.label_work import WorkState
from labeltool.commands.resolve_session import View
from labeltool.commands.rubric_view import RubricPast
from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.rubric import Criterion
from labeltool.rules.resolve import BECAUSE, Difference
from labeltool.safe_text import one_line, visible
from labeltool.tui import keys, texts
from labeltool.tui.resolve_pen import ResolvePen, Turns
from labeltool.tui.screens.label_parts import work_line
from labeltool.tui.screens.rubric_parts import past_lines
from labeltool.tui.widgets.scores import LONGEST_NAME, name_of
from labeltool.tui.widgets.sides import Row
from labeltool.tui.widgets.text import Line, lines_of

CAME_BACK = {
    "amended": "the criterion was amended",
    "other_rubric": "it was given under another rubric",
    "newer_rubric": "it was given under a newer rubric",
    "input_changed": "the input was edited",
    "output_changed": "the output is another one",
    "not_in_rubric": "the criterion is gone",
    "off_scale": "it is off the scale now",
    "score_changed": "somebody changed a score that it settled",
}


def place_line(dataset: str, turns: Turns, pen: ResolvePen | None) -> tuple[Content, Content]:
    """Where I am and how far; what I look at."""
    left = Content.assemble(("resolve", "bold $strong"), f" · {one_line(dataset, 30)}")
    if turns.place is None:
        return left, Content("")
    at = f" · {turns.index + 1}/{len(turns.items)}"
    open_ = f"  {turns.left} open" if turns.left < len(turns.items) else ""
    left += Content.assemble(at, (open_, "$quiet"))
    right = Content.styled(one_line(turns.place.case, 60), "$focus")
    if pen is not None and len({one.system for one in turns.items if one.case == _case(pen)}) > 1:
        right += Content.styled(f"  {one_line(turns.place.system, 20)}", "$quiet")
    return left, right


def _case(pen: ResolvePen) -> str:
    return pen.view.place.case


def text_lines(view: View) -> dict[str, list[Line]]:
    """The three texts."""
    case, output = view.subject.case, view.subject.output
    if output.output.strip():
        rest = f"…/{case.id}.yaml among the outputs holds them"
        said = lines_of(output.output.rstrip("\n"), rest=rest)
    else:
        said = [Line(Content.styled("(the output is empty)", "$needs"))]
    return {
        "output": said + texts.documents(output.context),
        "input": texts.input_lines(case),
        "expected": texts.expected_lines(case),
    }


def heads(pen: ResolvePen) -> list[Content]:
    """A and B; their names once the choice is made."""
    found = []
    for name, letter in pen.letters.items():
        head = Content.styled(letter, "bold $focus")
        if pen.unblinded:
            head += Content.styled(f" {one_line(name, 20)}", "$strong")
        found.append(head)
    return found


def rows(pen: ResolvePen, tall: int) -> list[Row]:
    """What people differ on, first; then what they wrote; then what they agree on."""
    view = pen.view
    found = [_row(pen, one) for one in view.differences]
    notes = [_remarks(side) for side in view.subject.found.sides]
    if any(notes):
        found.append(Row(Content.styled("notes", "$quiet"), notes, tall=tall))
    return found + [
        _agreed(pen, criterion)
        for criterion in view.rubric.by_hand
        if criterion.id in view.subject.found.agreed
    ]


def _row(pen: ResolvePen, one: Difference) -> Row:
    here = one.criterion.id == pen.focused
    name = one_line(name_of(one.criterion.id) + "*" * one.criterion.required, LONGEST_NAME)
    cells = [_cell(one.criterion, one.scores.get(name), here=here) for name in pen.letters]
    return Row(Content.styled(name, "bold $strong" if here else ""), cells, _end(pen, one), here)


def _cell(criterion: Criterion, score: Score | None, *, here: bool) -> Content:
    if score is None:
        return Content.styled("-", "$quiet")
    words = criterion.levels.get(score, "") if score != "na" else "does not apply"
    return Content.assemble(
        (f"{score}", "bold" if here else ""), (f"  {one_line(words, 80)}" * bool(words), "$quiet")
    )


def _end(pen: ResolvePen, one: Difference) -> Content:
    chosen = pen.choice.scores.get(one.criterion.id)
    if chosen is not None:
        return Content.styled(f"[{chosen}]", "bold $focus")
    if one.settled is not None:
        return Content.styled(f"✓ {one.settled}", "$good")
    if one.came_back is not None:
        return Content.styled("again", "$needs")
    return Content.styled("·", "$needs")


def _agreed(pen: ResolvePen, criterion: Criterion) -> Row:
    said = pen.view.subject.found.agreed[criterion.id]
    cells = [Content.styled(str(said.get(name, "-")), "$quiet") for name in pen.letters]
    end = "agree" if len(said) > 1 else "one label"
    name = one_line(name_of(criterion.id), LONGEST_NAME)
    return Row(Content.styled(name, "$quiet"), cells, Content.styled(end, "$quiet"))


def _remarks(label: Label) -> Content:
    """How sure somebody was, what they flagged and wrote."""
    parts = [("? unsure ", "$needs")] if label.confidence == "unsure" else []
    if label.flag:
        parts.append((f"⚑ {one_line(label.flag, 400)} ", "$needs"))
    if label.notes:
        parts.append((f"“{one_line(label.notes, 400)}”", ""))
    return Content.assemble(*parts)


def level_lines(pen: ResolvePen, past: RubricPast | None) -> list[Line]:
    """The focused criterion: its levels and who chose which, and how it was settled before."""
    one, criterion = pen.difference, pen.criterion
    lines = [Line(line.text.stylize("bold $strong")) for line in lines_of(criterion.text)]
    if one.came_back is not None:
        lines.append(Line(Content.styled(_came_back(pen, one), "$needs")))
    letters = pen.letters
    width = 5 + len(letters)
    for level in criterion.scale:
        sides = "".join(sorted(letters[who] for who, said in one.scores.items() if said == level))
        words = criterion.levels.get(level)
        if words is None and not sides:
            continue
        style = "bold $focus" if pen.choice.scores.get(criterion.id) == level else "$focus"
        gutter = Content.assemble((f" {level} ", style), (sides, "bold $strong"))
        lines += _hung(words or "", gutter, width)
    if past is None:
        return [*lines, Line(Content.styled("what was settled before is being read…", "$quiet"))]
    return lines + past_lines(criterion, past, but=None)


def _came_back(pen: ResolvePen, one: Difference) -> str:
    earlier = pen.view.subject.found.earlier
    was = earlier.scores.get(one.criterion.id) if earlier is not None else None
    return f"it was settled as {was} and came back: {CAME_BACK[one.came_back or 'score_changed']}"


def _hung(words: str, gutter: Content, indent: int) -> list[Line]:
    first, *rest = lines_of(words, indent=indent)
    return [first._replace(gutter=gutter), *rest]


def because_lines(pen: ResolvePen, width: int, *, low: bool) -> list[Line]:
    """The five reasons, in one row where it is `low`; the note, and what lands with it."""
    words = [(one, one.replace("_", " ")) for one in BECAUSE]
    rows: list[Content] = []
    for one, said in words:
        here = one == pen.choice.because
        part = Content.styled(f"▸ {said}" if here else said, "bold $strong" if here else "$quiet")
        if rows and rows[-1].cell_length + 3 + part.cell_length <= width:
            rows[-1] += Content("   ") + part
        else:
            rows.append(part)
    if low and len(rows) > 1:
        chosen = (pen.choice.because or "").replace("_", " ")
        key = keys.shown("because")
        rows = [
            Content.styled(f"▸ {chosen}", "bold $strong")
            if chosen
            else Content.styled(f"{key} chooses one of five reasons", "$quiet")
        ]
    lines = [Line(row) for row in rows]
    if pen.choice.note:
        lines += _hung(visible(pen.choice.note), Content.styled("note  ", "$focus"), 6)
    if pen.amended is not None:
        version = pen.view.rubric.version + 1
        changes = ", ".join(name_of(one.criterion) for one in pen.amended.edits)
        lands = f"rubric version {version} lands in the same commit: {changes} is amended"
        lines.append(Line(Content.styled(lands, "$focus")))
    return lines


def because_note(pen: ResolvePen) -> str:
    if pen.view.annotated:
        return "you labelled it: the commit says so"
    return ""


def resolve_work(work: WorkState | None) -> Content:
    """As on the label screen, in this screen's words."""
    if work is not None and work.phase == "held" and not work.waiting:
        why = one_line("; ".join(part for part in (work.why, work.hint) if part))
        return Content.styled(f"! what you settle is saved, commits wait: {why}", "$needs")
    return work_line(work)


def empty_words() -> tuple[str, ...]:
    return (
        "no disagreement is open",
        "where two people labelled an output, their labels agree or are settled",
        "next: labeltool round open, or go on labelling",
    )


def done_words(turns: Turns) -> Sequence[str]:
    many = len(turns.items)
    what = "the disagreement" if many == 1 else f"all {many} disagreements"
    back = f"{keys.shown('previous')} goes back to the last one, {keys.shown('back')} leaves"
    return ("all settled", f"{what} of this sitting have a resolution", back)
