"""Draws a drift report for the terminal: the state first, then where, then what to do."""

from __future__ import annotations

from rich.console import Console

from labeltool.model.drift import Drift


def draw_drift(console: Console, found: Drift) -> None:
    console.print(found.state)
