"""A comparison as the JSON document `labeltool/compare@1`, and in words."""

from __future__ import annotations

from typing import Any

from labeltool.rules.compared import Compared, Entry
from labeltool.rules.matrix import UNITS, Measure

SCHEMA = "labeltool/compare@1"
PLACES = 6


def document(found: Compared) -> dict[str, Any]:
    """Plain values; what is undefined is null, with a `why` beside it."""
    head = found.entries[0].candidate.head
    return {
        "schema": SCHEMA,
        "dataset": head.dataset,
        "rubric": head.rubric,
        "scores": head.scores,
        "judge": {"name": head.judge.name, "trust": head.judge.trust, "untrusted": found.untrusted},
        "cases": len(found.paired.ids),
        "seed": found.seed,
        "weights": {row.key: round(found.weight(row), PLACES) for row in found.measures},
        "rows": {
            row.key: {"weight": row.weight, "target": row.target, "limit": row.limit}
            for row in found.measures
        },
        "not_counted": {key: dict(whys) for key, whys in found.aside.items()},
        "systems": {entry.name: _system(found, entry) for entry in found.entries},
        "winner": found.winner,
        "winner_why": None if found.winner else "every system is ruled out",
        "gaps": [
            {
                "first": found.ranked[gap.first],
                "second": found.ranked[gap.second],
                "difference": round(gap.difference, PLACES),
                "interval": _pair(gap.interval),
                "within_noise": gap.interval[0] <= 0,
                "more_cases": gap.more_cases,
            }
            for gap in found.gaps
        ],
        "sensitivity": [
            {
                "criterion": found.measures[flip.row].key,
                "weight": round(flip.weight, PLACES),
                "flips_at": round(flip.flips_at, PLACES),
                "to": found.ranked[flip.to],
            }
            for flip in found.flips
        ],
        "differ": [
            {"case": id, "passes": list(passes), "fails": list(fails)}
            for id, passes, fails in found.differ
        ],
        "notices": list(found.notices),
    }


def _system(found: Compared, entry: Entry) -> dict[str, Any]:
    standing, candidate = entry.standing, entry.candidate
    return {
        "run_id": candidate.head.run_id,
        "fingerprint": candidate.head.system.fingerprint,
        "values": {key: _number(value) for key, value in entry.values.items()},
        "values_why": {
            key: whys[entry.name] for key, whys in found.aside.items() if entry.name in whys
        },
        "score": None if standing is None else round(standing.total, PLACES),
        "interval": None if standing is None else _pair(standing.interval),
        "p_best": None if standing is None else round(standing.p_best, PLACES),
        "excluded": entry.excluded,
        "concurrency": candidate.concurrency,
        "judge_cost_per_1k": _number(candidate.judge_per_1k),
    }


def _pair(interval: tuple[float, float]) -> list[float]:
    return [round(edge, PLACES) for edge in interval]


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def shown(measure: Measure, value: float | None) -> str:
    """A value as people read it: 0.82, 412 ms, 0.31 USD."""
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
    standing = found.entry(found.winner).standing
    if standing is None or not found.gaps:
        return f"{found.winner}: the only system that is not ruled out."
    nearest = min(found.gaps, key=lambda gap: gap.difference)
    rival = found.ranked[nearest.second]
    low, high = nearest.interval
    lead = f"{found.winner} leads {rival} by {nearest.difference:.3f} [{low:.3f} {high:.3f}]"
    chance = f"best in {standing.p_best:.0%} of resamples"
    if low > 0:
        return f"{lead}, {chance}."
    if nearest.more_cases is None:
        return f"{lead}, {chance}: within noise, and more cases would not part them."
    return (
        f"{lead}, {chance}: within noise; about {nearest.more_cases:,} more cases "
        "like these would settle it."
    )


def sensitivities(found: Compared) -> list[str]:
    """For which weights the winner changes, nearest first."""
    lines = []
    for flip in found.flips:
        row, to = found.measures[flip.row].key, found.ranked[flip.to]
        than = "more" if flip.flips_at > flip.weight else "less"
        lines.append(
            f"{found.winner} wins unless {row} weighs {than} than {flip.flips_at:.2f} "
            f"(now {flip.weight:.2f}): then {to}"
        )
    if not lines and found.winner is not None and len(found.ranked) > 1:
        lines.append(f"{found.winner} wins whatever the weights")
    return lines
