"""What the screen of one case of a run writes. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from textual.content import Content

from labeltool.commands.runs_case import CaseDetail, Other
from labeltool.errors import LabeltoolError
from labeltool.model.result import CriterionRef
from labeltool.safe_text import cells, one_line, visible
from labeltool.tui.marks import marked, nearest
from labeltool.tui.screens.run_parts import STATE_SIGNS
from labeltool.tui.texts import Look, expected_lines, input_lines, shaped
from labeltool.tui.widgets.scores import name_of
from labeltool.tui.widgets.text import Line, lines_of

Mode = Literal["plain", "expected", "other"]
NAME = 18
INDENT = 4
LEAST_QUOTE = 3
"""Characters of a quoted line from which it is looked for: less would be found anywhere."""
_ROLE = re.compile(r"(?:user|assistant|system|tool|developer): ")
_QUOTED = "bold underline $focus"


class Pages(NamedTuple):
    """The lines of the three texts, and what stands in the rules above two of them."""

    input: list[Line]
    output: list[Line]
    beside: list[Line]
    title: str = "output"
    beside_title: str = "expected"


def pages(detail: CaseDetail, mode: Mode, look: Look, *, wide: bool, focused: str | None) -> Pages:
    """Input, output, and expected or the other run's output beside it; quotes marked in all."""
    source = _input(detail, look)
    quotes = detail.result.evidence.get(focused or "", ())
    other = detail.other
    if mode == "other" and other is not None and other.output is not None:
        title = f"output  [-{one_line(other.name, 24)}-] {{+this run+}}"
        page = _compared(detail, other.output, look, wide=wide, title=title)
        return page._replace(input=source, beside_title=f"output of {one_line(other.name, 30)}")
    answers = detail.case.acceptable if detail.case else ()
    if mode == "expected" and answers and detail.result.output:
        text = shaped(detail.result.output, look)
        shown = [shaped(answer, look) for answer in answers]
        nearest_one = shown[nearest(text, shown)]
        title = "output  [-expected-] {+output+}"
        return _compared(detail, nearest_one, look, wide=wide, title=title)._replace(input=source)
    expected = expected_lines(detail.case, look) if detail.case else [_quiet("not known any more")]
    return Pages(quoted(source, quotes), quoted(output_lines(detail, look), quotes), expected)


def _input(detail: CaseDetail, look: Look) -> list[Line]:
    if detail.case is None:
        return [_needs(detail.changed or "the case cannot be read")]
    changed = [_needs(detail.changed), Line(Content(""))] if detail.changed else []
    return [*changed, *input_lines(detail.case, look)]


def _compared(detail: CaseDetail, before: str, look: Look, *, wide: bool, title: str) -> Pages:
    found = marked(shaped(before, look), shaped(detail.result.output or "", look))
    output = list(found.after if wide else found.both)
    if found.same:
        output.insert(0, Line(Content.styled("= word for word the same", "$good")))
    return Pages([], output, found.before if wide else lines_of(shaped(before, look)), title)


def output_lines(detail: CaseDetail, look: Look) -> list[Line]:
    text = detail.result.output
    if text is None:
        return [_needs("there is no output")]
    if not text.strip():
        return [_needs("(the output is empty)")]
    return lines_of(shaped(text, look), rest="the run's log holds them")


def quoted(lines: Sequence[Line], quotes: Iterable[str]) -> list[Line]:
    """`lines` with every line of every quote underlined wherever it stands."""
    wanted = {part for quote in quotes for part in _parts(quote)}
    if not wanted:
        return list(lines)
    return [line._replace(text=_underlined(line.text, wanted)) for line in lines]


def _parts(quote: str) -> Iterator[str]:
    for part in visible(quote).split("\n"):
        text = part.strip()
        for one in {text, _ROLE.sub("", text, count=1)}:
            if len(one) >= LEAST_QUOTE:
                yield one


