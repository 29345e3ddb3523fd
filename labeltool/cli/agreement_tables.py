"""Draws agreement for the terminal: criteria, pairs, versions, tags, disagreements."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.report.agreement import headline, interval, number, said_of, share
from labeltool.rules.agreement import Agreement, AtVersion, notes
from labeltool.rules.ratings import Measured
from labeltool.safe_text import for_github_log, one_line
from labeltool.stats.agreement import Estimate

By = Literal["pair", "version", "tag"]
SHOWN = 10
BAR = 40
WIDE = 110
"""Columns from which every interval has room."""


def draw_agreement(console: Console, found: Agreement, *, by: By | None = None) -> None:
    """By criterion; then by what was asked for, or else all but tags; then the disagreements."""
    _say(console, headline(found), style="bold")
    if found.nothing is not None:
        _say(console, found.nothing)
    else:
        console.print()
        console.print(_criteria(found, wide=console.width >= WIDE))
    for note in notes(found):
        _say(console, note, first="- ")
    if found.outputs and by in (None, "pair"):
        _pairs(console, found)
    if by == "version" or (by is None and not found.scope):
        _versions(console, found, asked=by is not None)
    if by == "tag":
        _tags(console, found)
    if by is None:
        _disagreements(console, found)


def _criteria(found: Agreement, *, wide: bool) -> Table:
    table = _table(
        ("criterion", "left"), ("outputs", "right"), ("agree", "right"), ("alpha", "left"),
        ("", "left"), ("kappa", "left"), ("weighted", "left"),
    )  # fmt: skip
    for id, one in found.criteria.items():
        level = one.level if one.alpha.value is not None else ""
        table.add_row(
            _safe(id),
            str(one.n),
            _share(one.percent, wide),
            _estimate(one.alpha, True),
            Text(level, style="dim"),
            _estimate(one.kappa, wide),
            _estimate(one.weighted_kappa, wide),
        )
    return table


def _share(one: Estimate, with_interval: bool) -> Text:
    text = Text(share(one.value))
    if with_interval and one.interval is not None:
        low, high = (f"{end:.0%}" for end in one.interval)
        text.append(f" [{low} {high}]", style="dim")
    return text


def _estimate(one: Estimate, with_interval: bool) -> Text:
    text = Text(f"{number(one.value):>5}")
    if with_interval and one.interval is not None:
        text.append(f" {interval(one)}", style="dim")
    return text


def _pairs(console: Console, found: Agreement) -> None:
    several = {id: one.pairs for id, one in found.criteria.items() if len(one.pairs) > 1}
    two = {id: one.pairs for id, one in found.criteria.items() if one.pairs}
    console.print()
    _say(console, "by pair of annotators", style="bold")
    table = _table(
        ("criterion", "left"), ("pair", "left"), ("outputs", "right"), ("agree", "right"),
        ("kappa", "right"), ("weighted", "right"), ("first scores", "left"),
    )  # fmt: skip
    for id, pairs in (several or two).items():
        for row, ((a, b), pair) in enumerate(pairs.items()):
            table.add_row(
                _safe(id if row == 0 else ""),
                _safe(f"{a} | {b}"),
                str(pair.percent.n),
                share(pair.percent.value),
                number(pair.kappa.value),
                number(pair.weighted_kappa.value),
                _higher(pair.difference),
            )
    console.print(table)


def _higher(difference: float | None) -> str:
    if difference is None:
        return "–"
    if abs(difference) < 0.005:
        return "the same"
    return f"{abs(difference):.2f} {'higher' if difference > 0 else 'lower'}"


def _versions(console: Console, found: Agreement, *, asked: bool) -> None:
    if not any(found.versions.values()):
        if asked:
            _say(console, "no round is closed yet: `labeltool round open` starts one")
        return
    bar = found.rubric.stable.alpha
    console.print()
    _say(console, f"alpha over versions, as rounds closed (| is {bar:g}, to hold)", style="bold")
    width = max(len(id) for id in found.versions)
    for line in chart(found.versions, bar, name_width=min(width, 20)):
        console.print(Text(for_github_log(line)), soft_wrap=True)


def chart(
    versions: Mapping[str, Sequence[AtVersion]], bar: float, *, name_width: int, cells: int = BAR
) -> Iterable[str]:
    """A line for each criterion and closed round: version, alpha as a bar and a number, and
    whether it held. Plain characters; an undefined alpha has its agreement instead.
    """
    for id, rounds in versions.items():
        for row, one in enumerate(rounds):
            name = one_line(id, name_width) if row == 0 else ""
            line = f"{name:<{name_width}}  v{one.version:<3} {_bar(one.alpha, bar, cells)} "
            line += f"{number(one.alpha):>5}  {'holds' if one.holds else 'does not hold'}"
            yield line if one.alpha is not None else f"{line}, {share(one.agreement)} agree"


def _bar(alpha: float | None, mark: float, cells: int) -> str:
    filled = 0 if alpha is None else round(max(0.0, min(1.0, alpha)) * cells)
    drawn = list("=" * filled + "." * (cells - filled))
    drawn[min(cells - 1, round(mark * cells))] = "|"
    return "".join(drawn)


def _tags(console: Console, found: Agreement) -> None:
    console.print()
    if not found.tags:
        _say(console, "no labelled case has a tag")
        return
    _say(console, "by tag", style="bold")
    table = _table(
        ("tag", "left"), ("criterion", "left"), ("outputs", "right"), ("agree", "right"),
        ("alpha", "left"), ("kappa", "right"), ("weighted", "right"),
    )  # fmt: skip
    for tag, criteria in found.tags.items():
        for row, (id, one) in enumerate(criteria.items()):
            table.add_row(_safe(tag if row == 0 else ""), _safe(id), *_by_tag(one))
    console.print(table)


def _by_tag(one: Measured) -> tuple[str | Text, ...]:
    kappas = number(one.kappa.value), number(one.weighted_kappa.value)
    return str(one.n), share(one.percent.value), _estimate(one.alpha, True), *kappas


def _disagreements(console: Console, found: Agreement) -> None:
    if not found.outputs:
        return
    console.print()
    settled = len(found.disagreements) - len(found.open)
    more = f", {settled} settled" if settled else ""
    if not found.open:
        _say(console, f"no disagreement is open{more}")
        return
    worst = ", the worst first" if len(found.open) > 1 else ""
    many = "1 disagreement" if len(found.open) == 1 else f"{len(found.open)} disagreements"
    _say(console, f"{many}{worst}{more}", style="bold")
    table = _table(
        ("case", "left"), ("snapshot", "left"), ("criterion", "left"), ("scores", "left")
    )
    for one in found.open[:SHOWN]:
        system, case = one.output
        criterion = one.difference.criterion
        required = "*" if criterion.required else ""
        table.add_row(
            _safe(case), _safe(system), _safe(criterion.id + required), _safe(said_of(one))
        )
    console.print(table)
    if len(found.open) > SHOWN:
        _say(console, f"... {len(found.open) - SHOWN} more: labeltool agreement --json has all")
    _say(console, "settle them: labeltool resolve", style="dim")


def _table(*columns: tuple[str, Literal["left", "right"]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, justify in columns:
        table.add_column(name, justify=justify, no_wrap=True, overflow="ellipsis")
    return table


def _safe(text: str) -> Text:
    return Text(for_github_log(one_line(text)))


def _say(console: Console, text: str, *, first: str = "", style: str = "") -> None:
    """`text` filled to the width, further lines under its first letter."""
    wrapped = textwrap.wrap(
        one_line(text),
        max(console.width, 20),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )
    for line in wrapped:
        console.print(Text(for_github_log(line), style=style), soft_wrap=True)
