"""What `?` says of the thing that has the focus, before it lists the keys. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from labeltool.model.base import Score
from labeltool.model.rubric import Criterion
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.pen import Pen
from labeltool.tui.resolve_pen import ResolvePen
from labeltool.tui.screens.home_parts import Offer
from labeltool.tui.widgets.scores import facts_of, name_of, stale_word
from labeltool.tui.widgets.text import Line, lines_of

LEVEL = 5
"""Cells of a level's number."""
WILL: Mapping[str, str] = {
    "label": "opens the next of your outputs; what you say is saved as you go",
    "settle": "opens your outputs, first those whose labels decide something",
    "snapshot": "opens the outputs of this snapshot to label",
    "dataset": "shows this dataset here, and labels in it from now on",
    "open": "asks which outputs and who takes part, then opens the round in one commit",
    "close": "shows who has labelled how much and asks; closing is one commit, and final",
    "say": "says what to type: it cannot be done from here",
}
PLACES: Mapping[str, str] = {
    keys.INBOX: "shows each draft, and makes it a case, or says that it is out of scope",
    keys.RESOLVE: "shows each of them side by side, and asks what is right",
    keys.RUNS: "shows what the runs found, down to the single case",
    keys.RUBRIC: "shows every criterion with its levels, its versions and what was settled",
    keys.COMPARE: "shows which system leads, how surely, and the cases where they part",
    keys.CALIBRATION: "shows the judge beside people, and walks through where they differ",
    keys.HISTORY: "shows every decision, what it changed, and takes yours back",
}


def told(head: str, *rest: str) -> list[Line]:
    """A headline and sentences, of any text."""
    lines = [Line(Content.styled(one_line(head, 400), "bold $strong"))]
    return lines + [line for one in rest if one for line in lines_of(one)]


def pressing(id: str, does: str) -> str:
    """`⏎ opens the run`."""
    return f"{keys.shown(id)} {does}"


def offer_lines(offer: Offer | None) -> list[Line]:
    """A row of home, and what enter will do there."""
    if offer is None:
        return told("still reading where the dataset stands")
    if offer.does == "place":
        does = f"{PLACES.get(offer.value, 'opens it')}; {keys.shown('back')} there comes back here"
    elif offer.does == "label" and offer.value:
        does = f"opens those outputs alone, as the filter {one_line(offer.value)} does"
    else:
        does = WILL[offer.does]
    return told(offer.words, pressing("do", does))


def criterion_lines(criterion: Criterion, chosen: Score | None = None) -> list[Line]:
    """What a criterion asks, what its levels mean, and what counts as met; `chosen` is marked."""
    lines = [Line(line.text.stylize("bold $strong")) for line in lines_of(criterion.text)]
    for level in criterion.scale:
        mark = f"[{level}]" if level == chosen else f" {level} "
        gutter = Content.styled(mark, "bold $focus" if level == chosen else "$focus")
        words = criterion.levels.get(level)
        met = "counts as met" if level >= criterion.met_at else "counts as missed"
        first, *rest = lines_of(words or met, "" if words else "$quiet", indent=LEVEL)
        lines += [first._replace(gutter=gutter), *rest]
    facts = [f"met at {criterion.met_at}", facts_of(criterion)]
    return [*lines, Line(Content.styled(" · ".join(one for one in facts if one), "$quiet"))]


def label_lines(pen: Pen | None) -> list[Line]:
    """The focused criterion on the label screen, and what was said of it so far."""
    if pen is None:
        return told("there is no output on screen to label")
    criterion = pen.criterion
    given, stale = pen.draft.scores.get(criterion.id), pen.view.stale.get(criterion.id)
    if given is not None:
        state = "does not apply, you say" if given == "na" else f"you say {given}"
    elif stale is not None:
        state = stale_word(stale.before, stale.reason)
    else:
        state = "no score yet"
    more = f"{keys.digits(criterion.min, criterion.max)} scores it"
    if criterion.na:
        more += f", {keys.shown('not-applicable')} where it does not apply"
    more += f"; {keys.shown('why')} shows its versions and what was settled"
    return [*_head(criterion.id, state), *criterion_lines(criterion, given), *lines_of(more)]


def resolve_lines(pen: ResolvePen | None) -> list[Line]:
    """The focused criterion on the resolve screen: who has it how, under A and B."""
    if pen is None:
        return told("there is no disagreement on screen")
    criterion, one = pen.criterion, pen.difference
    sides = [f"{letter} says {one.scores.get(name, '-')}" for name, letter in pen.letters.items()]
    chosen = pen.choice.scores.get(criterion.id)
    state = ", ".join(sides) + (": not settled yet" if chosen is None else f": {chosen} is right")
    letters = f"{keys.shown('take-a')} {keys.shown('take-b')}"
    more = f"{letters} take a side, {keys.digits(criterion.min, criterion.max)} another score"
    return [*_head(criterion.id, state), *criterion_lines(criterion, chosen), *lines_of(more)]


def sides_lines(what: str, path: str, focused: str | None, ways: Sequence[Line]) -> list[Line]:
    """A merge conflict: what met, and the ways to settle it."""
    settle = pressing("do", "writes what was chosen; the last one concludes the merge")
    head = told(what, one_line(path), f"about {name_of(focused)}" if focused else "")
    return [*head, *ways, *lines_of(settle)]


def _head(id: str, state: str) -> list[Line]:
    text = Content.assemble((name_of(id), "bold $focus"), (f"  {one_line(state, 200)}", "$needs"))
    return [Line(text)]