def _underlined(text: Content, wanted: Iterable[str]) -> Content:
    plain = text.plain
    for part in wanted:
        at = plain.find(part)
        while at >= 0:
            text = text.stylize(_QUOTED, at, at + len(part))
            at = plain.find(part, at + len(part))
    return text


# The graders' side.


def criteria(detail: CaseDetail) -> tuple[str, ...]:
    """The criteria that the case has a score or a word for; what it lost stands first."""
    known = [*detail.result.scores, *detail.result.rationale, *detail.head.criteria]
    rest = [id for id in dict.fromkeys(known) if id in detail.head.criteria]
    return tuple(dict.fromkeys([*detail.lost, *rest]))


def criterion_lines(detail: CaseDetail, focused: str | None) -> list[Line]:
    """`▸ ✗ action items   1 of 2   people 2 · there 2`, a criterion a line."""
    return [_criterion(detail, id, here=id == focused) for id in criteria(detail)]


def _criterion(detail: CaseDetail, id: str, *, here: bool) -> Line:
    criterion, score = detail.head.criteria[id], detail.result.scores.get(id)
    sign, style = _met(criterion, score)
    name = one_line(name_of(id), NAME) + ("*" if criterion.required else "")
    text = Content.assemble((sign, f"bold {style}"), " ", (name, "bold $strong" if here else ""))
    names = min(NAME, max(cells(name_of(one)) for one in criteria(detail)))
    text = text.pad_right(max(0, 2 + names + 3 - text.cell_length))
    text += Content(" –      " if score is None else f"{score} of {criterion.max}  ")
    words = []
    if score is None:
        judged = id not in detail.head.not_judged
        words.append("no score" if judged else "not judged by machine")
    said = detail.people.said if detail.people else None
    if said is not None and id in said.settled:
        words.append(f"people {said.settled[id].score}")
    elif said is not None and id in said.unresolved:
        words.append("people disagree")
    if detail.other is not None and id in detail.other.scores:
        words.append(f"there {detail.other.scores[id]}")
    text += Content.styled(" · ".join(words), "$quiet")
    return Line(text, Content.styled("▸ " if here else "  ", "$focus"), 2)


def _met(criterion: CriterionRef, score: object) -> tuple[str, str]:
    if not isinstance(score, int):
        return "·", "$quiet"
    if score < criterion.pass_at:
        return "✗", "$bad"
    return ("✓", "$good") if score == criterion.max else ("~", "$needs")


def reason_lines(detail: CaseDetail, focused: str | None) -> list[Line]:
    """What the grader says of the focused criterion, and what it quotes."""
    lines: list[Line] = []
    result = detail.result
    if result.error is not None:
        lines.append(_needs(f"{result.error.kind}: {result.error.message}", "! "))
    if focused is not None:
        said = result.rationale.get(focused, "").strip()
        lines += [line._replace(indent=INDENT) for line in lines_of(said)] if said else []
        for quote in result.evidence.get(focused, ()):
            text = Content.assemble("“", (one_line(quote, 300), _QUOTED), "”")
            lines.append(Line(text, Content.styled("  »", "$quiet"), INDENT))
        criterion = detail.head.criteria[focused]
        lines.append(_quiet(f"{criterion.text} Met from {criterion.pass_at}.", "  ? "))
    return lines


