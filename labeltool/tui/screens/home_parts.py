"""What home writes: where one can go from here, and the sections under that. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.content import Content

from labeltool.commands.home import Standing, TierCount, weighs
from labeltool.commands.home_facts import JudgedCriterion, age
from labeltool.model.rubric import Criterion
from labeltool.safe_text import one_line
from labeltool.tui.screens.label_parts import duration
from labeltool.tui.spread import WIDE
from labeltool.tui.widgets.bars import progress_bar
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.scores import name_of

NAME = 18
PERSON = 14
MOST_DATASETS = 8
ROOMY = 32
"""Cells in which the judge's standing can be said in full."""
ROUND = 8
"""Cells of a round's column."""
MOST_ROUNDS = 4
CRITERION = "criterion"
JUDGE = 22
"""Cells that the judge's column wants at least."""
GAP = 4
"""Cells between two columns."""
PLACES = {
    "runs": "runs: what failed, and why",
    "compare": "compare: which system, how sure, what would change it",
    "calibration": "judge: what it may judge, and how sure that is",
    "rubric": "rubric: levels, versions, what was settled",
    "history": "history: who decided what",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A row one can choose. `value`: a filter, a place, a dataset, a number, or words to say."""

    does: Literal["label", "settle", "snapshot", "place", "dataset", "say", "open", "close"]
    value: str
    words: str
    right: str = ""


def offers(found: Standing) -> list[Offer]:
    """The one next step first, then what else there is."""
    rows = [*_loop(found), *_inbox(found), *_marked(found)]
    rows += [
        Offer("snapshot", name, f"label the snapshot {name}")
        for name in found.snapshots[:MOST_DATASETS]
    ]
    rows += [Offer("place", place, words, _right(found, place)) for place, words in PLACES.items()]
    others = [one for one in found.facts.datasets if one.name != found.dataset]
    rows += [
        Offer("dataset", one.name, f"dataset {one.name}", one.words)
        for one in others[:MOST_DATASETS]
    ]
    return rows


def _right(found: Standing, place: str) -> str:
    """Of the judge, how many criteria it may be trusted with."""
    judged = found.facts.judged
    if place != "calibration" or not judged:
        return ""
    if found.facts.fallen:
        return f"fell below trust: {', '.join(map(name_of, found.facts.fallen))}"
    trusted = sum(one.trust.trust == "trusted" for one in judged.values())
    return f"trusted with {trusted} of {len(judged)}"


def _loop(found: Standing) -> list[Offer]:
    """The rubric's loop: label, close, resolve, open the next round; what is due comes first."""
    step = found.step[:1].upper() + found.step[1:]
    label = Offer("say", found.command, step) if found.command else _label(found, step)
    resolve, opening = _resolve(found), _opening(found)
    settle = [Offer("settle", "", found.settling)] if found.settling and not found.command else []
    if found.work is not None and found.work.complete:
        number = found.work.round.number
        words = f"Round {number} has everybody's labels: close it and see where people agree"
        return [Offer("close", str(number), words, "⏎"), label, *resolve, *settle]
    if found.facts.stage.name == "resolve":
        return [*resolve, label, *settle, *opening]
    if found.facts.stage.name == "draft" and any(found.facts.rounds.values()):
        return [*opening, label, *settle, *resolve]
    return [label, *resolve, *settle, *opening]


def _label(found: Standing, step: str) -> Offer:
    rest = (found.seconds or 0) * found.left
    right = f"about {duration(rest)}  ⏎" if rest else "⏎"
    if found.round is not None and not found.left and found.work is not None:
        right = f"left: {found.work.missing}" if found.work.missing else ""
    return Offer("label", "", step, right)


def _resolve(found: Standing) -> list[Offer]:
    many = found.facts.disagreements
    if not many:
        return []
    wait = "1 disagreement waits" if many == 1 else f"{many} disagreements wait"
    return [Offer("place", "resolve", f"{wait} to be resolved")]


def _inbox(found: Standing) -> list[Offer]:
    if not found.drafts:
        return []
    wait = "1 draft waits" if found.drafts == 1 else f"{found.drafts} drafts wait"
    return [Offer("place", "inbox", f"{wait} in the inbox")]


def _opening(found: Standing) -> list[Offer]:
    if found.opens is None:
        return []
    words = f"Open round {found.opens}: the same outputs for everybody, labelled blindly"
    return [Offer("open", str(found.opens), words)]


def _marked(found: Standing) -> list[Offer]:
    rows = []
    for name, count in (
        ("flagged", found.marked.flagged),
        ("unsure", found.marked.unsure),
        ("skipped", found.marked.skipped),
    ):
        if count and not found.command:
            what = f"{count} output{'' if count == 1 else 's'} {_SAID[name]}"
            rows.append(Offer("label", f"state:{name}", what))
    return rows


_SAID = {"flagged": "flagged for discussion", "unsure": "marked unsure", "skipped": "skipped"}


def lines_of(found: Standing, width: int, cursor: int) -> list[Content]:
    """The offers, a row each, then rubric, tiers and people; side by side where there is room."""
    wide = width >= WIDE
    left = (width - GAP) // 2 if wide else width
    top = [_offer(one, width, here=row == cursor) for row, one in enumerate(offers(found))]
    top += _warnings(found, width)
    if not wide:
        return [*top, *_rubric(found, width), *_tiers(found, width), *_people(found, width)]
    right = width - GAP - left
    return [
        *top,
        Content(""),
        *_beside(_rubric(found, left), [*_tiers(found, right), *_people(found, right)], left),
    ]


def _beside(left: Sequence[Content], right: Sequence[Content], width: int) -> list[Content]:
    lines = []
    for row in range(max(len(left), len(right))):
        one = left[row] if row < len(left) else Content("")
        other = right[row] if row < len(right) else Content("")
        lines.append(one.pad_right(max(0, width - one.cell_length) + GAP) + other)
    return lines


def _offer(one: Offer, width: int, *, here: bool) -> Content:
    right = Content.styled(one_line(one.right, width // 2), "$focus")
    room = max(10, width - right.cell_length - 3)
    style = "bold $strong" if here else ""
    left = Content.assemble(("▸ " if here else "  ", "$focus"), (one_line(one.words, room), style))
    return left.pad_right(max(1, width - left.cell_length - right.cell_length)) + right


def _warnings(found: Standing, width: int) -> list[Content]:
    lines = []
    if found.command:
        lines.append(Content.styled(f"  {one_line(found.command, max(10, width - 2))}", "$quiet"))
    if found.problems:
        many = f"{found.problems} problem{'' if found.problems == 1 else 's'} in its files"
        lines.append(Content.styled(f"  ! {many}: labeltool check lists them", "$needs"))
    return lines


def _rubric(found: Standing, width: int) -> list[Content]:
    """Criterion, alpha of each closed round, judge; the share where no round takes the room."""
    numbers = _columns(found, width)
    judge = f"judge {one_line(found.facts.judge, 20)}"
    note = f"alpha by round · {judge}" if numbers else f"{judge} · share of the score"
    lines = [titled(f"rubric {one_line(found.rubric.ref)}", note, width)]
    name = _name_width(found)
    if numbers:
        head = "".join(f"round {number}".ljust(ROUND) for number in numbers)
        lines.append(Content.styled(f"  {CRITERION.ljust(name)}{head}judge", "$quiet"))
    for criterion in found.rubric.criteria:
        said = one_line(name_of(criterion.id), NAME - 1) + ("*" if criterion.required else "")
        row = Content(f"  {said.ljust(name)}")
        right = "" if numbers else f"{found.shares[criterion.id]:.2f} "
        if numbers:
            row += Content("").join(_alpha(found, criterion, number) for number in numbers)
        else:
            row += Content(f"{f'{criterion.min}-{criterion.max}':<5}")
        row += _judge(found, criterion, width - row.cell_length - len(right))
        lines.append(_ends(row, Content(right), width))
    return lines


def _name_width(found: Standing) -> int:
    names = (len(name_of(one.id)) + one.required for one in found.rubric.criteria)
    return min(NAME, max(len(CRITERION), *names)) + 2


def _columns(found: Standing, width: int) -> list[int]:
    """The latest closed rounds, and the open one, as many as leave room for the judge."""
    closed = {one.round for found in found.facts.rounds.values() for one in found}
    opened = {found.work.round.number} if found.work else set()
    if not closed:
        return []
    room = (width - 2 - _name_width(found) - JUDGE) // ROUND
    return sorted(closed | opened)[-max(1, min(MOST_ROUNDS, room)) :]


def _alpha(found: Standing, criterion: Criterion, number: int) -> Content:
    """`0.93 ✓`: what that round found, and whether the criterion held in it."""
    rounds = found.facts.rounds.get(criterion.id, ())
    one = next((one for one in rounds if one.round == number), None)
    if one is None:
        still = found.work is not None and found.work.round.number == number
        return Content.styled(("·" if still and criterion.by_hand else "").ljust(ROUND), "$quiet")
    value = "  – " if one.alpha is None else f"{one.alpha:.2f}"
    sign, style = ("✓", "$good") if one.holds else ("✗", "$bad")
    return Content.assemble(f"{value} ", (sign.ljust(ROUND - 5), style))


def _judge(found: Standing, criterion: Criterion, room: int) -> Content:
    """How the judge stands on a criterion, by sign and word, in `room` cells."""
    judged: JudgedCriterion | None = found.facts.judged.get(criterion.id)
    if judged is None:
        return Content.styled(weighs(criterion), "$quiet")
    trust = judged.trust
    sign, style = {"trusted": ("✓", "$good"), "untrusted": ("✗", "$bad")}.get(
        trust.trust, ("?", "$needs")
    )
    words = f" {trust.trust}"
    if trust.agreement is not None:
        words += f" {trust.agreement:.2f}" + (f" of {trust.n}" if trust.n else "")
    if judged.labels:
        words += f" · {judged.labels} more" + (" labels" if room >= ROOMY else "")
    elif trust.trust in ("uncalibrated", "stale"):
        words += " · enough labels"
    return Content.assemble((sign, style), (words, "$quiet"))


def _tiers(found: Standing, width: int) -> list[Content]:
    last = found.facts.last
    ran = f"last run: {one_line(last.system, 16)}, {age(last.seconds)}" if last else "no run yet"
    lines = [titled("tiers", ran, width)]
    for count in found.tiers:
        row = Content(f"  {count.tier:<12}{count.cases:>5}  ") + _verdict(found, count)
        lines.append(_ends(row, _verified(count), width))
    return lines


def _verdict(found: Standing, count: TierCount) -> Content:
    """The tier in the last run, and its gate."""
    last = found.facts.last.tiers.get(count.tier) if found.facts.last else None
    parts = []
    if last is not None and last.pass_rate is not None and last.interval is not None:
        low, high = last.interval
        parts.append((f"{last.pass_rate:.2f} [{low:.2f} {high:.2f}]  ", ""))
    if count.gate is not None:
        parts.append((f"gate {count.gate.threshold:.2f}  ", "$quiet"))
    if last is not None and last.verdict is not None:
        sign, style = {"pass": ("✓", "$good"), "fail": ("✗", "$bad")}.get(
            last.verdict, ("?", "$needs")
        )
        parts.append((f"{sign} {last.verdict}", style))
    return Content.assemble(*parts) if parts else Content("")


def _verified(count: TierCount) -> Content:
    if not count.cases or count.tier != "golden":
        return Content("")
    done = "all" if count.verified == count.cases else str(count.verified)
    return Content.styled(f"{done} verified ", "$quiet")


def _people(found: Standing, width: int) -> list[Content]:
    title = f"people in round {found.round.number}" if found.round else "people"
    lines = [titled(title, "outputs labelled", width)]
    for person in found.people:
        me = "▪ " if person.name == found.annotator else "  "
        row = Content.assemble((me, "$focus"), one_line(person.name, PERSON).ljust(PERSON))
        lines.append(_ends(row, progress_bar(person.done, person.total, 20) + Content(" "), width))
    return lines


def _ends(left: Content, right: Content, width: int) -> Content:
    room = width - right.cell_length
    left = left.truncate(max(0, room - 1), ellipsis=True)
    return left.pad_right(max(0, room - left.cell_length)) + right
