"""Draws a comparison of two systems for the terminal: the answer first, then what it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labeltool.rules.pairwise import Duel, Tally, by_tag, verdict
from labeltool.safe_text import for_github_log, one_line

if TYPE_CHECKING:
    from labeltool.commands.pairwise import Compared
    from labeltool.commands.pairwise_calibrate import PairCalibrated

SHOWN = 5
LONGEST_NAME = 16
MOST_TAGS = 10
LEAST_OF_TAG = 5
"""Pairs; --json has every tag."""


def draw(console: Console, found: Compared) -> None:
    counts = found.tally
    if found.not_run:
        _say(console, f"stopped: {found.not_run} pairs were not decided", style="yellow")
    _say(console, verdict(found.a, found.b, counts), style="bold")
    console.print()
    console.print(_table(found, counts))
    console.print()
    for line in _lines(found, counts):
        _say(console, line, first="- ")
    for name, side in ((found.a, "a"), (found.b, "b")):
        _wins(console, name, [duel for duel in found.duels if duel.side == side])
    _errors(console, found)


def draw_calibration(console: Console, found: PairCalibrated) -> None:
    """How far the judge chooses as people do, and what that is worth."""
    figures, compared = found.figures, found.compared
    trusted = "may be trusted" if figures.trusted else "may not be trusted"
    pair = f"{compared.a} and {compared.b}"
    name = compared.judge.name
    lead = f"judge {name} {trusted} to choose between outputs: {figures.reason}"
    _say(console, lead, style="bold green" if figures.trusted else "bold")
    console.print()
    low, high = figures.interval or (None, None)
    rows = [
        ("agrees with people", figures.agreement, "" if low is None else f"[{low:.2f} {high:.2f}]"),
        ("where both take a side", figures.decided_agreement, f"of {figures.decided}"),
        ("kappa", figures.kappa, ""),
        ("always the same answer", figures.constant_agreement, ""),
        ("people with each other", figures.human_agreement, f"of {found.people.pairs[1]}"),
        ("flips", figures.flip_rate, "the order decides"),
        ("takes what stands first", figures.first_share, "0.50 is unbiased"),
    ]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for what, value, more in rows:
        table.add_row(what, Text(_number(value)), Text(more, style="dim"))
    console.print(table)
    console.print()
    _say(console, f"measured on {figures.n} pairs of {pair}, {compared.rubric.ref}", first="- ")
    if found.people.unsettled:
        many = len(found.people.unsettled)
        _say(console, f"left out: {_many(many, 'pair')} that people differ on", first="- ")
    if figures.errors:
        _say(console, f"no verdict: {_many(figures.errors, 'pair')}", first="- ")
    where = "says the same already" if found.commit is None else f"committed {found.commit[:7]}"
    _say(console, f"{found.path} · {where}")


def _table(found: Compared, counts: Tally) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    heads = ("", found.a, found.b, "tie", "flip", "n", "win rate", "95%")
    for at, head in enumerate(heads):
        table.add_column(_safe(_name(head)), justify="left" if not at else "right", no_wrap=True)
    table.add_row(Text("all"), *_cells(counts))
    for tag, one in _tags(found.duels):
        table.add_row(_safe(_name(tag)), *_cells(one))
    return table


def _tags(duels: Sequence[Duel]) -> list[tuple[str, Tally]]:
    """The largest, as far as they are large enough to say something."""
    found = [(tag, one) for tag, one in by_tag(duels).items() if one.n >= LEAST_OF_TAG]
    return sorted(found, key=lambda one: -one[1].n)[:MOST_TAGS]


def _cells(counts: Tally) -> list[str]:
    low, high = counts.interval or (None, None)
    return [
        str(counts.wins_a),
        str(counts.wins_b),
        str(counts.ties),
        str(counts.flips),
        str(counts.n),
        _number(counts.win_rate),
        "" if low is None else f"[{low:.2f} {high:.2f}]",
    ]


def _lines(found: Compared, counts: Tally) -> list[str]:
    lines = [found.judge.line()]
    if counts.n:
        flips = f"flips: {counts.flips} of {counts.n} ({counts.flip_rate:.2f})"
        lines.append(f"{flips}: the order decided, so they count as ties")
    if counts.first_share is not None and counts.first_interval is not None:
        low, high = counts.first_interval
        share = f"{counts.first_share:.2f} [{low:.2f} {high:.2f}]"
        lines.append(f"position: what stood first was taken in {share}; 0.50 is unbiased")
    if counts.same:
        lines.append(f"{counts.same} of the ties: the very same text, nobody was asked")
    for name, missing in found.missing.items():
        lines.append(f"left out: {_many(missing, 'case')} without an output of {name}")
    if found.people is not None and found.people.choices:
        lines.append(_people(found))
    if found.calls.live or found.calls.cached:
        usd = "price not known" if found.usd is None else f"{found.usd:.2f} USD"
        cached = f", {found.calls.cached} replies kept from before" if found.calls.cached else ""
        lines.append(f"{_many(found.calls.live, 'call')}, {usd}{cached}")
    return lines


def _people(found: Compared) -> str:
    assert found.people is not None
    counts = ", ".join(f"{name} {n}" for name, n in found.people.counts.items())
    same, of = found.people.pairs
    line = f"people's choices: {counts}"
    if of:
        line += f"; they agree on {same} of {of}"
    return f"{line}; --calibrate holds the judge against them"


def _wins(console: Console, name: str, duels: list[Duel]) -> None:
    if not duels:
        return
    console.print()
    _say(console, f"{name} wins ({len(duels)})", style="bold")
    for duel in duels[:SHOWN]:
        why = duel.forward.rationale if duel.forward else ""
        _say(console, f"{duel.case}  {why}", indent="  ", lines=2)
    if len(duels) > SHOWN:
        _say(console, f"... {len(duels) - SHOWN} more: --json has all", indent="  ")


def _errors(console: Console, found: Compared) -> None:
    failed = [duel for duel in found.duels if duel.error is not None]
    if not failed:
        return
    console.print()
    _say(console, f"no verdict ({len(failed)}), not counted", style="bold")
    for duel in failed[:SHOWN]:
        _say(console, f"{duel.case}  {duel.error}", indent="  ", lines=2)
    if len(failed) > SHOWN:
        _say(console, f"... {len(failed) - SHOWN} more: --json has all", indent="  ")


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _name(text: str) -> str:
    return one_line(text, LONGEST_NAME)


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
        subsequent_indent=indent + " " * max(len(first), 2 if indent else 0),
        max_lines=lines,
        placeholder=" …",
        break_on_hyphens=False,
    )
    for line in wrapped:
        console.print(Text(for_github_log(line), style=style), soft_wrap=True)