def fact_lines(detail: CaseDetail) -> list[Line]:
    """Checks, repeats, people, how long it took, and the commands that go on from here."""
    result = detail.result
    lines: list[Line] = []
    for check in result.checks:
        sign, style = ("✓", "$good") if check.passed else ("✗", "$bad")
        text = Content.assemble(f"check {one_line(check.id, 24)}", ("  ", ""))
        text += Content.styled(one_line(check.detail, 300), "$quiet")
        lines.append(Line(text, Content.styled(f"  {sign}", f"bold {style}"), INDENT))
    if detail.people is not None and detail.people.hidden:
        lines.append(_needs("in an open round: what people said stays hidden", "  ! "))
    lines += _repeats(detail)
    facts = []
    if result.latency_ms is not None:
        facts.append(f"{result.latency_ms:,.0f} ms")
    if result.attempts > 1:
        facts.append(f"{result.attempts} attempts")
    if result.finish_reason not in (None, "stop"):
        facts.append(f"finish: {result.finish_reason}")
    facts += [", ".join(result.tags[:8])] if result.tags else []
    if facts:
        lines.append(_quiet(" · ".join(facts), "    "))
    if detail.snapshots:
        lines.append(_quiet(f"recorded in {', '.join(detail.snapshots)}", "    "))
    lines.append(_quiet(detail.path, "    "))
    lines.append(_quiet(detail.again, "  $ "))
    return lines


def _repeats(detail: CaseDetail) -> list[Line]:
    result = detail.result
    if not result.repeats:
        return []
    marks = {True: "✓", False: "✗", None: "!"}
    signs = " ".join(marks[one.passed] for one in result.repeats[:40])
    text = f"{len(result.repeats)} times: {signs}{'  flaky' if detail.flaky else ''}"
    lines = [_needs(text, "  ~ ") if detail.flaky else _quiet(text, "    ")]
    errors = dict.fromkeys(one.error.message for one in result.repeats if one.error)
    return lines + [_quiet(error, "    ") for error in list(errors)[:3]]


# The lines at the edges.


def case_line(detail: CaseDetail, side: str | None) -> tuple[Content, Content]:
    """The case, and how it came out: `✗ failed  0.71, passes at 0.8`."""
    result = detail.result
    left = Content.assemble((one_line(result.id), "$focus"), f"   {result.tier}")
    if result.status != "active":
        left += Content.styled(f"   {result.status}", "$needs")
    sign, style = STATE_SIGNS["passed" if result.passed else "failed"]
    word = "passed" if result.passed else "failed"
    if result.passed is None:
        (sign, style), word = STATE_SIGNS["error"], "no verdict"
    right = Content.assemble((f"{sign} {word}", f"bold {style}"))
    if result.score is not None:
        right += Content.styled(f"  {result.score:.2f}, passes at {detail.head.pass_mark:g}", "")
    if side in ("broken", "fixed"):
        right += Content.styled(f"  {side}", "bold $bad" if side == "broken" else "bold $good")
    return left, right


def preview_lines(detail: CaseDetail) -> list[Line]:
    """A case beside the list: how it came out, what it lost and why, and the output."""
    _, verdict = case_line(detail, None)
    lines = [Line(verdict)]
    lines += [_needs(detail.changed)] if detail.changed else []
    for id in detail.lost:
        lines += [Line(Content("")), _criterion(detail, id, here=False)]
        lines += [line for line in reason_lines(detail, id) if line.text.plain]
    if not detail.lost:
        lines += reason_lines(detail, None)
    lines += fact_lines(detail)
    quotes = [quote for id in detail.lost for quote in detail.result.evidence.get(id, ())]
    head = Line(Content.styled("output", "$focus"))
    return [*lines, Line(Content("")), head, *quoted(output_lines(detail, Look()), quotes)]


def error_lines(error: LabeltoolError) -> list[Line]:
    return [_needs(str(error), "! "), *([_quiet(error.hint, "  ")] if error.hint else [])]


def other_words(other: Other | None) -> str:
    """Why there is no other output to compare with."""
    if other is None:
        return "m in the runs marks a run to compare with"
    return f"the output of {one_line(other.name, 40)} is not kept here"


def _quiet(text: str, gutter: str = "") -> Line:
    return Line(
        Content.styled(one_line(text, 400), "$quiet"),
        Content.styled(gutter, "$quiet"),
        len(gutter),
    )


def _needs(text: str, gutter: str = "") -> Line:
    return Line(
        Content.styled(one_line(text, 1000), "$needs"),
        Content.styled(gutter, "bold $needs"),
        len(gutter),
    )
