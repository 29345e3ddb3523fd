"""Draws a drift report for the terminal: the state first, then where, then what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.model.drift import Anomaly, Drift, DriftPoint, FeedbackRow
from labeltool.report.drift import growth, headline, measures, next_step, rating, spark, standing
from labeltool.safe_text import for_github_log, one_line

STYLES = {"ok": "green", "alert": "bold red", "insufficient": "yellow"}
SIGNS = {"ok": "\u2713", "alert": "\u2717", "insufficient": "?"}
CLUSTERS, ROWS, WINDOWS, RUNS = 10, 8, 14, 30

Row = TypeVar("Row", FeedbackRow, Anomaly)


def draw_drift(console: Console, found: Drift, past: Sequence[DriftPoint]) -> None:
    """past: earlier runs, the oldest first."""
    state = f"{SIGNS[found.state]} {found.state.upper()}  {headline(found)}"
    _say(console, state, style=STYLES[found.state])
    for reason in found.reasons:
        _say(console, f"  {reason}")
    console.print()
    table = _table("", "", "")
    for row in measures(found):
        table.add_row(*map(_safe, row))
    console.print(table)
    _over_time(console, found, past)
    _clusters(console, found)
    _quality(console, found)
    for notice in found.notices:
        _say(console, f"- {notice}", style="dim")
    step = next_step(found)
    if step is not None:
        console.print()
        _say(console, f"next: {step}")


def _over_time(console: Console, found: Drift, past: Sequence[DriftPoint]) -> None:
    windows = found.windows[-WINDOWS:]
    if len(windows) > 1:
        console.print()
        _say(console, f"by {found.window}, {windows[0].window} to {windows[-1].window}", "bold")
        _say(console, f"  distance   {spark([one.centroid_distance for one in windows])}")
        _say(console, f"  uncovered  {spark([one.uncovered for one in windows])}")
        marks = "".join("!" if one.alert else "o" if one.over else "." for one in windows)
        _say(console, f"  over       {marks}   (! two in a row, o one)")
    if past:
        distances = [*(one.centroid_distance for one in past), found.centroid_distance]
        shares = [*(one.uncovered for one in past), found.uncovered.share]
        console.print()
        _say(console, f"runs since {past[-RUNS:][0].date}, and this one", "bold")
        _say(console, f"  distance   {spark(distances[-RUNS:])}")
        _say(console, f"  uncovered  {spark(shares[-RUNS:])}")


def _clusters(console: Console, found: Drift) -> None:
    if not found.clusters:
        return
    console.print()
    _say(console, "Asked, and no case is near", "bold")
    for one in found.clusters[:CLUSTERS]:
        facts = [f"{one.size:,} records, {one.share:.1%}", growth(one), standing(one)]
        if one.negative_rate is not None:
            facts.append(f"{one.negative_rate:.0%} of the feedback is negative")
        known = "" if one.known else "  (new)"
        _say(console, f"  {one.id}{known}", "cyan" if one.scope != "out" else "dim")
        _say(console, f"    {'; '.join(fact for fact in facts if fact)}")
        for example in one.examples:
            _say(console, f"    > {one_line(example, console.width - 8)}", "dim")
    left = len(found.clusters) - CLUSTERS
    if left > 0:
        _say(console, f"  and {left} more: --json lists them", "dim")


def _quality(console: Console, found: Drift) -> None:
    console.print()
    _say(console, f"Feedback: {found.feedback.state}", "bold")
    if found.feedback.why:
        _say(console, f"  {found.feedback.why}")
    for row in _first(found.feedback.rows):
        at = f" in {row.window}" if row.window else ""
        _say(console, f"  {_mark(row.alert)} {row.cluster}{at}: {rating(row)}")
    _say(console, f"Outputs: {found.anomalies.state}", "bold")
    if found.anomalies.why:
        _say(console, f"  {found.anomalies.why}")
    for odd in _first(found.anomalies.rows):
        at = f" in {odd.window}" if odd.window else ""
        before = "" if odd.baseline_rate is None else f", {odd.baseline_rate:.1%} before"
        change = f"; lines up with {odd.lines_up_with}" if odd.lines_up_with else ""
        told = f"{odd.kind}{at}: {odd.rate:.1%} of {odd.n:,}{before}{change}"
        _say(console, f"  {_mark(odd.alert)} {told}")


def _first(rows: Sequence[Row]) -> Sequence[Row]:
    """What alerts; where nothing does, only that it was looked at."""
    return [row for row in rows if row.alert][:ROWS]


def _mark(alert: bool) -> str:
    return SIGNS["alert"] if alert else " "


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(titles), header_style="dim")
    for title in titles:
        table.add_column(title)
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(_safe(text), style=style)


def _safe(text: str) -> Text:
    return Text(for_github_log(one_line(text)))
