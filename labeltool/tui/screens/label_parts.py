"""What the label screen writes in its lines, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from textual.content import Content

from labeltool.commands.label_view import LabelDraft, View
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_view import RubricPast
from labeltool.model.base import Score
from labeltool.model.rubric import Criterion
from labeltool.rules.queue import Item
from labeltool.safe_text import one_line
from labeltool.tui import keys
from labeltool.tui.screens.rubric_parts import past_lines
from labeltool.tui.walk import Walk
from labeltool.tui.widgets.bars import progress_bar
from labeltool.tui.widgets.scores import explain, name_of
from labeltool.tui.widgets.text import Line

LONGEST_TAG, MOST_TAGS = 20, 4


def place_line(dataset: str, round: int | None, walk: Walk) -> tuple[Content, Content]:
    """Where I am, what I look at, and how far."""
    where = Content.assemble((one_line(dataset, 40), "bold $strong"), *_round(round))
    if walk.filter:
        where += Content.assemble("   / ", (one_line(walk.filter, 40), "$needs"))
    if walk.settling:
        where += Content.styled("   what settles something first", "$quiet")
    return where, progress_bar(walk.progress.done, walk.progress.total)


def _round(round: int | None) -> list[tuple[str, str]]:
    return [(f" · round {round}", "")] if round is not None else []


def case_line(view: View, item: Item, draft: LabelDraft) -> tuple[Content, Content]:
    """The case, and what has been said of it as a whole."""
    tags = " ".join(one_line(tag, LONGEST_TAG) for tag in view.case.tags[:MOST_TAGS])
    left = Content.assemble(
        (one_line(view.case.id), "$focus"), (f"   {item.tier}", ""), (f"   {tags}", "$quiet")
    )
    marks: list[tuple[str, str]] = []
    if item.state in ("done", "skipped"):
        marks.append((f"✓ {item.state}", "$good"))
    if item.state == "stale":
        marks.append(("asked again", "$needs"))
    if draft.confidence == "unsure":
        marks.append(("? unsure", "$needs"))
    if draft.flag:
        marks.append(("⚑ flagged", "$needs"))
    if draft.notes:
        marks.append(("note", ""))
    if view.written is not None:
        marks.append(("expected not saved", "$needs"))
    if view.case.tier == "golden":
        marks.append(("verified", "$quiet") if view.verified else ("not verified", "$quiet"))
    if view.others:
        marks.append((f"{view.others} other{'s' if view.others > 1 else ''}", "$quiet"))
    return left, Content(" · ").join([Content.styled(text, style) for text, style in marks])


def work_line(work: WorkState | None) -> Content:
    """What happened to my work: on disk, in git, or waiting and why."""
    if work is None or work.phase == "idle":
        return Content("")
    if work.phase == "held":
        many = f"{work.waiting} " if work.waiting > 1 else ""
        why = one_line("; ".join(part for part in (work.why, work.hint) if part))
        if not work.waiting:
            return Content.styled(f"! labels will be saved, commits wait: {why}", "$needs")
        return Content.styled(f"! {many}saved, not committed: {why}", "$needs")
    if work.phase == "failed":
        return Content.styled(f"✗ not saved: {one_line(work.why or '')}", "$bad")
    if work.phase == "saved":
        many = f"{work.waiting} saved" if work.waiting > 1 else "saved"
        return Content.assemble(f"✓ {many}", (" · committing…", "$quiet"))
    return Content.assemble("✓ saved · committed ", (work.commit or "", "$focus"))


def both_said(mine: LabelDraft, theirs: View | None) -> list[Line]:
    """Two labels of one output, so that a person can choose."""
    lines = [Line(Content("Another window of yours, or an edit, has changed the file since."))]
    lines += [Line(Content("")), _said("a  here   ", said(mine))]
    if theirs is not None and theirs.label is not None:
        label = theirs.label
        other = "skipped" if label.status == "skipped" else _scores(label.scores)
        when = f"  ({one_line(label.labeled_at)})" if label.labeled_at else ""
        lines.append(_said("b  other  ", other + when))
    else:
        lines.append(_said("b  other  ", "no label: it was taken back"))
    return lines


def _said(gutter: str, words: str) -> Line:
    return Line(Content(one_line(words)), Content.styled(gutter, "$focus"), len(gutter))


def _scores(scores: Mapping[str, Score]) -> str:
    return ", ".join(f"{id} {score}" for id, score in scores.items()) or "no scores"


def said(draft: LabelDraft) -> str:
    """A label's scores in one line."""
    if draft.status == "skipped":
        return "skipped"
    return _scores(draft.scores)


def why_lines(
    view: View, criterion: Criterion, given: Score | None, past: RubricPast | None
) -> list[Line]:
    """A criterion in full: levels, what changed in which version and why, what was settled."""
    lines = [Line(one) for one in explain(view, criterion, given, 70)]
    if past is None:
        return [*lines, Line(Content.styled("what was settled before is being read…", "$quiet"))]
    return lines + past_lines(criterion, past, but=view.case.id)


def empty_words(filter: str) -> tuple[str, ...]:
    """What to say where there is nothing to label."""
    if filter:
        ways = f"{keys.shown('filter')} changes it, {keys.shown('back')} clears it"
        return ("no output is shown by this filter", one_line(filter), ways)
    return (
        "nothing to label yet",
        "no case of this dataset has a recorded output here",
        "record some: labeltool run --record NAME",
    )


def dropped_words(dropped: Sequence[str]) -> str:
    """Half-made scores that do not come back, and why."""
    names = ", ".join(map(name_of, dropped))
    return f"{names}: amended since your half-made label, so score it again"


def scale_keys(criterion: Criterion) -> str:
    """The keys that answer a criterion, as the footer draws them."""
    return keys.digits(criterion.min, criterion.max)


def pace(seconds: float, past: Sequence[float], left: int) -> Content:
    """Time on this case, and about how long the rest takes at the usual pace."""
    words = f"{round(seconds)} s"
    if past and left > 0:
        words += f" · about {duration(median(past) * left)} left"
    return Content.styled(words, "$quiet")


def duration(seconds: float) -> str:
    if seconds < 90:
        return "a minute"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
