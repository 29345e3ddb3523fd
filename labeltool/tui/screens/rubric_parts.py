"""What the rubric screen writes, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from labeltool.commands.home import weighs
from labeltool.commands.rubric import Compared, Edition
from labeltool.commands.rubric_view import Amended, Count, RubricPast, Settled
from labeltool.model.rubric import Change, Criterion
from labeltool.rules.agreement import AtVersion
from labeltool.rules.rubric_diff import CriterionChange, FieldChange
from labeltool.safe_text import one_line
from labeltool.tui.difference import difference
from labeltool.tui.widgets.scores import LONGEST_NAME, facts_of, name_of
from labeltool.tui.widgets.text import Line, lines_of

GUTTER = 12
"""Cells of the column that says what a line is about."""
BAR = 20
SIGNS = {"added": ("+", "$good"), "removed": ("-", "$bad"), "changed": ("~", "$needs")}


def criterion_row(edition: Edition, past: RubricPast | None, row: int, width: int) -> Content:
    """Name, scale, who scores, how many labels; the share of the score at the right."""
    criterion = edition.rubric.criteria[row]
    name = name_of(criterion.id) + ("*" if criterion.required else "")
    column = max(len(name_of(one.id)) + one.required for one in edition.rubric.criteria)
    line = Content(one_line(name, LONGEST_NAME))
    line = line.pad_right(max(0, min(LONGEST_NAME, column) - line.cell_length))
    scale = f"{criterion.min}-{criterion.max}"
    line += Content.assemble(f"  {scale:<5}", (f"{one_line(weighs(criterion), 22):<16}", "$quiet"))
    share = Content(f"{edition.shares[criterion.id]:>4.0%} ")
    room = width - line.cell_length - share.cell_length - 2
    count = past.counts.get(criterion.id) if past else None
    words = count_words(count) if count else ""
    if len(words) <= room:
        line += Content.styled(f"  {words}", "$quiet")
    return line.pad_right(max(0, width - line.cell_length - share.cell_length)) + share


def count_words(count: Count) -> str:
    if not count.current and not count.stale:
        return "no labels yet"
    asked = f", {count.stale} asked again" if count.stale else ""
    return f"{count.current} label{'' if count.current == 1 else 's'}{asked}"


def _count(count: Count) -> str:
    asked = f", {count.stale} given before a change and asked again" if count.stale else ""
    stand = f"{count.current} stand{'s' if count.current == 1 else ''}"
    return f"{stand}{asked}" if count.current or asked else "none yet"


def criterion_lines(criterion: Criterion, edition: Edition, past: RubricPast | None) -> list[Line]:
    """All that is known of a criterion: what it asks, its labels, its versions, its resolutions."""
    lines = [Line(line.text.stylize("bold $strong")) for line in lines_of(criterion.text)]
    lines += _levels(criterion)
    lines += [Line(Content("")), *_facts(criterion, edition)]
    if past is None:
        return [*lines, Line(Content.styled("reading labels, versions and resolutions…", "$quiet"))]
    count = past.counts.get(criterion.id)
    if count is not None:
        lines.append(_about("labels", Content(_count(count))))
    lines += _rounds(past.rounds.get(criterion.id, ()), edition.rubric.stable.alpha)
    return lines + past_lines(criterion, past)


def _rounds(rounds: Sequence[AtVersion], mark: float) -> list[Line]:
    """Alpha over versions, as closed rounds froze it: does the tightening work?"""
    lines: list[Line] = []
    for row, one in enumerate(rounds):
        alpha = "   –" if one.alpha is None else f"{one.alpha:4.2f}"
        holds = ("holds", "$good") if one.holds else ("does not hold", "$needs")
        text = Content.assemble(
            f"v{one.version} ",
            _bar(one.alpha, mark),
            f" {alpha} ",
            holds,
            (f"  round {one.round}", "$quiet"),
        )
        lines.append(Line(text, Content.styled("alpha" if row == 0 else "", "$focus"), GUTTER))
    return lines


def _bar(alpha: float | None, mark: float) -> Content:
    """0 to 1 from left to right; `┃` is where a criterion holds."""
    filled = 0 if alpha is None else round(max(0.0, min(1.0, alpha)) * BAR)
    cells = [("━", "$focus")] * filled + [("─", "$rule")] * (BAR - filled)
    cells[min(BAR - 1, round(mark * BAR))] = ("┃", "$strong")
    return Content.assemble(*cells)


def past_lines(criterion: Criterion, past: RubricPast, *, but: str | None = None) -> list[Line]:
    """What changed in which version and why, and what was settled; not of the case `but`, which
    somebody is about to judge.
    """
    lines: list[Line] = []
    for amended in past.amended.get(criterion.id, ()):
        lines += [Line(Content("")), *_amended(amended)]
    settled = past.settled.get(criterion.id, ())
    others = [one for one in settled if one.case != but]
    if settled or criterion.by_hand:
        lines += [Line(Content("")), *_settled(others)]
    if len(others) < len(settled):
        words = "what was settled for this very case is not shown while you label it"
        lines.append(Line(Content.styled(words, "$quiet"), indent=GUTTER))
    if past.hidden:
        what = "1 resolution is" if past.hidden == 1 else f"{past.hidden} resolutions are"
        words = f"{what} hidden: a round of the output is open"
        lines.append(Line(Content.styled(words, "$quiet"), indent=GUTTER))
    if past.missing:
        lines += [Line(Content("")), _about("versions", Content.styled(past.missing, "$quiet"))]
    return lines


def _levels(criterion: Criterion) -> list[Line]:
    lines = []
    for level in criterion.scale:
        if level in criterion.levels:
            first, *rest = lines_of(criterion.levels[level], indent=4)
            lines += [first._replace(gutter=Content.styled(f" {level}", "bold $focus")), *rest]
    return lines


def _facts(criterion: Criterion, edition: Edition) -> list[Line]:
    words = [f"{edition.shares[criterion.id]:.0%} of the score", f"weight {criterion.weight:g}"]
    words.append(f"met at {criterion.met_at}")
    if criterion.tolerance:
        words.append(f"{criterion.tolerance} apart still agree")
    lines = [_about("counts", Content(" · ".join(words)))]
    if facts_of(criterion):
        lines.append(Line(Content.styled(facts_of(criterion), "$quiet"), indent=GUTTER))
    if criterion.check is not None:
        value = "" if criterion.check.value is None else f" {criterion.check.value}"
        lines.append(_about("check", Content(one_line(f"{criterion.check.kind}{value}", 200))))
    return lines


def _about(word: str, text: Content) -> Line:
    return Line(text, Content.styled(word, "$focus"), GUTTER)


def _amended(amended: Amended) -> list[Line]:
    entry, change = amended.entry, amended.change
    again = entry is not None or (change is not None and change.asked_again)
    head = [entry.date] if entry and entry.date else []
    if change is not None and change.what == "added":
        head.append("added")
    if again:
        head.append("its labels are asked again")
    words = Content.styled(one_line(" · ".join(head)), "$quiet")
    lines = [_about(f"version {amended.version}", words)]
    if entry is not None:
        lines += _reason(entry, GUTTER)
    if change is not None:
        lines += [line for field in change.fields for line in field_lines(field, GUTTER)]
    return lines


def _reason(entry: Change, indent: int) -> list[Line]:
    cases = f" ({', '.join(entry.cases)})" if entry.cases else ""
    return lines_of(f"{entry.reason or 'no reason given'}{cases}", indent=indent)


def field_lines(field: FieldChange, indent: int) -> list[Line]:
    """`pass at  1 → 2` where both are short, else the difference of the two texts."""
    name = one_line(field.field.replace("levels.", "level ").replace("_", " "))
    before, after = shown(field.before), shown(field.after)
    label = Content.styled(f"{name}  ", "$focus")
    if field.before is not None and field.after is not None and _is_short(before, after):
        text = Content.assemble((before, "$bad"), (" → ", "$quiet"), (after, "$good"))
        return [Line(label + text, indent=indent)]
    texts = (
        None if field.before is None else before,
        None if field.after is None else after,
    )
    return [Line(label, indent=indent), *difference(*texts, indent=indent)]


def _is_short(*texts: str) -> bool:
    return all(len(text) <= 24 and " " not in text.strip() for text in texts)


def shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else one_line(str(value))


def _settled(settled: Sequence[Settled]) -> list[Line]:
    """Past resolutions: after a year, that is the rubric."""
    if not settled:
        return [_about("settled", Content.styled("nothing was settled for it yet", "$quiet"))]
    lines: list[Line] = []
    for index, one in enumerate(settled):
        gutter = Content.styled("settled" if index == 0 else "", "$focus")
        who = [one.resolver or "", (str(one.at) if one.at else "")[:10]]
        because = (one.because or "").replace("_", " ")
        text = Content.assemble(
            (f"{one_line(one.case, 40)} → {one.score}", "bold"),
            f"  {because}",
            (f"  {one_line(' '.join(word for word in who if word))}", "$quiet"),
            ("  no longer stands" if one.stale else "", "$needs"),
        )
        lines.append(Line(text, gutter, GUTTER))
        if one.note:
            lines += lines_of(f"“{one.note}”", indent=GUTTER)
    return lines


def version_row(step: Compared, width: int) -> Content:
    """`3  2026-11-20  ~answers ~length +tone  reason`."""
    version = step.after.rubric.version
    date = next((one.date for one in reversed(step.changelog) if one.date), None) or ""
    line = Content.assemble((f"{version:>3}", "bold"), (f"  {one_line(date, 10):<10}  ", "$quiet"))
    for change in step.diff.criteria:
        sign, style = SIGNS[change.what]
        line += Content.assemble((sign, style), f"{name_of(change.id)}  ")
    reason = "; ".join(one.reason for one in step.changelog if one.reason)
    return (line + Content.styled(one_line(reason, 200), "$quiet")).truncate(width, ellipsis=True)


def version_lines(step: Compared) -> list[Line]:
    """What one version changed, criterion by criterion."""
    before, after = step.before.rubric, step.after.rubric
    lines = []
    for entry in step.changelog:
        lines += [_about("reason", Content("")), *_reason(entry, 0), Line(Content(""))]
    for field in step.diff.fields:
        lines += field_lines(field, 0)
    if step.diff.fields:
        lines.append(Line(Content("")))
    for change in step.diff.criteria:
        lines += _change(change, after.criterion(change.id) or before.criterion(change.id))
        lines.append(Line(Content("")))
    if not step.diff:
        lines.append(Line(Content.styled("the criteria are the same in both", "$quiet")))
    return lines


def _change(change: CriterionChange, criterion: Criterion | None) -> list[Line]:
    sign, style = SIGNS[change.what]
    asked = ", its labels are asked again" if change.asked_again else ""
    text = Content.assemble((name_of(change.id), "bold"), (f"  {change.what}{asked}", "$quiet"))
    lines = [Line(text, Content.styled(sign, f"bold {style}"), 2)]
    if change.what != "changed" and criterion is not None:
        texts = [criterion.text, *(f"{n}  {text}" for n, text in sorted(criterion.levels.items()))]
        lines += [line for text in texts for line in lines_of(text, indent=4)]
    return lines + [line for field in change.fields for line in field_lines(field, 4)]
