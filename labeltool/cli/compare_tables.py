"""Draws a comparison for the terminal: the answer, the matrix, what would change it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.report.compare import sensitivities, shown, verdict
from labeltool.rules.compared import Compared, Entry
from labeltool.rules.matrix import Measure
from labeltool.safe_text import for_github_log, one_line

BAR = 30
DIFFER = 10


def draw_compared(console: Console, found: Compared) -> None:
    """The answer first; then how it came about."""
    _say(console, verdict(found), style="bold")
    console.print()
    console.print(_matrix(found))
    console.print(_standings(found))
    for entry in found.entries:
        if entry.excluded is not None:
            _say(console, f"- {entry.name} is ruled out: {entry.excluded}")
    for key, whys in found.aside.items():
        said = "; ".join(f"{name}: {why}" for name, why in whys.items())
        _say(console, f"- {key} does not count: {said}")
    for notice in found.notices:
        _say(console, f"- {notice}")
    lines = sensitivities(found)
    if lines:
        console.print()
        _say(console, "What would change it", style="bold")
        for line in lines:
            _say(console, f"- {line}")
    _differ(console, found)


def _matrix(found: Compared) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("criterion")
    table.add_column("weight", justify="right")
    for entry in found.entries:
        table.add_column(_safe(entry.name), justify="right")
    for row in found.measures:
        values = [_safe(shown(row, entry.values[row.key])) for entry in found.entries]
        table.add_row(_key(found, row), f"{found.weight(row):.2f}", *values)
    for key in found.aside:
        row = Measure(key, 0)
        values = [_safe(shown(row, entry.values[key])) for entry in found.entries]
        table.add_row(_safe(key), "-", *values, style="dim")
    return table


def _key(found: Compared, row: Measure) -> Text:
    family, name = row.family
    standing = found.untrusted.get(name) if family == "criterion" else None
    return _safe(row.key if standing is None else f"{row.key} (judge {standing})")


def _standings(found: Compared) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title, side in (("system", "left"), ("total", "right"), ("95%", "left"), ("best", "right")):
        table.add_column(title, justify="right" if side == "right" else "left")
    table.add_column("")
    for entry in sorted(found.entries, key=_order):
        standing = entry.standing
        if standing is None:
            table.add_row(_safe(entry.name), "-", "ruled out", "-", "", style="dim")
            continue
        low, high = standing.interval
        table.add_row(
            _safe(entry.name),
            f"{standing.total:.3f}",
            f"[{low:.3f} {high:.3f}]",
            f"{standing.p_best:.0%}",
            _span(low, standing.total, high),
        )
    return table


def _order(entry: Entry) -> float:
    return 1.0 if entry.standing is None else -entry.standing.total


def _span(low: float, value: float, high: float) -> Text:
    """The interval on the scale of 0..1, the total in it."""
    first, at, last = (round(edge * (BAR - 1)) for edge in (low, value, high))
    cells = ["\u2500" if first <= n <= last else "\u00b7" for n in range(BAR)]
    cells[at] = "\u25cf"
    return Text("".join(cells))


def _differ(console: Console, found: Compared) -> None:
    if not found.differ:
        return
    console.print()
    count = len(found.differ)
    of = f"{count:,} of {len(found.paired.ids):,} cases"
    _say(console, f"They part on {of}", style="bold")
    for id, passes, fails in found.differ[:DIFFER]:
        _say(console, f"- {id}: {', '.join(passes)} passes, {', '.join(fails)} fails")
    if count > DIFFER:
        _say(console, f"  and {count - DIFFER:,} more: --json lists them")


def _say(console: Console, text: str, *, style: str = "") -> None:
    console.print(_safe(text), style=style)


def _safe(text: str) -> Text:
    return Text(for_github_log(one_line(text)))
