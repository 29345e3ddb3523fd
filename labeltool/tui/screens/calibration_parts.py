"""What the judge screen writes, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual.content import Content

from labeltool.commands.calibration_view import CalibrationView, Difference, JudgeView
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.model.rubric import Criterion
from labeltool.rules.calibrate import LEAST_AGREEMENT
from labeltool.rules.settle import Shortage
from labeltool.rules.spot import Running
from labeltool.rules.trust import CriterionTrust
from labeltool.safe_text import one_line
from labeltool.tui.texts import documents, expected_lines, input_lines
from labeltool.tui.widgets.rule import titled
from labeltool.tui.widgets.scores import LONGEST_NAME, name_of
from labeltool.tui.widgets.text import Line, lines_of

OVERALL = "overall"
"""The row of whole outputs: passed or not."""
GUTTER = 12
BAR, WIDE_BAR = 12, 20
SIGNS = {"trusted": ("✓", "$good"), "untrusted": ("✗", "$bad")}
_SHARES = ("exact", "within_one", "kappa", "weighted_kappa", "spearman")
_NAMES = {"within_one": "within 1", "weighted_kappa": "weighted kappa"}


def measured(judge: JudgeView, row: str) -> Mapping[str, Any]:
    """What the calibration file holds of a criterion, or of whole outputs."""
    if judge.calibration is None:
        return {}
    if row == OVERALL:
        return judge.calibration.overall
    return judge.calibration.criteria.get(row, {})


def headline(judge: JudgeView) -> Content:
    """Which criteria the machine may judge, in one line."""
    name = one_line(judge.name, 20)
    may = [name_of(id) for id, one in judge.trust.criteria.items() if one.trust == "trusted"]
    rest = [name_of(id) for id in judge.trust.criteria if name_of(id) not in may]
    if not may:
        words = "may not be trusted with any criterion yet"
    elif not rest:
        words = f"may be trusted with {', '.join(may)}"
    else:
        words = f"may be trusted with {', '.join(may)}; not with {', '.join(rest)}"
    return Content.assemble(("judge ", "$quiet"), (name, "bold $strong"), f" {one_line(words)}")


# The list.


HEAD = "n  pass/fail  const  people"
"""Over the figures at the right end of each row."""
BRIEF = "n  pass/fail"
"""The same beside the criterion in full, which says the rest."""
_REST = 36
"""Cells of the trust, the agreement and the narrow bar."""


def criterion_row(
    view: CalibrationView, judge: JudgeView, row: str, width: int, *, brief: bool
) -> Content:
    """Name, trust, agreement with its interval; at the right what HEAD or BRIEF says: outputs, on
    which sides, the best constant, people among themselves.
    """
    head = BRIEF if brief else HEAD
    names = max(len(OVERALL), *(len(name_of(one.id)) for one in view.criteria))
    column = max(8, min(LONGEST_NAME, names, width - _REST - len(head)))
    trust, one = judge.trust.criteria.get(row), measured(judge, row)
    line = Content(one_line(OVERALL if row == OVERALL else name_of(row), column))
    line = line.pad_right(max(0, column - line.cell_length) + 2)
    line += _stands(trust, one)
    if not one:
        return (line + Content("  ") + _short(view.short.get(row))).truncate(width, ellipsis=True)
    roomy = width - column - _REST - len(head) >= WIDE_BAR - BAR
    line += _agreement(one, WIDE_BAR if roomy else BAR)
    sides = f"{one.get('met', '–')}/{one.get('not_met', '–')}"
    figures = f"{one.get('n', '–'):>4}  {sides:>9} "
    if not brief:
        constant, people = one.get("constant_agreement"), one.get("human_agreement")
        figures += f" {_two(constant):>5}  {_two(people):>6} "
    right = Content.styled(figures, "$quiet")
    return line.pad_right(max(0, width - line.cell_length - right.cell_length)) + right


def _stands(trust: CriterionTrust | None, one: Mapping[str, Any]) -> Content:
    level = _level(trust, one)
    sign, style = SIGNS.get(level, ("?", "$needs"))
    return Content.assemble((f"{sign} ", style), f"{level:<10}")


def _short(short: Shortage | None) -> Content:
    if short is None:
        return Content("")
    words = "enough labels to measure it" if not short.labels else f"{short.labels} labels missing"
    return Content.styled(words, "$quiet")


def _agreement(one: Mapping[str, Any], cells: int) -> Content:
    return Content.assemble((f"{_two(one.get('agreement')):>4} ", "bold"), bar(one, cells))


def bar(one: Mapping[str, Any], cells: int) -> Content:
    """0 to 1 from left to right: the interval as a line, the agreement as a dot; `┃` is the bar
    that trust asks for.
    """
    drawn = [("─", "$rule")] * cells
    low, high = one.get("interval") or (None, None)
    if low is not None and high is not None:
        for at in range(_cell(low, cells), _cell(high, cells) + 1):
            drawn[at] = ("━", "$focus")
    drawn[_cell(LEAST_AGREEMENT, cells)] = ("┃", "$strong")
    agreement = one.get("agreement")
    if isinstance(agreement, int | float):
        drawn[_cell(agreement, cells)] = ("●", "$good" if one.get("trusted") is True else "$bad")
    return Content.assemble(*drawn)


def _cell(share: float, cells: int) -> int:
    return max(0, min(cells - 1, int(share * cells)))


def difference_row(found: Difference, width: int, *, several: bool) -> Content:
    """`0006-guild-purchase   people 0   judge 2`; of `several` criteria also which one."""
    row = found.row
    scores = Content.assemble(
        (f" people {row.human}", "" if found.moved else "bold"),
        (f" now {_said(found.now)}" if found.moved else "", "$needs"),
        ("  judge ", "$quiet"),
        (f"{row.judge} ", "bold $bad" if row.flips else "bold"),
    )
    room = max(8, width - scores.cell_length)
    which = f"  {name_of(one_line(row.criterion, 40))}" if several else ""
    name = Content.assemble(one_line(row.case, 60), (which, "$quiet"))
    name = name.truncate(room, ellipsis=True)
    return name.pad_right(max(0, room - name.cell_length)) + scores


def _said(score: Score | None) -> str:
    return "none" if score is None else str(score)


# A criterion in full.


def criterion_lines(view: CalibrationView, judge: JudgeView, row: str) -> list[Line]:
    """May the judge score it, why, what would change that, and every figure behind it."""
    trust, one = judge.trust.criteria.get(row), measured(judge, row)
    lines = _verdict(trust, one)
    change = _change(view, judge, row)
    if change:
        trusted = _level(trust, one) == "trusted"
        word = "to be surer" if trusted else "to change"
        lines.append(_about(word, Content(one_line(change, 300))))
    if judge.problem:
        lines.append(_about("file", Content.styled(one_line(judge.problem, 300), "$bad")))
    if one:
        lines += [Line(Content("")), *_figures(one), *_confusion(one)]
    running = judge.running.criteria.get(row) if judge.running else None
    if running is not None:
        lines.append(_about("since then", _running(running)))
    lines += _basis(judge)
    return lines


def _level(trust: CriterionTrust | None, one: Mapping[str, Any]) -> str:
    if trust is not None:
        return trust.trust
    return "trusted" if one.get("trusted") is True else "untrusted"


def _verdict(trust: CriterionTrust | None, one: Mapping[str, Any]) -> list[Line]:
    level = _level(trust, one)
    sign, style = SIGNS.get(level, ("?", "$needs"))
    why = (trust.why if trust else None) or one.get("reason")
    if trust is not None and trust.trust == "trusted":
        why = one.get("reason") or why
    words = level if trust else f"{level} as a whole"
    return [
        Line(
            Content.assemble(
                (f"{sign} {words}", f"bold {style}"), f": {one_line(str(why), 300)}" if why else ""
            )
        )
    ]


def _change(view: CalibrationView, judge: JudgeView, row: str) -> str | None:
    again = f"labeltool calibrate --judge {judge.name}"
    trust, one = judge.trust.criteria.get(row), measured(judge, row)
    if trust is not None and trust.trust == "stale":
        return f"measure it again: {again}"
    if not one:
        short = view.short.get(row)
        if short is None or not short.labels:
            return f"measure it: {again}"
        side = f" {short.side}" if short.side else ""
        return f"label {short.labels} more{side} outputs, then {again}"
    change = one.get("change")
    return f"{change}; then {again}" if change and str(change).startswith("label") else change


def _figures(one: Mapping[str, Any]) -> list[Line]:
    low, high = one.get("interval") or (None, None)
    interval = "" if low is None else f" [{_two(low)} {_two(high)}]"
    met, failing = one.get("met", "–"), one.get("not_met", "–")
    lines = [
        _about(
            "agrees",
            Content.assemble(
                (_two(one.get("agreement")), "bold"), f"{interval} ", bar(one, WIDE_BAR),
                (f" of {one.get('n')}: {met} passing, {failing} failing", "$quiet"),
            ),
        ),
        _about(
            "beside it",
            Content(
                f"{_two(one.get('constant_agreement'))} for always saying the same, "
                f"{_two(one.get('human_agreement'))} people among themselves"
            ),
        ),
        _about(
            "it says",
            Content(
                f"passing for {_two(one.get('tpr'))} of what people pass (TPR), "
                f"failing for {_two(one.get('tnr'))} of what they fail (TNR)"
            ),
        ),
    ]  # fmt: skip
    shares = (f"{_NAMES.get(name, name)} {_two(one.get(name))}" for name in _SHARES)
    lines.append(_about("levels", Content(" · ".join(shares))))
    if one.get("errors"):
        lines.append(_about("errors", Content(f"{one['errors']} outputs it gave no score")))
    if one.get("fitted"):
        fixed = _two(one.get("unfitted_agreement"))
        lines.append(_about("fit", Content(f"measured out of fold; {fixed} by fixed thresholds")))
    elif "fitted" in one:
        words = f"fixed thresholds: {one_line(str(one.get('unfitted_why')), 100)} to fit it"
        lines.append(_about("fit", Content(words)))
    return lines


def _confusion(one: Mapping[str, Any]) -> list[Line]:
    """People's levels down, the judge's across."""
    table = one.get("confusion") or {}
    levels, counts = table.get("levels", []), table.get("counts", [])
    if not levels or not counts:
        return []
    head = "".join(f"{one_line(str(level), 4):>5}" for level in levels)
    lines = [_about("how often", Content.styled(f"judge{head}", "$quiet"))]
    for at, level in enumerate(levels):
        cells = [
            (f"{count:>5}", "bold" if at == to else "" if count else "$quiet")
            for to, count in enumerate(counts[at])
        ]
        name = (
            f"people {one_line(str(level), 4)}" if at == 0 else f"       {one_line(str(level), 4)}"
        )
        lines.append(
            Line(Content.assemble(*[(" " * 5, ""), *cells]), Content.styled(name, "$quiet"), GUTTER)
        )
    return lines


def _running(found: Running) -> Content:
    if found.interval is None:
        return Content.styled(str(found.why), "$quiet")
    low, high = found.interval
    rate = f"{_two(found.agreement)} [{_two(low)} {_two(high)}] of {found.n} spot checks"
    style = "$bad" if found.below else "$needs"
    return Content.assemble(
        rate, (f"  {'✗ ' * found.below}{found.why}" if found.why else "", style)
    )


def _basis(judge: JudgeView) -> list[Line]:
    found = judge.calibration
    if found is None:
        return []
    sample = found.sample
    text = f"{found.rubric}, {sample.get('n', '–')} of {sample.get('of', '–')} outputs"
    if found.calibrated_at:
        text += f", {found.calibrated_at[:10]}"
    if found.calibrated_by:
        text += f" by {found.calibrated_by}"
    return [_about("measured", Content.styled(one_line(text, 200), "$quiet"))]


# A disagreement in full.


def difference_lines(
    found: Difference, criterion: Criterion | None, case: Case, output: Output, width: int
) -> list[Line]:
    """Both scores with their reasons, then what they are about."""
    row = found.row
    lines = [
        _about("people", _score(row.human, criterion)),
        *(_indented(row.note) if row.note else ()),
    ]
    if found.moved:
        now = _said(found.now)
        words = f"people say {now} now; the next calibration counts what was said blind"
        lines.append(Line(Content.styled(words, "$needs"), indent=GUTTER))
    lines.append(_about("judge", _score(row.judge, criterion)))
    lines += _indented(row.rationale) if row.rationale else []
    for quote in row.evidence:
        lines += lines_of(f"“{quote}”", "$quiet", GUTTER)
    lines += _part("output", lines_of(output.output), width)
    lines += documents(output.context)
    lines += _part("input", input_lines(case), width)
    if case.acceptable:
        lines += _part("expected", expected_lines(case), width)
    return lines


def _score(score: Score, criterion: Criterion | None) -> Content:
    if criterion is None or score == "na":
        return Content.styled(str(score), "bold")
    met = score >= criterion.met_at
    word, style = ("met", "$good") if met else ("not met", "$bad")
    level = criterion.levels.get(score)
    return Content.assemble(
        (f"{score} ", "bold"),
        (word, style),
        (f"  {one_line(level, 200)}" if level else "", "$quiet"),
    )


def _indented(text: str) -> Sequence[Line]:
    return lines_of(text, indent=GUTTER)


def _part(title: str, lines: Iterable[Line], width: int) -> list[Line]:
    return [Line(Content("")), Line(titled(title, "", width)), *lines]


def _about(word: str, text: Content) -> Line:
    return Line(text, Content.styled(word, "$focus"), GUTTER)


def _two(value: object) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.2f}" if number else "–"
