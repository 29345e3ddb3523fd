"""Draws results for the terminal: the verdict first, then tiers, then what failed and why."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.model.result import Results
from labeltool.report.highlights import Highlights
from labeltool.report.text import (
    Errors,
    Failing,
    against,
    broken,
    errors,
    failing,
    failing_title,
    headline,
    notes,
    passing_now,
    place,
    tier_rows,
)
from labeltool.safe_text import cells, for_github_log, visible

STYLES = {"pass": "green", "fail": "bold red", "inconclusive": "yellow", "incomplete": "yellow"}
CHANGES = {"-": "red", "+": "green", " ": "dim"}
LINES_A_REASON = 3
LINES_A_CHANGE = 2


def draw_run(
    console: Console,
    results: Results,
    highlights: Highlights,
    *,
    dataset: str | None = None,
    where: str = "eval_results.json",
) -> None:
    """One screen. Every sign has a word beside it; colour only repeats what is said."""
    _say(console, headline(results), style=STYLES[results.verdict])
    _say(console, place(results), style="dim")
    console.print()
    console.print(_tiers(results))
    compared = against(results)
    if compared is not None:
        _say(console, compared)
    _cases(console, "broken", highlights.broken_total, broken(results, highlights, dataset=dataset))
    others = failing(results, highlights, dataset=dataset)
    _cases(console, failing_title(results), highlights.failed_total, others)
    _errors(console, highlights.errors_total, errors(results, highlights, dataset=dataset))
    if highlights.more:
        console.print()
        _say(console, f"... {highlights.more} more: see {where}")
    now = passing_now(highlights)
    if now is not None:
        console.print()
        _say(console, now[0])
        _command(console, "hold it", now[1], indent="  ")
    found = notes(results)
    if found:
        console.print()
        for note in found:
            _say(console, note, first="- ")


def _tiers(results: Results) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("tier", "passed", "rate"):
        table.add_column(name, justify="left" if name == "tier" else "right", no_wrap=True)
    for name in ("interval", "gate", "verdict"):
        table.add_column(name, no_wrap=True)
    table.add_column("")
    for row in tier_rows(results):
        verdict = Text(row.verdict, style=STYLES.get(row.verdict.partition(" ")[2], ""))
        table.add_row(row.tier, row.passed, row.rate, row.interval, row.gate, verdict, row.more)
    return table


def _cases(console: Console, title: str, total: int, cases: Sequence[Failing]) -> None:
    if not cases:
        return
    console.print()
    _say(console, f"{title} ({total})")
    for case in cases:
        _say(console, f"{case.id}   {case.tier}   {case.what}", indent="  ", style="bold")
        for reason in case.lost:
            _say(console, reason, indent="    ", lines=LINES_A_REASON)
        for sign, text in case.changes:
            style = CHANGES[sign]
            _say(
                console, text, indent="      ", first=f"{sign} ", style=style, lines=LINES_A_CHANGE
            )
        _command(console, "again", case.again)


def _errors(console: Console, total: int, found: Sequence[Errors]) -> None:
    if not found:
        return
    console.print()
    _say(console, f"errors ({total})")
    for error in found:
        ids = ", ".join(error.ids)
        more = f" and {error.count - len(error.ids)} more" if error.count > len(error.ids) else ""
        _say(console, error.error, indent="  ", style="bold", lines=LINES_A_REASON)
        _say(console, f"{ids}{more}", indent="    ")
        _command(console, "again", error.again)


def _command(console: Console, what: str, command: str, *, indent: str = "    ") -> None:
    """Never wrapped: it is there to be copied."""
    console.print(Text(f"{indent}{what}: {command}", style="dim"), soft_wrap=True)


def _say(
    console: Console,
    text: str,
    *,
    indent: str = "",
    first: str = "",
    style: str = "",
    lines: int | None = None,
) -> None:
    """`text` filled to the width, further lines under its first letter; `lines` at most, then
    an ellipsis.
    """
    shown, width = visible(text), max(console.width, 20)
    # textwrap counts letters: where some take two cells, half as many are sure to fit.
    wrapped = textwrap.wrap(
        shown,
        width if cells(shown) <= len(shown) else width // 2,
        initial_indent=indent + first,
        subsequent_indent=indent + " " * len(first),
        max_lines=lines,
        placeholder=" …",
        break_on_hyphens=False,
    )
    for line in wrapped:
        console.print(Text(for_github_log(line), style=style), soft_wrap=True)
