"""Draws a rubric, and two versions side by side, for the terminal."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.commands.rubric import Compared, Edition
from labeltool.model.rubric import Change, Criterion
from labeltool.rules.rubric_diff import CriterionChange, FieldChange
from labeltool.safe_text import for_github_log, one_line

SIGNS = {"added": "+", "removed": "-", "changed": "~"}
STYLES = {"added": "green", "removed": "red", "changed": "yellow"}


def draw_rubric(console: Console, found: Edition) -> None:
    """The numbers as a table, then each criterion with its levels, then the changelog."""
    rubric = found.rubric
    _say(console, f"{rubric.ref}   an output passes at {rubric.pass_mark:g}", style="bold")
    if rubric.task:
        _say(console, rubric.task)
    if found.commit:
        _say(console, f"as commit {found.commit[:7]} has it", style="dim")
    console.print()
    console.print(_table(found))
    if any(one.required for one in rubric.criteria):
        _say(console, "* required: an output under its `pass at` fails", style="dim")
    for criterion in rubric.criteria:
        console.print()
        _say(console, f"{criterion.id}   {criterion.text}", style="bold")
        if _more(criterion):
            _say(console, _more(criterion), first="  ", style="dim")
        for level in criterion.scale:
            if level in criterion.levels:
                _say(console, criterion.levels[level], first=f"  {level}  ")
    if rubric.changelog:
        console.print()
        _changelog(console, tuple(sorted(rubric.changelog, key=lambda one: -one.version)))


def _table(found: Edition) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("criterion", no_wrap=True, overflow="ellipsis")
    for name in ("scale", "pass at", "weight", "share"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("kind", "graded by"):
        table.add_column(name, no_wrap=True)
    shares = found.shares
    for one in found.rubric.criteria:
        table.add_row(
            one.id + ("*" if one.required else ""),
            f"{one.min}-{one.max}",
            str(one.met_at),
            f"{one.weight:g}",
            f"{shares[one.id]:.0%}",
            one.kind,
            Text(graded_by(one)),
        )
    return table


def graded_by(criterion: Criterion) -> str:
    if criterion.check is not None:
        value = "" if criterion.check.value is None else f" {criterion.check.value}"
        return one_line(f"check {criterion.check.name}{value}", 30)
    return "people only" if criterion.grader == "human" else "people, judge"


def _more(criterion: Criterion) -> str:
    words = []
    if criterion.tolerance:
        words.append(f"labels {criterion.tolerance} apart still agree")
    if criterion.na:
        words.append("na (not applicable) is an answer")
    return "; ".join(words)


def draw_diff(console: Console, found: Compared) -> None:
    """Every change with a sign and a word; before over after."""
    before, after = found.before.rubric, found.after.rubric
    _say(console, f"{before.ref} → {after.ref}", style="bold")
    if not found.diff:
        _say(console, "the criteria are the same in both")
    for field in found.diff.fields:
        console.print()
        _field(console, field)
    for change in found.diff.criteria:
        console.print()
        _criterion(console, change, after.criterion(change.id) or before.criterion(change.id))
    if found.changelog:
        console.print()
        _changelog(console, found.changelog)


def _criterion(console: Console, change: CriterionChange, criterion: Criterion | None) -> None:
    asked = ", its labels are asked again" if change.asked_again else ""
    head = f"{change.id}   {change.what}{asked}"
    _say(console, head, first=f"{SIGNS[change.what]} ", style=f"bold {STYLES[change.what]}")
    if change.what != "changed" and criterion is not None:
        _say(console, criterion.text, first="    ")
        for level, text in sorted(criterion.levels.items()):
            _say(console, text, first=f"    {level}  ")
    for field in change.fields:
        _field(console, field, indent="    ")
    if change.what == "changed" and not change.fields:
        _say(console, "its words are the same", first="    ", style="dim")


def _field(console: Console, field: FieldChange, indent: str = "") -> None:
    _say(console, field.field.replace("levels.", "level "), first=indent)
    if field.before is not None:
        _say(console, shown(field.before), first=f"{indent}  - ", style="red")
    if field.after is not None:
        _say(console, shown(field.after), first=f"{indent}  + ", style="green")


def shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changelog(console: Console, changes: tuple[Change, ...]) -> None:
    _say(console, "changelog", style="dim")
    for change in changes:
        date = f" {change.date}" if change.date else ""
        about = ", ".join(change.changed) or "no labels go stale"
        cases = f" (cases: {', '.join(change.cases)})" if change.cases else ""
        _say(console, f"{about}: {change.reason or 'no reason given'}{cases}",
             first=f"  {change.version}{date}  ")  # fmt: skip


def _say(console: Console, text: str, *, first: str = "", style: str = "") -> None:
    """`text` filled to the width, further lines under its first letter."""
    wrapped = textwrap.wrap(
        one_line(text),
        max(console.width, len(first) + 20),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )
    for line in wrapped:
        console.print(Text(for_github_log(line), style=style), soft_wrap=True)
