"""A comparison in words: which system, how sure we are, and what would change that. Computes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from labeltool.rules.candidates import regression_bound
from labeltool.rules.compared import Compared, Entry, Unmeasured
from labeltool.rules.matrix import REGRESSION, UNITS, Measure

NAMED = 4


def shown(measure: Measure, value: float | None) -> str:
    """A value as people read it: 0.820, 412 ms, 0.31 USD."""
    if value is None:
        return "-"
    unit = UNITS.get(measure.key)
    if unit is None:
        return f"{value:.3f}"
    return f"{value:,.0f} {unit}" if unit == "ms" else f"{value:.3g} {unit}"


def verdict(found: Compared) -> str:
    """Which system, and how sure: one or two sentences."""
    if found.winner is None:
        return "No system is left: each is ruled out."
    winner = found.entry(found.winner)
    if winner.standing is None or found.rival is None:
        return f"{found.winner}: the only system that is not ruled out."
    gap = next(one for one in found.gaps if found.ranked[one.second] == found.rival)
    low, high = gap.interval
    lead = (
        f"{found.winner} leads {found.rival}, {winner.standing.total:.3f} against "
        f"{found.entry(found.rival).total or 0:.3f}: by {gap.difference:.3f} [{low:.3f} {high:.3f}]"
    )
    chance = f"best in {percent(winner.standing.p_best)} of resamples"
    if low > 0:
        return f"{lead}, {chance}."
    if gap.more_cases is None:
        return f"{lead}, {chance}. That is within noise, and more cases would not part them."
    return (
        f"{lead}, {chance}. That is within noise: about {gap.more_cases:,} more cases like these "
        "would settle it."
    )


def percent(share: float) -> str:
    """100% and 0% only where it is so."""
    if 0.995 <= share < 1:
        return ">99%"
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def within_noise(found: Compared) -> list[str]:
    """Systems that the winner does not lead for sure."""
    return [found.ranked[gap.second] for gap in found.gaps if gap.interval[0] <= 0]


def basis(found: Compared) -> str:
    """What it rests on, and whether that may be trusted."""
    head = found.entries[0].candidate.head
    cases = len(found.paired.ids)
    of = f"{cases:,} case{'s' * (cases != 1)} of {head.dataset}, {head.rubric}"
    if found.is_human:
        return f"On human scores of {of}."
    if not head.judge.trust_by_criterion:
        return f"On {of}, graded by checks."
    if not found.untrusted:
        return f"On {of}; judge {head.judge.name} is trusted with every criterion it grades."
    by_standing: dict[str, list[str]] = {}
    for id, standing in found.untrusted.items():
        by_standing.setdefault(standing, []).append(id)
    said = "; ".join(f"{how} for {', '.join(ids)}" for how, ids in by_standing.items())
    return (
        f"On {of}. Judge {head.judge.name} is {said}: what it says may be its own error. "
        "`labeltool calibrate` measures it, --scores human goes without it."
    )


def noticed(found: Compared) -> Iterator[str]:
    """What a reader should know, a line each: who is ruled out, what does not count, and why."""
    best = None if found.winner is None else found.entry(found.winner).total
    for entry in found.entries:
        if entry.excluded is not None:
            total = ""
            if best is not None and entry.total is not None and entry.total > best:
                total = f" Its total of {entry.total:.3f} would lead."
            yield f"{entry.name} is ruled out: {entry.excluded}.{total}"
    for one in found.aside:
        said = "; ".join(f"{name}: {why}" for name, why in one.missing.items())
        yield f"{one.measure.key} does not count: {said}"
    yield from found.notices
    timed = [e.candidate for e in found.entries if e.candidate.latency_why is None]
    if timed:
        said = ", ".join(f"{c.timed:,} of {c.name}" for c in timed)
        many = sorted({c.concurrency for c in timed})
        at_once = " or ".join(map(str, many))
        yield f"latency: live calls only ({said}), {at_once} at once"


def sensitivities(found: Compared) -> list[str]:
    """What would change the winner: weights, nearest first, and values that nobody has measured."""
    lines = []
    for flip in found.flips:
        row, to = found.measures[flip.row].key, found.ranked[flip.to]
        than = "more" if flip.flips_at > flip.weight else "less"
        lines.append(
            f"{found.winner} wins unless {row} weighs {than} than {flip.flips_at:.2f} "
            f"(now {flip.weight:.2f}): then {to}"
        )
    if not lines and found.winner is not None and len(found.ranked) > 1:
        lines.append(f"{found.winner} wins whatever the weights of these rows")
    if found.winner is not None and len(found.ranked) > 1:
        lines += [_unmeasured(found.winner, one) for one in found.aside]
    return lines


def _unmeasured(winner: str, one: Unmeasured) -> str:
    key, who = one.measure.key, " and ".join(islice(one.missing, NAMED))
    if not one.turns:
        return f"{winner} wins whatever {key} of {who} is"
    if one.breaks_at is None:
        return f"{key} of {who} could turn it: {one.to} could win"
    side = "over" if one.measure.limit > one.measure.target else "under"
    edge = shown(one.measure, one.breaks_at)
    return f"{winner} wins unless its {key} is {side} {edge}: then {one.to}"


def handed_over(found: Compared) -> str | None:
    """The command that lets people decide where the two best part; None where they do not."""
    if found.winner is None or found.rival is None or not found.differ:
        return None
    one, other = (found.entry(n).candidate.head.system.name for n in (found.winner, found.rival))
    return None if one == other else f"labeltool pairwise {one} {other}"


def lost(found: Compared) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The cases where systems part; first those that the winner fails."""
    return sorted(found.differ, key=lambda one: found.winner in one[1])


def standing_of(entry: Entry) -> tuple[str, str, str]:
    """Total, interval, share of resamples it leads."""
    total = "-" if entry.total is None else f"{entry.total:.3f}"
    if entry.standing is None:
        return total, "ruled out", "-"
    low, high = entry.standing.interval
    return total, f"[{low:.3f} {high:.3f}]", percent(entry.standing.p_best)


def weight_of(found: Compared, row: Measure) -> str:
    """Its share of the total; `-` where it does not count."""
    return f"{found.weight(row):.3f}" if row in found.measures else "-"


def name_of(found: Compared, row: Measure) -> str:
    """The row's name, with a word about a judge that has not earned trust there, or what must
    hold.
    """
    family, name = row.family
    if row.key == REGRESSION and not row.weight:
        bounds = sorted({regression_bound(entry.candidate.head) for entry in found.entries})
        return f"{row.key} (must be >= {' or '.join(f'{bound:g}' for bound in bounds)})"
    standing = found.untrusted.get(name) if family == "criterion" else None
    return row.key if standing is None else f"{row.key} (judge {standing})"
