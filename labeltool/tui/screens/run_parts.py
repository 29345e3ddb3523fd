"""What the screen of one run writes: its cases, and what changed sides. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content

from labeltool.commands.runs_cases import SIDES, STATES, CaseRow, Side, SideBySide, State
from labeltool.safe_text import one_line
from labeltool.tui.screens.runs_parts import GAP, counted, p_words
from labeltool.tui.widgets.text import Line

ROOMY = 90
"""Cells from which what changed sides is said in words."""
STATE_SIGNS: dict[State, tuple[str, str]] = {
    "failed": ("✗", "$bad"),
    "error": ("!", "$needs"),
    "flaky": ("~", "$needs"),
    "open, passes": ("+", "$good"),
    "open": ("○", "$quiet"),
    "passed": ("✓", "$good"),
}
SIDE_SIGNS: dict[Side, tuple[str, str]] = {
    "broken": ("▼ broken", "$bad"),
    "fixed": ("▲ fixed", "$good"),
    "no verdict": ("? error", "$needs"),
    "edited": ("≠ edited", "$needs"),
    "only here": ("+ only here", "$quiet"),
    "only there": ("- only there", "$quiet"),
    "same": ("= same", "$quiet"),
}


def beside_line(beside: SideBySide, name: str) -> Line:
    """`against lead 93b5cb: ▼ 3 broken  ▲ 1 fixed  79 same  (p 0.62)`."""
    counts = beside.counts
    text = Content.assemble(
        (f"against {one_line(name, 30)}: ", "$quiet"),
        *counted(counts["broken"], counts["fixed"]),
        (f"{GAP}{counts['same']:,} same", "$quiet"),
    )
    for side in SIDES:
        if side not in ("broken", "fixed", "same") and counts[side]:
            text += Content.styled(f"{GAP}{counts[side]:,} {side}", "$quiet")
    return Line(text + Content.styled(p_words(beside.p_value), "$quiet"))


def doubt_lines(doubts: Sequence[str]) -> list[Line]:
    return [
        Line(Content.styled(one_line(one), "$needs"), Content.styled("! ", "$needs"), 2)
        for one in doubts
    ]


def case_row(row: CaseRow, widths: tuple[int, int], width: int) -> Content:
    """`✗ failed  0001-parcel   golden  0.71  ▼ broken  action_items 1`."""
    sign, style = STATE_SIGNS[row.state]
    ids, sides = widths
    line = Content.assemble((f"{sign} ", f"bold {style}"), one_line(row.id, ids))
    line = line.pad_right(max(0, ids + 2 - line.cell_length))
    line += Content.styled(f"  {row.tier:<11}", "$quiet")
    line += Content("     –" if row.score is None else f"  {row.score:.2f}")
    if sides:
        word, side_style = SIDE_SIGNS[row.side] if row.side else ("", "")
        line += Content.styled(f"  {word[:sides]:<{sides}}", side_style)
    said = row.lost or ("" if row.state in ("passed", "failed") else row.state)
    if row.state in ("flaky", "open", "open, passes") and row.lost:
        said = f"{row.state}: {row.lost}"
    room = width - line.cell_length - 2
    return line + Content.styled(f"  {one_line(said, room)}" if room > 4 else "", "$quiet")


def case_widths(rows: Sequence[CaseRow], width: int) -> tuple[int, int]:
    """Cells for ids, and for what changed sides; of the rows at hand."""
    some = rows[:500]
    ids = max((len(row.id) for row in some), default=8)
    sides = max((len(SIDE_SIGNS[row.side][0]) for row in some if row.side), default=0)
    if width < ROOMY:
        sides = min(sides, 1)  # the sign alone: the line above the list says what it means
    return min(ids, max(16, width - 46 - sides)), sides


def state_counts(rows: Iterable[CaseRow]) -> str:
    """`26 failed, 1 error`: what does not pass, the gravest first."""
    counts: dict[State, int] = dict.fromkeys(STATES, 0)
    for row in rows:
        counts[row.state] += 1
    return ", ".join(f"{counts[one]:,} {one}" for one in STATES if counts[one])


def wanted(text: str) -> Callable[[CaseRow], bool]:
    """Whether a row is one of those asked for: every word stands in its id, its tags or what it
    lost; `tier:`, `tag:`, `state:` and `side:` ask how that begins.
    """
    words = text.lower().split()

    def holds(row: CaseRow) -> bool:
        told = f"{row.id} {row.lost} {' '.join(row.tags)}".lower()
        fields = {
            "tier": (row.tier,),
            "state": (row.state,),
            "side": (row.side or "",),
            "tag": row.tags,
        }
        for word in words:
            field, colon, start = word.partition(":")
            if colon and field in fields:
                if not any(one.lower().startswith(start) for one in fields[field]):
                    return False
            elif word not in told:
                return False
        return True

    return holds


def hints(rows: Sequence[CaseRow]) -> list[Line]:
    """What one may filter by, from the cases at hand."""
    some = rows[:5000]
    found = (
        ("tier:", dict.fromkeys(row.tier for row in some)),
        ("state:", dict.fromkeys(row.state.partition(",")[0] for row in some)),
        ("side:", dict.fromkeys(row.side for row in some if row.side)),
        ("tag:", dict.fromkeys(tag for row in some for tag in row.tags)),
    )
    lines = []
    for word, names in found:
        shown = ", ".join(list(names)[:12]) + (", …" if len(names) > 12 else "")
        if names:
            gutter = Content.styled(word, "bold $focus")
            lines.append(Line(Content(one_line(shown)), gutter, 8))
    return lines
