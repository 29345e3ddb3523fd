"""Draws a calibration for the terminal: the answer first, then how sure it is and what would
change it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.report.calibration import (
    FIGURES,
    OVERALL,
    Row,
    basis,
    confusion,
    figures,
    fits,
    headline,
    number,
    rows,
)
from labeltool.safe_text import for_github_log, one_line

if TYPE_CHECKING:
    from labeltool.commands.calibrate import Calibrated, Found
    from labeltool.rules.calibration import Differs

SHOWN = 5


def draw(console: Console, done: Calibrated) -> None:
    """Several judges: side by side first, then each."""
    if len(done.found) > 1:
        console.print(_side_by_side(done.found))
        console.print()
    for one in done.found:
        _judge(console, one)
        console.print()
    _say(console, f"measured on {basis(done.found[0].calibration)}")
    if done.eligible.left_out:
        _say(console, f"left out: {done.eligible.told()}")
    paths = ", ".join(one.path for one in done.found)
    if done.commit is None:
        _say(console, f"{paths}: says the same already, nothing to commit")
    else:
        _say(console, f"{paths} · committed {done.commit[:7]}")


def _judge(console: Console, one: Found) -> None:
    style = "bold green" if one.calibration.trusted else "bold"
    _say(console, headline(one.calibration), style=style)
    found = rows(one.calibration)
    console.print(_verdicts(found))
    for row in found:
        _say(console, f"{row.criterion}: {_why(row)}", first="- ")
    for line in fits(one.calibration):
        _say(console, line, first="- ", style="dim")
    console.print()
    console.print(_figures(one.calibration.criteria, one.calibration.overall))
    measured = {id: of for id, of in one.calibration.criteria.items() if of.get("n")}
    if measured:
        console.print()
        _say(console, "how often: people's levels down, the judge's across", style="dim")
        blocks = [_confusion(id, of) for id, of in measured.items()]
        console.print(Columns(blocks, padding=(0, 4)))
    _worst(console, one.worst)


def _side_by_side(found: Sequence[Found]) -> Table:
    ids = list(found[0].calibration.criteria)
    table = _table("judge", *ids, OVERALL, "calls", "USD")
    for one in found:
        every = {**one.calibration.criteria, OVERALL: one.calibration.overall}
        told = (_marked(every[id]) for id in (*ids, OVERALL))
        usd = "–" if one.usd is None else f"{one.usd:.2f}"
        calls = str(one.calls.live + one.calls.cached)
        table.add_row(_safe(one.calibration.judge), *told, calls, usd)
    return table


def _marked(one: Mapping[str, Any]) -> Text:
    """Agreement, and whether it is trusted in words too."""
    trusted = one.get("trusted") is True
    text = Text(number(one.get("agreement")))
    text.append(" trusted" if trusted else " untrusted", style="green" if trusted else "dim")
    return text


def _verdicts(found: Sequence[Row]) -> Table:
    table = _table("criterion", "verdict", "agrees", "95%", "n", "pass/fail", "constant", "people")
    for row in found:
        verdict = Text(row.verdict, style="green" if row.trusted else "yellow")
        table.add_row(
            _safe(row.criterion), verdict, row.agreement, row.interval, row.n, row.sides,
            row.constant, row.people,
        )  # fmt: skip
    return table


def _figures(criteria: Mapping[str, Any], overall: Mapping[str, Any]) -> Table:
    table = _table("criterion", *FIGURES.values(), "errors")
    for id, one in {**criteria, OVERALL: overall}.items():
        table.add_row(_safe(id), *figures(one), str(one.get("errors", "–")))
    return table


def _confusion(id: str, one: Mapping[str, Any]) -> Table:
    head, *body = confusion(one)
    table = Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim",
        title=_safe(id), title_justify="left", title_style="", min_width=min(len(id), 30),
    )  # fmt: skip
    for level in head:
        table.add_column(level, justify="right")
    for level, *counts in body:
        table.add_row(Text(level, style="dim"), *counts)
    return table


def _worst(console: Console, worst: Sequence[Differs]) -> None:
    if not worst:
        return
    console.print()
    _say(console, f"where people and judge differ, the worst first ({len(worst)})", style="bold")
    for one in worst[:SHOWN]:
        case, system = one.scored.case.id, one.scored.system
        said = f"{one.criterion.id}: people {one.human}, judge {one.judge}"
        _say(console, f"{case} ({system})  {said}", indent="  ")
        if one.scored.note:
            _say(console, f"people: {one.scored.note}", indent="    ", lines=2)
        if one.rationale:
            _say(console, f"judge: {one.rationale}", indent="    ", lines=2)
    if len(worst) > SHOWN:
        _say(console, f"... {len(worst) - SHOWN} more: --json has all", indent="  ")


def _why(row: Row) -> str:
    return f"{row.reason}; {row.change}" if row.change else row.reason


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    words = ("criterion", "verdict", "judge", "95%")
    for name in columns:
        table.add_column(
            _safe(name), justify="left" if name in words else "right", no_wrap=True,
            overflow="ellipsis",
        )  # fmt: skip
    return table


def _safe(text: str) -> Text:
    return Text(for_github_log(one_line(text)))


def _say(
    console: Console,
    text: str,
    *,
    indent: str = "",
    first: str = "",
    style: str = "",
    lines: int | None = None,
) -> None:
    """`text` filled to the width; `lines` at most, then an ellipsis."""
    wrapped = textwrap.wrap(
        one_line(text),
        max(console.width, 20),
        initial_indent=indent + first,
        subsequent_indent=indent + " " * len(first),
        max_lines=lines,
        placeholder=" …",
        break_on_hyphens=False,
    )
    for line in wrapped:
        console.print(Text(for_github_log(line), style=style), soft_wrap=True)
