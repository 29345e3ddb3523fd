"""Draws which criteria hold, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.rules.stage import Standing
from labeltool.safe_text import for_github_log, one_line


def draw_holds(console: Console, criteria: Mapping[str, Standing]) -> None:
    """One row a criterion; a sign and a word say whether it holds."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("criterion", no_wrap=True, overflow="ellipsis")
    table.add_column("alpha", justify="right", no_wrap=True)
    table.add_column("agreement", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("why", overflow="fold")
    for id, one in criteria.items():
        sign, style = ("✓ holds", "green") if one.holds else ("✗ does not hold", "yellow")
        table.add_row(
            _safe(id),
            _number(one.alpha),
            _number(one.agreement),
            Text(sign, style=style),
            _safe(one.why),
        )
    console.print(table)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _safe(text: str) -> Text:
    return Text(for_github_log(one_line(text)))
