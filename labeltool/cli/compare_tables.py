"""Draws a comparison for the terminal: the answer, the matrix, what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.report.compare import (
    basis,
    handed_over,
    lost,
    name_of,
    noticed,
    sensitivities,
    shown,
    standing_of,
    verdict,
    weight_of,
    within_noise,
)
from labeltool.rules.compared import Compared, Entry
from labeltool.rules.matrix import Measure
from labeltool.safe_text import for_github_log, one_line
from labeltool.stats.tradeoff import Stretch

SIDE_BY_SIDE = 4
"""So many systems have a column each; of more, each has a line."""
NAME, SPAN, BAR = 22, 20, 40
DIFFER, TAGS = 6, 6


def draw_compared(console: Console, found: Compared) -> None:
    """The answer first; then how it came about."""
    _say(console, verdict(found), style="bold")
    close = within_noise(found)
    if len(found.ranked) > 2 and close:
        _say(console, f"Not told apart from it: {', '.join(close)}.")
    _say(console, basis(found), style="yellow" if found.untrusted else "")
    console.print()
    if len(found.entries) <= SIDE_BY_SIDE:
        console.print(_matrix(found))
    else:
        console.print(_lines(found))
    console.print()
    _say(console, "What would change it", style="bold")
    _bars(console, found)
    for line in sensitivities(found):
        _say(console, f"- {line}")
    for line in noticed(found):
        _say(console, f"- {line}")
    _differ(console, found)


def _matrix(found: Compared) -> Table:
    """Rows of the matrix as lines, systems as columns, the best first."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    entries = found.by_total
    table.add_column("criterion")
    table.add_column("weight", justify="right")
    for entry in entries:
        table.add_column(_safe(entry.name, NAME), justify="right", overflow="fold")
    for row in found.rows:
        values = [_safe(shown(row, entry.values.get(row.key))) for entry in entries]
        style = "" if row in found.measures else "dim"
        table.add_row(_safe(name_of(found, row)), weight_of(found, row), *values, style=style)
    totals, intervals, shares = zip(*map(standing_of, entries), strict=True)
    table.add_section()
    table.add_row("total", "", *totals, style="bold")
    table.add_row("95%", "", *intervals)
    table.add_row("best in", "", *shares)
    return table


def _lines(found: Compared) -> Table:
    """A system a line, the best first."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("system", overflow="fold")
    table.add_column("total", justify="right")
    table.add_column("95%", no_wrap=True)
    table.add_column("best", justify="right")
    for row in found.measures:
        head = Text.assemble(_safe(name_of(found, row)), f"\n{weight_of(found, row)}")
        table.add_column(head, justify="right", overflow="fold")
    for entry in found.by_total:
        total, _, best = standing_of(entry)
        values = [_safe(shown(row, entry.values.get(row.key))) for row in found.measures]
        style = "" if entry.standing else "dim"
        table.add_row(_safe(entry.name, NAME), total, _span(entry), best, *values, style=style)
    return table


def _span(entry: Entry) -> Text:
    """The interval on the scale of 0..1, the total in it."""
    if entry.standing is None:
        return Text("ruled out")
    low, high = entry.standing.interval
    first, at, last = (round(edge * (SPAN - 1)) for edge in (low, entry.standing.total, high))
    cells = ["─" if first <= n <= last else "·" for n in range(SPAN)]
    cells[at] = "●"
    return Text("".join(cells))


def _bars(console: Console, found: Compared) -> None:
    """Who wins at which weight of a row, where that is not always the same system."""
    turning = [
        (row, stretches)
        for row, stretches in zip(found.measures, found.stretches, strict=False)
        if len(stretches) > 1
    ]
    if not turning:
        return
    winners = sorted({one.system for _, stretches in turning for one in stretches})
    letters = {system: ascii_uppercase[n % 26] for n, system in enumerate(winners)}
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("")
    table.add_column("", no_wrap=True)
    for row, stretches in turning:
        table.add_row(_safe(row.key), _bar(found, row, stretches, letters))
    legend = ", ".join(f"{letter} {found.ranked[system]}" for system, letter in letters.items())
    table.add_row("", _safe(f"weight 0 to 1; ● now; wins there: {legend}"), style="dim")
    console.print(table)


def _bar(
    found: Compared, row: Measure, stretches: Sequence[Stretch], letters: dict[int, str]
) -> Text:
    cells = [
        next(letters[s.system] for s in stretches if (n + 0.5) / BAR <= s.end + 1e-9)
        for n in range(BAR)
    ]
    cells[min(BAR - 1, int(found.weight(row) * BAR))] = "●"
    return Text(f"0 {''.join(cells)} 1")


def _differ(console: Console, found: Compared) -> None:
    if not found.differ:
        return
    console.print()
    count = len(found.differ)
    of = f"{count:,} of {len(found.paired.ids):,} cases"
    _say(console, f"They part on {of}", style="bold")
    if found.splits:
        said = ", ".join(
            f"{one.tag} {one.first}:{one.second} of {one.cases}" for one in found.splits[:TAGS]
        )
        _say(console, f"- only {found.winner} : only {found.rival} passes, by tag: {said}")
    for id, passes, fails in lost(found)[:DIFFER]:
        _say(console, f"- {id}: {_pass(passes)}, {_pass(fails, 'fail')}")
    if count > DIFFER:
        _say(console, f"  and {count - DIFFER:,} more: --json lists them")
    command = handed_over(found)
    if command is not None:
        _say(console, "- let people choose, without knowing which is which:")
        console.print(_safe(f"  {command}"), soft_wrap=True)


def _pass(names: Sequence[str], word: str = "pass") -> str:
    """`a passes`, `a and b pass`."""
    said = " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
    return f"{said} {word if len(names) > 1 else {'pass': 'passes', 'fail': 'fails'}[word]}"


def _say(console: Console, text: str, *, style: str = "") -> None:
    console.print(_safe(text), style=style)


def _safe(text: str, width: int | None = None) -> Text:
    return Text(for_github_log(one_line(text, width)))
