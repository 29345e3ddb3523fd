"""The score pane: one row a criterion; below, where there is room, what the focused one asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from labeltool.commands.label_view import LabelDraft, Settled, View
from labeltool.model.base import Score
from labeltool.model.rubric import Criterion
from labeltool.safe_text import one_line, visible
from labeltool.tui import keys
from labeltool.tui.widgets.pane import INDENT, Pane, inside
from labeltool.tui.widgets.text import Line, Wrapped

MARK = 2
"""Cells of the mark that says which row has the focus."""
GAP = 2
LONGEST_NAME = 24


def name_of(id: str) -> str:
    """An id as it reads on screen: `no_invention` is "no invention"."""
    return one_line(id.replace("_", " "))


def answers(criterion: Criterion) -> tuple[Score, ...]:
    """What may be answered, in the order of the row."""
    return (*criterion.scale, *(("na",) if criterion.na else ()))


def scale_width(criterion: Criterion) -> int:
    """Cells of all answers, each with room for its brackets."""
    return sum(len(str(answer)) + 2 for answer in answers(criterion))


class ScorePane(Pane):
    """Criteria with their scales. The focus moves by keys of the screen; a click scores."""

    @dataclass
    class Scored(Message):
        """A click on an answer."""

        criterion: str
        score: Score

    @dataclass
    class Picked(Message):
        """A click on a criterion."""

        criterion: str

    def __init__(self, *, id: str | None = None):
        super().__init__("score", id=id, can_focus=False)
        self._view: View | None = None
        self._draft = LabelDraft()
        self._focused: str | None = None
        self._past: Sequence[Line] = ()

    def show(self, view: View | None, draft: LabelDraft, focused: str | None) -> None:
        self._view, self._draft, self._focused = view, draft, focused
        self.note = view.rubric.ref if view else ""
        self.relayout()
        if view and focused:
            self.reveal(next((i for i, c in enumerate(view.rubric.criteria) if c.id == focused), 0))

    def show_past(self, lines: Sequence[Line]) -> None:
        """What was settled for the focused criterion; shown as far as there is room."""
        self._past = lines
        self.relayout()

    # What the layout asks.

    @property
    def rows(self) -> int:
        return len(self._view.rubric.criteria) if self._view else 4

    def detail(self, width: int) -> int:
        """Rows that the longest explanation of any criterion takes: the same for every case."""
        if self._view is None:
            return 0
        criteria = self._view.rubric.by_hand
        return (
            max((len(explain(self._view, c, None, inside(width))) for c in criteria), default=0) + 1
        )

    # Lines.

    def wrapped(self, width: int) -> Sequence[Content]:
        view = self._view
        if view is None:
            return ()
        rows = [self._row(criterion, width) for criterion in view.rubric.criteria]
        room = self.size.height - 1 - len(rows)
        focused = view.rubric.criterion(self._focused) if self._focused else None
        if focused is None or room < 3:
            return rows
        score = self._draft.scores.get(focused.id)
        rows += [Content(""), *explain(view, focused, score, width)]
        return rows + self._past_within(self.size.height - 1 - len(rows), width)

    def _past_within(self, room: int, width: int) -> list[Content]:
        """The past in that many rows; what is left out is a key away, and that is said."""
        lines = Wrapped(self._past, width)
        if lines.upto(room + 1) <= room:
            return list(lines)
        if room < 4:
            return []
        return [
            *lines[: room - 1],
            Content.styled(f"… {keys.shown('why')} shows the rest", "$quiet"),
        ]

    def _row(self, criterion: Criterion, width: int) -> Content:
        assert self._view is not None
        here = criterion.id == self._focused
        name = name_of(criterion.id) + ("*" if criterion.required else "")
        head = Content.assemble(
            ("▸ " if here else "  ", "$focus"),
            (one_line(name, LONGEST_NAME), "bold $strong" if here else ""),
        )
        head = head.pad_right(max(0, MARK + self._names - head.cell_length) + GAP)
        settled = next((s for s in self._view.settled if s.criterion == criterion.id), None)
        room = max(6, width - head.cell_length)
        answer = self._settled(settled, room) if settled else self._scale(criterion, room)
        line = head + answer
        room = width - max(line.cell_length, MARK + self._names + GAP + self._scales) - GAP
        if room < 12:
            return line
        line = line.pad_right(max(0, width - room - line.cell_length))
        return line + self._word(criterion, settled, room)

    @property
    def _names(self) -> int:
        assert self._view is not None
        criteria = self._view.rubric.criteria
        widths = (Content(name_of(c.id)).cell_length + c.required for c in criteria)
        return min(LONGEST_NAME, max(widths))

    @property
    def _scales(self) -> int:
        assert self._view is not None
        return max((scale_width(c) for c in self._view.rubric.by_hand), default=3)

    def _scale(self, criterion: Criterion, room: int) -> Content:
        given = self._draft.scores.get(criterion.id)
        here = criterion.id == self._focused
        if scale_width(criterion) > room:
            return self._short_scale(criterion, given, here=here)
        parts: list[tuple[str, str]] = []
        for answer in answers(criterion):
            if answer == given:
                parts.append((f"[{answer}]", "bold $focus" if here else "bold $strong"))
            else:
                quiet = given is not None or self._draft.status == "skipped"
                parts.append((f" {answer} ", "$faint" if quiet else "" if here else "$quiet"))
        return Content.assemble(*parts)

    def _short_scale(self, criterion: Criterion, given: Score | None, *, here: bool) -> Content:
        """`[5]  0-9` where all the levels do not fit."""
        answer = "" if given is None else f"[{given}]"
        ends = f"{criterion.min}-{criterion.max}" + (" na" if criterion.na else "")
        style = "bold $focus" if here else "bold $strong"
        return Content.assemble((f"{answer:<4} ", style), (ends, "$quiet"))

    def _settled(self, settled: Settled, room: int) -> Content:
        sign, style = ("✓", "$good") if settled.passed else ("✗", "$bad")
        if settled.score is None:
            sign, style = "!", "$needs"
        return Content.assemble(
            (f" {sign} ", style), (one_line(settled.detail, room - 3), "$quiet")
        )

    def _word(self, criterion: Criterion, settled: Settled | None, room: int) -> Content:
        """The right end of a row: what the given level says, what changed, or what is asked."""
        assert self._view is not None
        given = self._draft.scores.get(criterion.id)
        stale = self._view.stale.get(criterion.id)
        if settled is not None:
            return Content.styled(one_line(criterion.text, room), "$quiet")
        if given is None and stale is not None:
            return Content.styled(one_line(stale_word(stale.before, stale.reason), room), "$needs")
        if isinstance(given, int) and given in criterion.levels:
            return Content(one_line(criterion.levels[given], room))
        here = criterion.id == self._focused
        return Content.styled(one_line(criterion.text, room), "" if here else "$quiet")

    # Mouse.

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + round(self.scroll_offset.y)
        if self._view is None or not 0 <= row < self.rows or event.y < 1:
            return
        criterion = self._view.rubric.criteria[row]
        if not criterion.by_hand:
            return
        answer = self._answer_at(criterion, event.x)
        if answer is None:
            self.post_message(self.Picked(criterion.id))
        else:
            self.post_message(self.Scored(criterion.id, answer))

    def _answer_at(self, criterion: Criterion, x: int) -> Score | None:
        left = INDENT + MARK + self._names + GAP
        if scale_width(criterion) > self.text_width - left + INDENT:
            return None  # its levels are not drawn
        for answer in answers(criterion):
            width = len(str(answer)) + 2
            if left <= x < left + width:
                return answer
            left += width
        return None


_REASONS = {
    "amended": "changed since",
    "other_rubric": "given under another rubric",
    "newer_rubric": "given under a newer rubric",
    "input_changed": "the input changed since",
    "output_changed": "the output changed since",
    "off_scale": "no longer on the scale",
    "score_changed": "changed since",
}


def stale_word(before: Score | None, reason: str) -> str:
    if before is None:
        return "asked anew: not part of your label yet"
    # What I said stands first: a narrow row is cut at its end.
    return f"you said {before}, asked again: {_REASONS.get(reason, reason)}"


def explain(view: View, criterion: Criterion, given: Score | None, width: int) -> list[Content]:
    """A criterion in full, wrapped: what it asks, its levels, and what changed."""
    lines = Content.styled(visible(criterion.text), "bold $strong").wrap(width)
    facts = facts_of(criterion)
    if facts:
        lines += Content.styled(facts, "$quiet").wrap(width)
    for level in criterion.scale:
        text = criterion.levels.get(level)
        if text is None:
            continue
        chosen = level == given
        rows = Content.styled(visible(text), "$strong" if chosen else "").wrap(max(8, width - 4))
        mark = f"[{level}] " if chosen else f" {level}  "
        lines.append(Content.styled(mark, "bold $focus" if chosen else "$focus") + rows[0])
        lines += [row.pad_left(4) for row in rows[1:]]
    stale = view.stale.get(criterion.id)
    if stale is not None:
        lines += Content.styled(stale_word(stale.before, stale.reason), "$needs").wrap(width)
        if stale.change is not None and stale.change.reason:
            why = f"version {stale.change.version}: {stale.change.reason}"
            lines += Content.styled(visible(why), "$quiet").wrap(width)
    return lines


def facts_of(criterion: Criterion) -> str:
    facts = []
    if criterion.required:
        facts.append(f"* required: under {criterion.met_at} the output fails")
    if criterion.kind == "factual":
        facts.append("against the input and the context")
    if criterion.na:
        facts.append("- says not applicable")
    return " · ".join(facts)
