"""A comparison of two systems as JSON and in words. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labeltool.rules.pair_trust import PairTrust
from labeltool.rules.pairwise import Duel, People, Side, Tally, by_tag, tally

SCHEMA = "labeltool/pairwise@1"
PLACES = 6
NO_VERDICT = "no pair has a verdict"


def document(
    a: str,
    b: str,
    duels: Sequence[Duel],
    *,
    judge: PairTrust,
    people: People | None,
    **more: Any,
) -> dict[str, Any]:
    """`more`: what else is to be told of the comparison, as plain values."""
    found = tally(duels)
    return {
        "schema": SCHEMA,
        "a": a,
        "b": b,
        **counted(found),
        "position": {
            "first_share": _rounded(found.first_share),
            "interval": _pair(found.first_interval),
            **({} if found.decided else {"why": "the judge never took a side"}),
        },
        "judge": {
            "name": judge.name,
            "kind": judge.kind,
            "fingerprint": judge.fingerprint,
            "trust": judge.trust,
            "why": judge.why,
            "measured_on": judge.pair,
            "agreement": judge.agreement,
        },
        "people": None if people is None else _people(people),
        "tags": {tag: counted(one) for tag, one in by_tag(duels).items()},
        "cases": [_duel(duel, a, b) for duel in duels],
        **more,
    }


def counted(found: Tally) -> dict[str, Any]:
    return {
        "n": found.n,
        "wins_a": found.wins_a,
        "wins_b": found.wins_b,
        "ties": found.ties,
        "flips": found.flips,
        "same_text": found.same,
        "flip_rate": _rounded(found.flip_rate),
        "win_rate_a": _rounded(found.win_rate),
        "interval": _pair(found.interval),
        "errors": found.errors,
        **({} if found.n else {"why": NO_VERDICT}),
    }


def _duel(duel: Duel, a: str, b: str) -> dict[str, Any]:
    side = duel.side
    return {
        "case": duel.case,
        "tags": list(duel.tags),
        "side": side,
        "winner": None if side is None else named(side, a, b),
        "flipped": duel.flipped,
        "same_text": duel.same,
        "orders": {
            name: {"winner": named(one.side, a, b), "rationale": one.rationale}
            for name, one in (("a_first", duel.forward), ("b_first", duel.backward))
            if one is not None
        },
        "error": duel.error,
    }


def named(side: Side, a: str, b: str) -> str:
    names: Mapping[Side, str] = {"a": a, "b": b, "tie": "tie"}
    return names[side]


def _people(people: People) -> dict[str, Any]:
    same, of = people.pairs
    return {
        "choices": people.counts,
        "settled": len(people.settled),
        "unsettled": len(people.unsettled),
        "agreement": round(same / of, PLACES) if of else None,
        "pairs": of,
        **({} if of else {"why": "no pair has the choices of two annotators"}),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(edge, PLACES) for edge in interval]
