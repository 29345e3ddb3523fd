"""What the inbox screen writes, as pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from labeltool.commands.inbox import Waiting
from labeltool.commands.inbox_session import Look, NearCase, View
from labeltool.commands.label_work import WorkState
from labeltool.model.case import Case
from labeltool.rules.acceptance import Edits, case_of
from labeltool.rules.check_text import check_text
from labeltool.safe_text import one_line
from labeltool.tui import keys, texts
from labeltool.tui.screens.label_parts import work_line
from labeltool.tui.widgets.text import Line, lines_of

COLUMN = 10
ROOMY = 50
"""Cells of a row that has room for the tier."""
HOW = {"exact": "the same words", "fuzzy": "by words", "embedding": "in meaning"}


def place_line(
    dataset: str, count: int, cursor: int, marked: int, view: View | None
) -> tuple[Content, Content]:
    """Where I am and how far; which draft."""
    left = Content.assemble(("inbox", "bold $strong"), f" · {one_line(dataset, 30)}")
    if not count:
        return left, Content("")
    left += Content(f" · {cursor + 1}/{count}")
    if marked:
        left += Content.styled(f"  {marked} marked", "$needs")
    right = "" if view is None else one_line(view.waiting.draft.why or "nobody says why", 60)
    return left, Content.styled(right, "$quiet")


def row(one: Waiting, width: int, *, marked: bool) -> Content:
    """A draft in the list: its mark, how many say it, what it asks."""
    draft = one.draft
    mark = Content.styled("● " if marked else "  ", "$needs")
    seen = f"{draft.seen}x " if draft.seen > 1 else ""
    later = "later " if draft.later else ""
    tier = draft.tier if width >= ROOMY else ""
    tail = Content.styled(f" {later}{seen}{tier}", "$quiet")
    words = one_line(draft.input_text, 400)
    text = Content(words).truncate(max(4, width - 2 - tail.cell_length), ellipsis=True)
    gap = width - 2 - text.cell_length - tail.cell_length
    return mark + text.pad_right(max(0, gap)) + tail


def as_case(view: View, edits: Edits) -> Case:
    return case_of(view.waiting.draft, edits, rubric_version=1)


def text_lines(view: View, edits: Edits) -> dict[str, list[Line]]:
    """The three texts."""
    draft = view.waiting.draft
    case = as_case(view, edits)
    if draft.output is None:
        said = [Line(Content.styled("(nothing came back)", "$needs"))]
    elif draft.output.strip():
        said = lines_of(draft.output.rstrip("\n"), rest=f"{view.waiting.path} holds them")
    else:
        said = [Line(Content.styled("(the output is empty)", "$needs"))]
    notes = lines_of(draft.notes, "$quiet") if draft.notes else []
    return {
        "input": texts.input_lines(case),
        "output": said + ([Line(Content("")), *notes] if notes else []),
        "expected": texts.expected_lines(case),
    }


def accept_lines(view: View, edits: Edits, look: Look) -> list[Line]:
    """What the case would state, and what of that is shown; then where the draft comes from."""
    return [
        verdict_line(look),
        *_checks(edits, look),
        *_expected(view, edits),
        *_facts(view, edits),
    ]


def verdict_line(look: Look) -> Line:
    """Whether it can be accepted like this, and what what came back fails."""
    shown = look.shown
    if look.refused is not None:
        return Line(Content.styled(f"! {one_line(look.refused, 200)}", "$needs"))
    if shown.fails:
        by = f" (judge {one_line(shown.judge, 20)})" if shown.judge else ""
        words = f"✓ what came back fails {one_line(shown.words, 160)}{by}"
        return Line(Content.styled(words, "$good"))
    if shown.fails is None and shown.judge is None and not shown.faults:
        words = f"{keys.shown('do')} accepts it"
        return Line(Content.styled(words, "$quiet"))
    return Line(Content.styled("what came back fails nothing; it need not here", "$quiet"))


def _checks(edits: Edits, look: Look) -> Iterator[Line]:
    chosen = edits.checks or ()
    offered = [one.check for one in look.suggested]
    for number, one in enumerate(look.suggested, 1):
        here = one.check in chosen
        mark = f"[{keys.digit(number)}]" if here else f" {keys.digit(number)} "
        text = Content.styled(one_line(check_text(one.check), 200), "bold" if here else "")
        text += Content.styled(f"  {one.about}", "$quiet")
        style = "bold $focus" if here else "$focus"
        yield Line(text, Content.styled(mark, style), 4)
    for check in chosen:
        if check not in offered:
            text = Content.styled(one_line(check_text(check), 200), "bold")
            yield Line(text, Content.styled("[·]", "bold $focus"), 4)


def _expected(view: View, edits: Edits) -> Iterator[Line]:
    answers = view.waiting.draft.acceptable if edits.expected is None else edits.expected
    words = " | ".join(one_line(answer, 130) for answer in answers)
    if words:
        yield _fact("expected", Content(words))
    else:
        key = keys.shown("edit")
        yield _fact("expected", Content.styled(f"nothing yet: {key} says it", "$quiet"))


def _facts(view: View, edits: Edits) -> Iterator[Line]:
    draft = view.waiting.draft
    source = draft.source
    if view.near:
        first = view.near[0]
        more = f" and {len(view.near) - 1} more" if len(view.near) > 1 else ""
        key = f"  {keys.shown('why')} looks"
        words = f"{first.case.id} {first.similarity:.2f} {HOW.get(first.how, first.how)}{more}"
        yield _fact("near", Content.assemble(one_line(words, 200), (key, "$quiet")))
    if view.redacted:
        yield _fact("redacted", Content.styled(view.redacted, "$needs"))
    tags = draft.tags if edits.tags is None else edits.tags
    if tags:
        yield _fact("tags", Content(one_line(", ".join(tags), 200)))
    parts = [f"{draft.seen} say it" if draft.seen > 1 else "", draft.system or ""]
    if source is not None:
        parts += [source.kind.replace("_", " "), source.link or source.ref or "", source.date or ""]
    yield _fact("from", Content.styled(one_line(" · ".join(filter(None, parts)), 300), "$quiet"))


def _fact(name: str, words: Content) -> Line:
    return Line(words, Content.styled(name, "$quiet"), COLUMN)


def accept_note(view: View, edits: Edits, *, wide: bool) -> str:
    """The rule's right end: the tier, how it comes in, whether it was read."""
    case = as_case(view, edits)
    says = case.status == "open" and not wide  # side by side there is no room for it
    status = "open, gates nothing" if says else case.status
    read = " · verified" if edits.verified else ""
    return f"{case.tier} · {status}{read}"


