"""Draws results for the terminal: the verdict first, then tiers, then what failed and why."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.model.result import Results
from labeltool.report.text import (
    Errors,
    Failing,
    Highlights,
    errors,
    failing,
    headline,
    notes,
    place,
    tier_rows,
)
from labeltool.safe_text import for_github_log, visible

STYLES = {"pass": "green", "fail": "bold red", "inconclusive": "yellow", "incomplete": "yellow"}
LINES_A_REASON = 3


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
    found = notes(results)
    if found:
        console.print()
        for note in found:
            _say(console, note, indent="  ", first="- ")
    failed = failing(results, highlights, dataset=dataset)
    if failed:
        console.print()
        _say(console, f"failed ({highlights.failed_total})")
        for case in failed:
            _case(console, case)
    broken = errors(results, highlights, dataset=dataset)
    if broken:
        console.print()
        _say(console, f"errors ({highlights.errors_total})")
        for error in broken:
            _error(console, error)
    if highlights.more:
        console.print()
        _say(console, f"... {highlights.more} more: see {where}")
    if highlights.fixed:
        shown = ", ".join(highlights.fixed[:5])
        more = f" and {len(highlights.fixed) - 5} more" if len(highlights.fixed) > 5 else ""
        console.print()
        _say(console, f"open, and passing now: {shown}{more}. Set `status: active` to hold it.")


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


def _case(console: Console, case: Failing) -> None:
    _say(console, f"{case.id}   {case.tier}   {case.what}", indent="  ", style="bold")
    for reason in case.lost:
        _say(console, reason, indent="    ", lines=LINES_A_REASON)
    _again(console, case.again)


def _error(console: Console, error: Errors) -> None:
    ids = ", ".join(error.ids)
    more = f" and {error.count - len(error.ids)} more" if error.count > len(error.ids) else ""
    _say(console, error.error, indent="  ", style="bold", lines=LINES_A_REASON)
    _say(console, f"{ids}{more}", indent="    ")
    _again(console, error.again)


def _again(console: Console, command: str) -> None:
    """Never wrapped: it is there to be copied."""
    console.print(Text(f"    again: {command}", style="dim"), soft_wrap=True)


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
    wrapped = textwrap.wrap(
        visible(text),
        max(console.width, 20),
        initial_indent=indent + first,
        subsequent_indent=indent + " " * len(first),
        max_lines=lines,
        placeholder=" …",
        break_on_hyphens=False,
    )
    for line in wrapped:
        console.print(Text(for_github_log(line), style=style), soft_wrap=True)
