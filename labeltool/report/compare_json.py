"""A comparison as the JSON document `labeltool/compare@1`."""

from __future__ import annotations

from typing import Any

from labeltool.report.compare import handed_over
from labeltool.rules.compared import Compared, Entry

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
            row.key: {
                "weight": row.weight,
                "target": row.target,
                "limit": row.limit,
                "counts": row in found.measures,
            }
            for row in found.rows
            if row.weight
        },
        "constraints": list(found.constraints),
        "not_counted": {
            one.measure.key: {
                "why": dict(one.missing),
                "could_turn": one.turns,
                "to": one.to,
                "breaks_at": _number(one.breaks_at),
            }
            for one in found.aside
        },
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
        "by_tag": [
            {
                "tag": one.tag,
                "cases": one.cases,
                "only": {str(found.winner): one.first, str(found.rival): one.second},
            }
            for one in found.splits
        ],
        "pairwise": handed_over(found),
        "notices": list(found.notices),
    }


def _system(found: Compared, entry: Entry) -> dict[str, Any]:
    standing, candidate = entry.standing, entry.candidate
    whys = {
        row.key: why
        for row in found.rows
        if entry.values.get(row.key) is None
        and (why := found.paired.why(row, candidate)) is not None
    }
    return {
        "run_id": candidate.head.run_id,
        "fingerprint": candidate.head.system.fingerprint,
        "commit": candidate.head.git.commit,
        "values": {row.key: _number(entry.values.get(row.key)) for row in found.rows},
        "values_why": whys,
        "score": _number(entry.total),
        "interval": None if standing is None else _pair(standing.interval),
        "p_best": None if standing is None else round(standing.p_best, PLACES),
        "excluded": entry.excluded,
        "quality": _number(entry.quality),
        "live_calls": candidate.timed,
        "concurrency": candidate.concurrency,
        "judge_cost_per_1k": _number(candidate.judge_per_1k),
    }


def _pair(interval: tuple[float, float]) -> list[float]:
    return [round(edge, PLACES) for edge in interval]


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