def near_lines(near: Sequence[NearCase]) -> list[Line]:
    """Near cases in full, numbered."""
    lines: list[Line] = []
    for number, one in enumerate(near, 1):
        case = one.case
        facts = f"{one.similarity:.2f} {HOW.get(one.how, one.how)} · {case.tier} · {case.status}"
        head = Content.assemble((case.id, "bold $strong"), (f"  {facts}", "$quiet"))
        lines.append(Line(head, Content.styled(f" {number} ", "bold $focus"), 4))
        lines += _said("asks", case.input_text)
        for answer in case.acceptable[:1]:
            lines += _said("expects", answer)
        for check in case.checks:
            lines.append(_fact_of("check", Line(Content(one_line(check_text(check), 200)))))
        many = len(case.counterexamples)
        if many:
            what = f"{many} counterexample{'' if many == 1 else 's'}"
            lines.append(_fact_of("", Line(Content.styled(what, "$quiet"))))
        lines.append(Line(Content("")))
    return lines


def _said(name: str, text: str) -> list[Line]:
    """The beginning of a text, its name beside the first line."""
    rows = lines_of(text[:600])[:6]
    return [_fact_of("" if number else name, line) for number, line in enumerate(rows)]


def _fact_of(name: str, line: Line) -> Line:
    return Line(line.text, Content.styled(f"    {name}", "$quiet"), 4 + COLUMN)


def inbox_work(work: WorkState | None) -> Content:
    """As on the label screen, in this screen's words."""
    if work is not None and work.phase == "held" and not work.waiting:
        why = one_line("; ".join(part for part in (work.why, work.hint) if part))
        return Content.styled(f"! what you decide is saved, commits wait: {why}", "$needs")
    return work_line(work)


def empty_words(problems: int) -> tuple[str, ...]:
    if problems:
        many = "1 draft" if problems == 1 else f"{problems} drafts"
        return (f"{many} cannot be read", "labeltool check says what is wrong")
    return (
        "the inbox is empty",
        "labeltool promote LOG brings failures, labeltool promote EVENT.json a bug report",
    )


def done_words(cases: int, decided: int) -> tuple[str, ...]:
    what = f"{decided} decided, {cases} of them cases now" if cases else f"{decided} decided"
    undo, back = keys.shown("undo"), keys.shown("back")
    return ("nothing waits any more", what, f"{undo} takes the last one back, {back} leaves")
